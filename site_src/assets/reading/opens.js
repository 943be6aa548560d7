/* The link to a paper's AI summary opens it in place. */

import { text } from "../texts.js";
import { titleOf } from "./papers.js";

export const attachOpens = (cards) => {
  for (const card of cards) {
    const link = card.querySelector(':scope > p > a[href$="#ai-summary"]');
    if (!link) continue;
    link.classList.add("opens");
    link.setAttribute("role", "button");
    link.setAttribute("aria-label", `${text("AI summary")}: ${titleOf(card).textContent}`);
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      globalThis.daybookLoad("reading/opened.js")
        .then((module) => module.toggle(link))
        .catch(() => { location.href = link.href; });
    });
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); link.click(); }
    });
  }
};
