/* The search box in the header. */

/* By the query of its own address, as daybook.js explains. */
const QUERY = new URL(import.meta.url).search;
const { text } = await import(`../texts.js${QUERY}`);
const { ask, count, facts, failure, forget, make, marked, onTyping, paperUrl, searchable, searchUrl, warmUp } = await import(`./client.js${QUERY}`);

export { warmUp };

const QUICK = 6;

export const attachBox = (input, list, live) => {
  let options = [];
  let active = -1;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  };
  const open = () => {
    if (!options.length || document.activeElement !== input) return;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  const activate = (index) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = (index + options.length + 1) % (options.length + 1);
    if (active === options.length) active = -1;
    const option = options[active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return input.setAttribute("aria-activedescendant", option.id);
  };
  const option = (href, ...children) => {
    const id = `search-option-${options.length}`;
    const node = make("a", { role: "option", id, href, tabindex: "-1", "aria-selected": "false" }, ...children);
    options.push(node);
    return node;
  };
  const show = (answer, query) => {
    const before = active;
    const kept = options[before]?.href;
    options = [];
    active = -1;
    list.replaceChildren();
    if (answer.failed) {
      list.append(make("p", { class: "find__note" }, failure(answer.failed)));
      list.hidden = false;
      live.textContent = failure(answer.failed);
      return;
    }
    const { jump, items, done, older, corrected, authors = [] } = answer;
    const total = answer.total || answer.rows; /* where none has all of it, what comes near */
    const terms = answer.terms.map(([, to]) => to);
    const meant = corrected || query;
    if (corrected) {
      list.append(make("p", { class: "find__note" }, text("Showing results for {corrected}.", { corrected })));
    }
    if (jump) {
      list.append(jump.url
        ? option(jump.url, make("span", { class: "find__title" }, jump.title), make("span", { class: "find__facts" }, `arXiv ${jump.id}`))
        : option(`https://arxiv.org/abs/${jump.id}`, make("span", { class: "find__title" }, text("{id} is not in this archive", jump)),
          make("span", { class: "find__facts" }, text("Open it on arXiv"))));
    }
    for (const item of items) {
      list.append(option(
        paperUrl(item, meant, terms),
        make("span", { class: "find__title", lang: "en" }, ...marked(item.marks)),
        make("span", { class: "find__facts" }, facts(item), item.via && terms.length ? ` · ${text("found as {terms}", { terms: terms.join(", ") })}` : "",
          item.tier === "meaning" ? ` · ${text("similar in meaning")}` : ""),
      ));
    }
    for (const { name, url, papers } of authors.filter((author) => author.url).slice(0, 1)) {
      list.append(option(url, make("span", { class: "find__title" }, name), make("span", { class: "find__facts" }, text("Author"), papers ? ` · ${count(papers)}` : "")));
    }
    const all = searchUrl({ q: query }).href;
    const said = total ? text("{papers} found", { papers: count(total) }) : done ? text("No paper found") : text("Searching");
    const label = older ? text("All papers with this") : total > items.length
      ? text("All {papers}", { papers: count(total) }) : text("{found}: search page", { found: said });
    list.append(option(all, make("span", { class: "find__all" }, label)));
    open();
    if (kept) activate(options.findIndex((node) => node.href === kept));
    const heard = older ? text("The first {papers}. The search page has all of them.", { papers: count(items.length) }) : text("{found}.", { found: said });
    live.textContent = [corrected && text("Showing results for {corrected}.", { corrected }), heard].filter(Boolean).join(" ");
  };
  const search = () => {
    const query = input.value;
    if (!searchable(query)) {
      options = [];
      live.textContent = "";
      return close();
    }
    return ask({ text: query, quick: true, shown: QUICK }, (answer) => show(answer, query));
  };

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  const later = onTyping(input, search);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const moves = { ArrowDown: active + 1, ArrowUp: active === -1 ? options.length - 1 : active - 1 };
    if (Object.hasOwn(moves, event.key) && options.length) {
      event.preventDefault();
      open();
      activate(moves[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      /* The search page goes on to the paper if this is an arXiv id. */
      if (options[active]) location.href = options[active].href;
      else if (input.value.trim()) location.href = searchUrl({ q: input.value }).href;
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (list.hidden) {
        input.value = "";
        options = [];
      }
      forget();
      close();
    }
  });
  input.addEventListener("focus", open);
  input.addEventListener("blur", (event) => { if (!list.contains(event.relatedTarget)) close(); });
  /* A click on an option must not take the focus, or the list closes before it arrives. */
  list.addEventListener("mousedown", (event) => event.preventDefault());
  if (input.value) later();
};
