/* What a reader gains with JavaScript; every page works without it. */
(() => {
  "use strict";
  const assets = new URL(".", document.currentScript.src);
  globalThis.daybookSite = new URL("..", assets);

  /* The language's table is there before this script; see texts.js. */
  const text = (sentence) => globalThis.daybookTexts?.messages[sentence] ?? sentence;

  /* A browser may remember, as long as the page lasts, of an address that its module could not be loaded.
     So after a failure modules have addresses of their own; what they import has the same query. */
  let failures = 0;
  const load = (path) => import(new URL(failures ? `${path}?${failures}` : path, assets).href)
    .catch((error) => { failures += 1; throw error; });
  globalThis.daybookLoad = load;

  /* The places of scripts: an attribute of the templates, which no text from outside can have. An operator's
     own template may be without one. */
  const place = (name) => document.querySelector(`[data-place="${name}"]`);

  /* On a narrow screen the year's strip scrolls: begin at its latest day. */
  const weeks = place("weeks");
  const days = weeks?.querySelectorAll("a.d");
  if (days?.length) {
    const week = days[days.length - 1].parentElement;
    weeks.scrollLeft = week.offsetLeft - weeks.offsetLeft - weeks.clientWidth + 60;
  }

  /* Search: nothing is loaded before the reader goes to a search box. */
  const box = place("search");
  const page = place("search-app");
  const query = place("query");
  const onFirstFocus = (input, name, attach, asked) => {
    let begun = false;
    let wait = 0;
    const begin = async () => {
      if (begun) return;
      begun = true;
      const module = await load(`search/${name}.js`).catch((error) => {
        begun = false;
        wait = 2 * wait || 250;
        if (navigator.onLine) setTimeout(begin, wait);
        throw error;
      });
      module.warmUp();
      attach(module);
    };
    input.addEventListener("focus", begin);
    /* What could not be loaded is tried again: after a while, or when the reader goes on, or the network is back. */
    input.addEventListener("input", begin);
    addEventListener("online", () => { if (wait) begin(); });
    if (asked || document.activeElement === input) begin();
  };
  if (box) {
    Object.assign(box, { autocomplete: "off", autocapitalize: "off", spellcheck: false });
    box.setAttribute("aria-keyshortcuts", "/ s Control+K");
    const options = Object.assign(document.createElement("div"), { id: "search-list", hidden: true });
    options.setAttribute("role", "listbox");
    options.setAttribute("aria-label", text("Papers found"));
    const live = Object.assign(document.createElement("p"), { id: "search-live" });
    live.setAttribute("role", "status");
    box.after(options, live);
    onFirstFocus(box, "box", (module) => {
      module.attachBox(box, options, live);
    });
  }
  if (page) {
    page.hidden = false;
    const asked = [...new URL(location.href).searchParams.values()].some(Boolean);
    if (query) onFirstFocus(query, "page", (module) => module.attachPage(page), asked);
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return; /* a key of reading/keys.js */
    const writing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
    const plain = !writing && !event.ctrlKey && !event.metaKey && !event.altKey && (event.key === "/" || event.key === "s");
    const control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!plain && !control) return;
    const input = query ?? box;
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  const visit = place("visit");
  if (visit) load("reading/visit.js").then((module) => module.attachVisit(visit));
  const follow = document.querySelector("details.follow");
  follow?.addEventListener("toggle", () => load("reading/follow.js").then((module) => module.attachFollow(follow)), { once: true });
  const saved = place("saved-app");
  if (saved) load("reading/saved.js").then((module) => module.attachSaved(saved));
  if (new URL(location.href).searchParams.get("highlight")) {
    load("highlight.js").then((module) => module.highlight());
  }

  /* Reading by keyboard, and what the reader keeps. */
  load("reading/start.js");

  const lamp = document.querySelector(".masthead .lamp");
  if (lamp) load("colours.js").then((module) => module.attachColours(lamp));

  /* A link from before the ids of headings began so. */
  const section = location.hash.slice(1);
  if (section && !document.getElementById(section)) {
    const headings = [...document.querySelectorAll('[id^="h-"]')];
    headings.find((heading) => encodeURIComponent(heading.id) === `h-${section}`)?.scrollIntoView();
  }

  /* Where the reader is. */
  for (const link of document.querySelectorAll(".masthead ul a, .masthead__saved")) {
    if (location.pathname.startsWith(link.pathname)) link.setAttribute("aria-current", "true");
  }
})();
