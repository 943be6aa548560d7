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

  /* The link to a paper's AI summary opens it in place. */
  for (const link of document.querySelectorAll(':is(.day, .latest) > ol > li > p > a[href$="#ai-summary"]')) {
    link.classList.add("opens");
    link.setAttribute("role", "button");
    link.setAttribute("aria-label", `${text("AI summary")}: ${link.closest("li").querySelector("h2")?.textContent ?? ""}`);
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      load("reading/opened.js")
        .then((module) => module.toggle(link))
        .catch(() => { location.href = link.href; });
    });
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); link.click(); }
    });
  }

  /* A day's list can be narrowed to one category; the choice stands in the address. */
  const list = document.querySelector(":is(.day, .latest) > ol");
  if (list) {
    const cards = [...list.children];
    const categories = new Map();
    const categoriesAt = new URL("../categories/", assets).pathname;
    const of = (card) => [...card.querySelectorAll(":scope > ul a")]
      .filter((a) => a.pathname.startsWith(categoriesAt)).map((a) => a.textContent);
    for (const card of cards) for (const name of of(card)) categories.set(name, (categories.get(name) ?? 0) + 1);
    if (cards.length > 1 && categories.size > 1) {
      const group = document.createElement("div");
      group.className = "filter";
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", text("Show one category"));
      const show = (chosen) => {
        for (const card of cards) card.hidden = chosen !== "" && !of(card).includes(chosen);
        for (const button of group.children) button.setAttribute("aria-pressed", String(button.value === chosen));
        const address = new URL(location.href);
        if (chosen) address.searchParams.set("category", chosen); else address.searchParams.delete("category");
        history.replaceState(null, "", address);
      };
      const sorted = [...categories].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
      for (const [name, count] of [["", cards.length], ...sorted.slice(0, 12)]) {
        const button = document.createElement("button");
        button.type = "button";
        button.value = name;
        button.textContent = `${name || text("All")} ${count}`;
        button.addEventListener("click", () => show(name));
        group.append(button);
      }
      list.before(group);
      const wanted = new URL(location.href).searchParams.get("category") ?? "";
      show(categories.has(wanted) ? wanted : "");
    }
  }

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
  const [options, live] = [place("search-list"), place("search-live")];
  if (box && options && live) {
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
