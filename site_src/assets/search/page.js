/* The search page. */

/* By the query of its own address, as daybook.js explains. */
const QUERY = new URL(import.meta.url).search;
const { LOCALE, text } = await import(`../texts.js${QUERY}`);
const { ask, failure, forget, make, onTyping, searchable, today, warmUp } = await import(`./client.js${QUERY}`);
const { FILTERS, openAddress } = await import(`./address.js${QUERY}`);
const { LABELS, named, showChips } = await import(`./chips.js${QUERY}`);
const { notes, numberOf, rows, said } = await import(`./rows.js${QUERY}`);

export { warmUp };

const PAGE = 10;
const DAY = 86_400_000;
const SETTLED = 150; /* milliseconds without scrolling */

/* The day so many behind a day. */
const behind = (day, days) => new Date(Date.parse(day) + DAY * days).toISOString().slice(0, 10);

export const attachPage = (root) => {
  const place = (name) => root.querySelector(`[data-place="${name}"]`);
  const input = place("query");
  const status = place("search-status");
  const facets = place("facets");
  const list = place("results");
  const more = place("more");
  const narrow = place("filters");
  const days = place("days");
  const { title } = document;
  const address = openAddress();
  let state = {}; /* what the address holds */
  let jumps = true; /* whether an arXiv id leads on to its page: it was asked for, not just typed */
  let shown = PAGE;
  let scroll = null; /* where to go back to, once all rows are there */

  const filters = () => Object.fromEntries(FILTERS.map((name) => [name, state[name]]));
  const filtered = () => FILTERS.some((name) => state[name]);
  const read = () => {
    state = address.read();
    const before = address.place();
    [shown, scroll] = [before.shown || PAGE, before.scroll];
    input.value = state.q;
    if (filtered()) narrow.open = true;
  };

  const follow = (link, changes) => {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      change(changes);
    });
    return link;
  };
  const showFacets = (counts) => {
    for (const [facet, label] of Object.entries(LABELS)) {
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
      const indented = (value) => (facet === "month" && value.length > 4 ? "\u2003" : "");
      select.replaceChildren(
        make("option", { value: "" }, text("any")),
        ...values.map(([value, n]) => make("option", { value }, `${indented(value)}${named(facet, value)} (${n.toLocaleString(LOCALE)})`)),
      );
      select.value = state[facet];
      select.parentElement.classList.toggle("chosen", Boolean(state[facet]));
    }
  };
  const showDays = () => {
    days.querySelector("[name=since]").value = state.since;
    days.querySelector("[name=until]").value = Number.isNaN(Date.parse(state.before)) ? "" : behind(state.before, -1);
    for (const button of days.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(!state.before && state.since === behind(today(), -button.value)));
    }
  };
  const showChosen = (answer) => {
    if (showChips(place("chips"), state, answer, change)) narrow.querySelector("summary").focus();
  };

  const show = (answer) => {
    root.removeAttribute("aria-busy");
    if (answer.failed) {
      status.textContent = failure(answer.failed);
      status.dataset.done = "true";
      return;
    }
    const { items, own, done, jump } = answer;
    if (jump?.url && jumps) return location.replace(jump.url);
    place("search-notes").replaceChildren(...notes(answer, state, follow));
    showChosen(answer);
    place("narrow").hidden = false; /* not before: what is below it would jump */
    if (answer.facets) showFacets(answer.facets); else facets.replaceChildren();
    const focused = [...list.children].findIndex((row) => row.contains(document.activeElement));
    list.replaceChildren(...rows(answer, state.q));
    if (focused >= 0) list.children[focused]?.querySelector("a").focus();
    more.hidden = items.length >= answer.rows;
    more.textContent = text("Show {count} more", { count: Math.min(PAGE, answer.rows - items.length) });
    status.textContent = said(answer, filtered() || answer.dates?.length);
    if (done && scroll !== null) scrollTo(0, scroll);
    if (done) scroll = null;
    status.dataset.total = numberOf(answer);
    status.dataset.own = own;
    status.dataset.done = String(done);
  };
  const showNothing = () => {
    forget();
    list.replaceChildren();
    place("search-notes").replaceChildren();
    more.hidden = true;
    place("narrow").hidden = false;
    status.textContent = state.q.trim() ? text("Type at least two letters.") : "";
    status.dataset.done = "true";
    showChosen({});
  };
  const search = () => {
    for (const button of place("sort").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === state.sort));
    }
    showDays();
    document.title = (state.q ? `${state.q} · ` : "") + title;
    if (state.q.trim() ? !searchable(state.q) : !filtered() && !narrow.open) return showNothing();
    status.dataset.done = "false";
    root.setAttribute("aria-busy", "true");
    return ask({
      text: state.q, filters: filters(), sort: state.sort || "relevance", shown, narrowing: narrow.open || filtered(),
      asWords: state.words.split("|").filter(Boolean), exactly: Boolean(state.exact),
    }, show);
  };
  const changed = (changes) => {
    state = { ...state, ...changes };
    if ("q" in changes) state.exact = "";
    jumps = false;
    shown = PAGE;
    scroll = null;
  };
  const commit = () => {
    address.commit(state);
    address.note(shown);
  };
  /* What was typed until now stays behind it. */
  const change = (changes) => {
    commit();
    changed(changes);
    input.value = state.q;
    address.commit(state);
    search();
  };

  onTyping(input, () => {
    if (input.value === state.q) return;
    changed({ q: input.value });
    address.draft(state);
    search();
  });
  /* From there on with the keys of reading. */
  input.addEventListener("keydown", (event) => {
    const first = list.querySelector("h2 a");
    if (event.key !== "ArrowDown" || event.isComposing || !first) return;
    event.preventDefault();
    first.focus({ focusVisible: true });
  });
  root.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value !== state.q) changed({ q: input.value });
    commit();
    jumps = true;
    search();
  });
  for (const button of place("sort").querySelectorAll("button")) {
    button.addEventListener("click", () => change({ sort: button.value }));
  }
  for (const button of days.querySelectorAll("button")) {
    button.addEventListener("click", () => change({ since: behind(today(), -button.value), before: "" }));
  }
  days.addEventListener("change", () => {
    const [since, until] = [...days.querySelectorAll("input")].map(({ value }) => value);
    change({ since, before: until && behind(until, 1) });
  });
  narrow.addEventListener("toggle", () => { if (narrow.open && !facets.children.length) search(); });
  place("clear").addEventListener("click", () => change(Object.fromEntries(FILTERS.map((name) => [name, ""]))));
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
    commit();
    search();
  });
  list.addEventListener("click", (event) => { if (event.target.closest("a")) commit(); });
  let settling;
  addEventListener("scroll", () => {
    clearTimeout(settling);
    settling = setTimeout(() => { if (scroll === null) address.note(shown); }, SETTLED);
  }, { passive: true });
  addEventListener("popstate", () => {
    clearTimeout(settling);
    address.moved();
    read();
    jumps = false;
    search();
  });
  const written = input.value; /* while this was loading */
  read();
  if (written && written !== state.q) {
    changed({ q: written });
    input.value = written;
    address.draft(state);
  }
  search();
};
