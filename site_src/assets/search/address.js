/* What the search page shows, in its address and in the browser's history. Typing leaves no entry of its own;
   what was asked for does: by Enter, by a filter, or by following a result. */

/* By the query of its own address, as daybook.js explains. */
const { searchUrl } = await import(`./client.js${new URL(import.meta.url).search}`);

export const FILTERS = ["category", "tag", "month", "type", "summary", "author", "since", "before"];
const NAMES = ["q", "sort", "words", "exact", ...FILTERS];

export const openAddress = () => {
  const read = () => {
    const parameters = new URL(location.href).searchParams;
    return Object.fromEntries(NAMES.map((name) => [name, parameters.get(name) ?? ""]));
  };
  const same = (one, other) => NAMES.every((name) => one[name] === other[name]);
  const empty = (one) => NAMES.every((name) => !one[name]);
  const drafting = () => !same(read(), kept);
  const write = (how, state, place) => history[how](place, "", searchUrl(state));
  let kept = read(); /* what the entry is of */
  history.scrollRestoration = "manual"; /* rows come later than the page */

  return {
    read,
    /* How many rows were shown at this entry, and how far down the reader was. */
    place: () => ({ shown: history.state?.shown ?? 0, scroll: history.state?.scroll ?? 0 }),
    note: (shown) => { if (!drafting()) history.replaceState({ shown, scroll: scrollY }, ""); },
    draft: (state) => write("replaceState", state, history.state),
    commit: (state) => {
      if (same(state, kept)) return write("replaceState", state, history.state);
      if (empty(kept)) write("replaceState", state, null);
      else {
        write("replaceState", kept, history.state);
        write("pushState", state, null);
      }
      kept = state;
    },
    moved: () => { kept = read(); },
  };
};
