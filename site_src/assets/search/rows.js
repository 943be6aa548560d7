/* What is found, and what is said of it. */

/* By the query of its own address, as daybook.js explains. */
const QUERY = new URL(import.meta.url).search;
const { pieces, text } = await import(`../texts.js${QUERY}`);
const { count, facts, make, marked, paperUrl, searchUrl } = await import(`./client.js${QUERY}`);

const MOST_AUTHORS = 5; /* in the line of those that are meant */

const listed = (nodes, comma = ", ") => nodes.flatMap((node, at) => (at ? [comma, node] : [node]));
const authorsOf = ({ names, more }) => {
  const first = listed(names.map((name) => make("span", {}, ...marked(name))));
  return more ? pieces("{first} and {count} more", { first: make("span", {}, ...first), count: more }) : first;
};

const row = (item, heading, query, terms) => make("li", { "data-tier": item.tier },
  heading ? make("p", { class: "tier" }, heading) : "",
  make("h2", {}, make("a", { href: paperUrl(item, query, terms), lang: "en" }, ...marked(item.marks))),
  make("p", { class: "facts" }, facts(item), item.via && terms.length ? make("span", { class: "via" }, ` · ${text("found as {terms}", { terms: terms.join(", ") })}`) : "",
    item.tier === "meaning" ? ` · ${text("similar in meaning")}` : "",
    item.byPhrases ? ` · ${text("has the words in its search phrases")}` : ""),
  make("p", { class: "names" }, ...authorsOf(item)),
  item.sentence ? make("p", { class: "sentence", ...(item.lang && { lang: item.lang }) }, ...marked(item.sentence)) : "",
  item.sentence && !item.excerpt ? "" : make("p", { class: "excerpt" }, item.cutBefore ? "… " : "", ...marked(item.excerpt ?? []), item.cutAfter ? " …" : ""));

/* The rows; above the first that has not all words stands what it has. */
export const rows = ({ items, terms, corrected }, query) => {
  const first = items.findIndex((item) => item.tier !== "all");
  return items.map((item, at) => {
    const heading = at === first ? text("With some of the words, or similar in meaning") : "";
    return row(item, heading, corrected || query, terms.map(([, to]) => to));
  });
};

/* How many papers have all that was asked for; where none has, how many come near. */
export const numberOf = ({ total, rows: all }) => total || all;
export const said = (answer, filtered) => {
  const { total, own, done } = answer;
  const number = numberOf(answer);
  if (!number) return !done ? text("Searching …") : filtered ? text("No paper found with these filters.") : text("No paper found.");
  const found = !total ? text("No paper has all of this; {papers} come near", { papers: count(number) })
    : own < total ? text("{papers}, {count} of them by the glossary", { papers: count(total), count: total - own }) : count(total);
  return done ? found : text("{found} so far …", { found });
};

/* What is to be said besides: [id, ...pieces] each. */
export const notes = ({ jump, corrected, authors = [], terms, cut }, state, follow) => {
  const link = (changes, label) => {
    const node = make("a", { href: searchUrl({ ...state, ...changes }).href }, label);
    return follow(node, changes);
  };
  const found = [];
  if (jump) {
    found.push(["jump", jump.url ? "" : `${text("{id} is not in this archive.", jump)} `,
      make("a", { href: jump.url || `https://arxiv.org/abs/${jump.id}` }, jump.url ? jump.title : text("Open it on arXiv"))]);
  }
  if (corrected) {
    found.push(["corrected", ...pieces("Showing results for {corrected}. Search instead for {query}.", {
      corrected: link({ q: corrected }, corrected), query: link({ exact: "1" }, state.q),
    })]);
  }
  if (authors.length) {
    const people = authors.slice(0, MOST_AUTHORS).map(({ name, url, papers }) => make("span", {},
      url ? make("a", { href: url }, name) : link({ q: `author:"${name}"` }, name), papers ? ` (${count(papers)})` : ""));
    found.push(["authors", ...pieces("Author: {people}", { people: make("span", {}, ...listed(people)) })]);
  }
  if (terms.length) {
    const also = terms.map(([from, to]) => make("span", {}, ...pieces("{term} for {word}", { term: make("q", {}, to), word: from })));
    found.push(["also", ...pieces("Also searched, from the glossary: {terms}.", { terms: make("span", {}, ...listed(also, "; ")) })]);
  }
  if (cut) found.push(["cut", text("The query was too long: only its beginning was searched.")]);
  return found.map(([id, ...children]) => make("p", { id }, ...children));
};
