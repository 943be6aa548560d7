/* Following a page: the whole address of each of its feeds, and a button that copies it. */

import { text } from "../texts.js";
import { copyButton } from "./copy.js";

export const attachFollow = (details) => {
  for (const link of details.querySelectorAll("li > a")) {
    const address = document.createElement("code");
    address.textContent = link.href;
    link.after(address, copyButton(address, text("Copy: {name}", { name: link.textContent })));
  }
};
