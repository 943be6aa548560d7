/* What a reader gains beyond the pages themselves: reading by keyboard, and marks on papers. */

import { attachKeys } from "./keys.js";
import { attachMarks } from "./marking.js";
import { cardsOf } from "./papers.js";

const cards = cardsOf(document);
const keysHelp = () => import("./help.js").then((module) => module.openHelp());

attachKeys(cards, { save: attachMarks(cards), help: keysHelp });

/* What is folded is printed too, but for what is there to be copied. */
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll(".paper details:not([open], :has(> pre))")) {
    folded.open = true;
    addEventListener("afterprint", () => { folded.open = false; }, { once: true });
  }
});

/* For those who do not know of the key "?". */
const links = document.querySelector(".colophon p:last-of-type");
if (links) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "colophon__keys";
  button.textContent = "Keys";
  button.addEventListener("click", keysHelp);
  links.append(" · ", button);
}
