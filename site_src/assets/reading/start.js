/* What a reader gains beyond the pages themselves: reading by keyboard, and marks on papers. */

import { text } from "../texts.js";
import { attachKeys } from "./keys.js";
import { attachMarks } from "./marking.js";
import { attachOpens } from "./opens.js";
import { cardsOf } from "./papers.js";
import { attachTools } from "./tools.js";

/* A list that a script makes: its papers are under the keys as well. */
const place = document.querySelector('[data-place="unread"]');
if (place) await globalThis.daybookLoad("reading/unread.js").then((module) => module.fill(place)).catch(() => {});
const cards = () => cardsOf(document);
attachOpens(cards());
attachTools(cards());
const keysHelp = () => globalThis.daybookLoad("reading/help.js").then((module) => module.openHelp());

const paper = document.querySelector("main > article.paper") ? await import("./paper.js") : undefined;
const { save, show } = attachMarks(cards, paper?.attachPaper());
attachKeys(cards, { save, help: keysHelp });
/* A search makes its rows anew with each answer. */
const results = document.querySelector('[data-place="results"]');
if (results) new MutationObserver(show).observe(results, { childList: true });

/* For those who do not know of the key "?". */
const links = document.querySelector(".colophon p:last-of-type");
if (links) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "colophon__keys";
  button.textContent = text("Keys");
  button.addEventListener("click", keysHelp);
  links.append(" · ", button);
}
