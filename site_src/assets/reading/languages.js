/* Of a paper's summaries in several languages one is shown, and buttons choose which. A paper's page has this
   as a plain script at the head of its summaries, so that none is painted that is not meant; opened.js
   imports it for those that open in a list. */

(() => {
  /* Sites of one owner may share what a browser stores: each has keys of its own. */
  const site = document.currentScript ? new URL("../../", document.currentScript.src) : globalThis.daybookSite;
  const KEY = `${site.pathname}.language`;
  const BEFORE = "daybook.language"; /* the key of all sites, until they had their own */
  const boxes = new Set();

  const stored = () => {
    try {
      return localStorage.getItem(KEY) ?? localStorage.getItem(BEFORE);
    } catch {
      return null;
    }
  };
  let choice = stored();
  const base = (tag) => tag.toLowerCase().split("-")[0];
  const preferred = (languages) => {
    const wanted = [choice, document.documentElement.lang, ...navigator.languages].filter(Boolean);
    const found = wanted.map((tag) => languages.find((one) => one === tag) ?? languages.find((one) => base(one) === base(tag)));
    return found.find(Boolean) ?? languages[0];
  };

  const update = (box) => {
    const shown = preferred(Object.keys(JSON.parse(box.dataset.languages)));
    for (const version of box.querySelectorAll(":scope > .version")) version.hidden = version.dataset.language !== shown;
    for (const button of box.querySelectorAll(":scope > .filter > button")) {
      button.setAttribute("aria-pressed", String(button.value === shown));
    }
  };
  const choose = (language) => {
    choice = language;
    boxes.forEach(update);
  };

  const attach = (box) => {
    const group = document.createElement("p");
    group.className = "filter";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", box.dataset.label);
    for (const [language, name] of Object.entries(JSON.parse(box.dataset.languages))) {
      const button = document.createElement("button");
      button.type = "button";
      button.value = button.lang = language;
      button.textContent = name;
      button.addEventListener("click", () => {
        choose(language);
        try {
          localStorage.setItem(KEY, language);
        } catch { /* then it holds for this page */ }
      });
      group.append(button);
    }
    box.prepend(group);
    boxes.add(box);
    update(box);
    /* What the parser has still to read. */
    new MutationObserver(() => update(box)).observe(box, { childList: true });
  };

  /* A link to what is hidden shows it; one to the summary as such, whichever is chosen. */
  const reveal = () => {
    const hidden = [...document.querySelectorAll(".version[hidden] [id]")];
    const target = hidden.find(({ id }) => `#${encodeURIComponent(id)}` === location.hash);
    if (!target) return;
    const version = target.closest(".version");
    if (target.id !== "ai-summary") choose(version.dataset.language);
    (target.id === "ai-summary" ? version.parentElement : target).scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", reveal);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.('a[href^="#"]')) setTimeout(reveal); /* also for the address that is there */
  });

  globalThis.attachLanguages = attach;
  if (document.currentScript) attach(document.currentScript.parentElement);
})();
