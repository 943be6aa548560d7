/* What a reader gains beyond the pages themselves: reading by keyboard. */

import { attachKeys } from "./keys.js";
import { cardsOf } from "./papers.js";

const keysHelp = () => import("./help.js").then((module) => module.openHelp());

attachKeys(cardsOf(document), keysHelp);

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
