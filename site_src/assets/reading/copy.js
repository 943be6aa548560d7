/* A button that copies an element's text, or marks it where a browser keeps the clipboard from pages. */

import { text } from "../texts.js";

export const copyButton = (element, label) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text("Copy");
  if (label) button.setAttribute("aria-label", label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(element.textContent.trim());
      button.textContent = text("Copied");
    } catch {
      getSelection().selectAllChildren(element);
      button.textContent = text("Marked: copy it from the menu");
    }
    button.addEventListener("blur", () => { button.textContent = text("Copy"); }, { once: true });
  });
  return button;
};
