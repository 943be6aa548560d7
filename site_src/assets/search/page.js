/* The search page. */

/* By the query of its own address, as daybook.js explains. */
const QUERY = new URL(import.meta.url).search;
const { LOCALE, pieces, text } = await import(`../texts.js${QUERY}`);
const { ask, count, facts, failure, forget, make, marked, MONTH, onTyping, paperUrl, searchable, searchUrl, warmUp } = await import(`./client.js${QUERY}`);

export { warmUp };

const PAGE = 10;
const FACETS = {
  category: text("Category"), tag: text("Tag"), month: text("Date"), type: text("Announced as"), summary: text("AI summary"),
};
/* The values that are words of ours. */
const NAMES = {
  type: new Map([["new", text("new")], ["cross", text("cross")], ["replace", text("replace")], ["replace-cross", text("replace-cross")]]),
  summary: new Map([["yes", text("yes")], ["no", text("no")]]),
};

/* The index has English words only. */
const names = (authors) => authors.replace(/^(.*) and (\d+) more$/, (_, first, count) => text("{first} and {count} more", { first, count }));

export const attachPage = (root) => {
  const place = (name) => root.querySelector(`[data-place="${name}"]`);
  const input = place("query");
  const status = place("search-status");
  const notes = place("search-notes");
  const facets = place("facets");
  const list = place("results");
  const more = place("more");
  const narrow = place("filters");
  const { title } = document;
  let state = {}; /* what the address holds */
  let jumps = true; /* whether an arXiv id leads on to its page: it was asked for, not just typed */
  let shown = PAGE;

  const read = () => {
    const parameters = new URL(location.href).searchParams;
    state = Object.fromEntries(["q", "sort", "also", ...Object.keys(FACETS)].map((name) => [name, parameters.get(name) ?? ""]));
    input.value = state.q;
    if (filtered()) narrow.open = true;
  };
  const filters = () => Object.fromEntries(Object.keys(FACETS).map((facet) => [facet, state[facet]]));
  const filtered = () => Object.values(filters()).some(Boolean);
  const write = (how) => history[how](null, "", searchUrl(state));

  const onPlainClick = (link, act) => link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    act();
  });
  const note = (id, ...children) => notes.append(make("p", { id }, ...children));
  const showNotes = ({ also, offered, done, dropped, most, suggestion, cut, jump }) => {
    notes.replaceChildren();
    if (jump) {
      note("jump", jump.url ? "" : `${text("{id} is not in this archive.", jump)} `,
        make("a", { href: jump.url || `https://arxiv.org/abs/${jump.id}` }, jump.url ? jump.title : text("Open it on arXiv")));
    }
    if (suggestion) {
      const link = make("a", { href: searchUrl({ ...state, q: suggestion }).href }, suggestion);
      onPlainClick(link, () => {
        change({ q: suggestion, also: "" });
        input.value = suggestion;
      });
      note("did-you-mean", ...pieces("Did you mean {query}?", { query: link }));
    }
    if (dropped.length && most) {
      const words = make("span", {}, ...dropped.flatMap((word, at) => [at ? ", " : "", make("q", {}, word)]));
      note("dropped", ...pieces("No paper has {words}. These have the other words.", { words }));
    } else if (most) note("dropped", text("No paper has all of these words. These have most of them."));
    if (also.length) {
      const terms = make("span", {}, ...also.flatMap(([from, to], at) => [at ? "; " : "", ...pieces("{term} for {word}", { term: make("q", {}, to), word: from })]));
      note("also", ...pieces("Also searched, from the glossary: {terms}.", { terms }));
    }
    if (offered.length && done) {
      const link = make("a", { href: searchUrl({ ...state, also: "1" }).href }, offered.map(([, to]) => to).join(", "));
      onPlainClick(link, () => change({ also: "1" }));
      note("offered", ...pieces("In the other language, from the glossary: search {terms} too.", { terms: link }));
    }
    if (cut) note("cut", text("The query was too long: only its beginning was searched."));
  };
  const showFacets = (counts) => {
    for (const [facet, label] of Object.entries(FACETS)) {
      let select = facets.querySelector(`[name=${facet}]`);
      if (!select) {
        select = make("select", { name: facet });
        select.addEventListener("change", () => change({ [facet]: select.value }));
        facets.append(make("label", {}, make("span", {}, label), select));
      }
      const values = [...(counts?.get(facet) ?? [])];
      if (state[facet] && !values.some(([value]) => value === state[facet])) values.push([state[facet], 0]);
      if (facet === "month") values.sort(([a], [b]) => b.slice(0, 4).localeCompare(a.slice(0, 4)) || a.length - b.length || b.localeCompare(a));
      else values.sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
      const named = (value) => (facet === "month" && /^\d{4}-(?:0[1-9]|1[0-2])$/.test(value)
        ? `\u2003${MONTH.format(new Date(`${value}-01`))}` : NAMES[facet]?.get(value) ?? value);
      select.replaceChildren(
        make("option", { value: "" }, text("any")),
        ...values.map(([value, n]) => make("option", { value }, `${named(value)} (${n.toLocaleString(LOCALE)})`)),
      );
      select.value = state[facet];
      select.parentElement.classList.toggle("chosen", Boolean(state[facet]));
    }
  };
  const result = (item) => make("li", {},
    make("h2", {}, make("a", { href: paperUrl(item, state.q), lang: "en" }, ...marked(item.marks))),
    make("p", { class: "facts" }, facts(item), item.via ? make("span", { class: "via" }, ` · ${text("found as {terms}", { terms: item.via.join(", ") })}`) : ""),
    make("p", { class: "names" }, names(item.authors)),
    make("p", { class: "excerpt" }, item.cutBefore ? "… " : "", ...marked(item.excerpt), item.cutAfter ? " …" : ""));

  const show = (answer) => {
    root.removeAttribute("aria-busy");
    if (answer.failed) {
      status.textContent = failure(answer.failed);
      status.dataset.done = "true";
      return;
    }
    const { items, total, own, done, jump } = answer;
    if (jump?.url && jumps) return location.replace(jump.url);
    showNotes(answer);
    if (answer.facets) showFacets(answer.facets); else facets.replaceChildren();
    place("narrow").hidden = !total && !answer.facets;
    const focused = [...list.children].findIndex((row) => row.contains(document.activeElement));
    list.replaceChildren(...items.map(result));
    if (focused >= 0) list.children[focused]?.querySelector("a").focus();
    more.hidden = items.length >= total;
    more.textContent = text("Show {count} more", { count: Math.min(PAGE, total - items.length) });
    const found = own && own < total
      ? text("{papers}, {count} of them by the glossary", { papers: count(total), count: total - own }) : count(total);
    const nothing = filtered() ? text("No paper found with these filters.") : text("No paper found.");
    status.textContent = total ? (done ? found : text("{found} so far …", { found })) : done ? nothing : text("Searching …");
    status.dataset.done = String(done);
    status.dataset.total = total;
    status.dataset.own = own;
  };
  const search = () => {
    for (const button of place("sort").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === state.sort));
    }
    document.title = (state.q ? `${state.q} · ` : "") + title;
    if (!searchable(state.q)) {
      forget();
      list.replaceChildren();
      notes.replaceChildren();
      more.hidden = true;
      status.textContent = state.q.trim() ? text("Type at least two letters.") : "";
      status.dataset.done = "true";
      place("narrow").hidden = true;
      return;
    }
    status.dataset.done = "false";
    root.setAttribute("aria-busy", "true");
    const narrowing = narrow.open || Boolean(state.sort) || filtered();
    ask({ text: state.q, filters: filters(), sort: state.sort || "relevance", shown, narrowing, widen: Boolean(state.also) }, show);
  };
  const change = (changes) => {
    edit(changes, "pushState");
    search();
  };
  const edit = (changes, how) => {
    state = { ...state, ...changes };
    jumps = false;
    shown = PAGE;
    write(how);
  };

  onTyping(input, () => {
    if (input.value === state.q) return;
    edit({ q: input.value, also: "" }, "replaceState");
    search();
  });
  root.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value !== state.q) edit({ q: input.value, also: "" }, "pushState");
    jumps = true;
    search();
  });
  for (const button of place("sort").querySelectorAll("button")) {
    button.addEventListener("click", () => change({ sort: button.value }));
  }
  narrow.addEventListener("toggle", () => { if (narrow.open && !facets.children.length) search(); });
  place("clear").addEventListener("click", () => change(Object.fromEntries(Object.keys(FACETS).map((f) => [f, ""]))));
  more.addEventListener("click", () => {
    const at = list.children.length;
    shown += PAGE;
    const then = new MutationObserver(() => {
      if (list.children.length > at) {
        then.disconnect();
        list.children[at].querySelector("a").focus();
      }
    });
    then.observe(list, { childList: true });
    search();
  });
  addEventListener("popstate", () => {
    read();
    jumps = false;
    shown = PAGE;
    search();
  });
  const written = input.value; /* while this was loading */
  read();
  if (written && written !== state.q) {
    input.value = state.q = written;
    write("replaceState");
  }
  if (state.q) search();
};
