/* What a reader gains on the page of a paper. */

import { text } from "../texts.js";
import { isSaved, markRead } from "./marks.js";
import { saveButton, showing, toggle } from "./marking.js";
import { idOf } from "./papers.js";

/* Returns what the key `s` does. */
export const attachPaper = () => {
  const id = idOf(location.href);
  if (!id) return undefined;
  const title = document.querySelector("h1")?.textContent || id;
  const press = () => { toggle(id, title).catch(() => {}); };
  const button = saveButton(press);
  const item = document.createElement("li");
  item.className = "keep";
  item.append(button);
  document.querySelector(".paper > ul")?.append(item);
  showing(() => {
    button.setAttribute("aria-pressed", isSaved(id));
    button.textContent = isSaved(id) ? text("Saved") : text("Save");
    /* Who says what is to be seen must be understood by speech input. */
    button.setAttribute("aria-label", isSaved(id) ? text("Saved: {title}", { title }) : text("Save: {title}", { title }));
  });
  markRead(id);
  return press;
};

/* What is folded is printed too, but for what is there to be copied. */
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll(".paper details:not([open], :has(> pre))")) {
    folded.open = true;
    addEventListener("afterprint", () => { folded.open = false; }, { once: true });
  }
});

/* What is to be cited goes to the clipboard, or is marked where a browser keeps that from pages. */
for (const entry of document.querySelectorAll(".paper > details > pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text("Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(entry.textContent.trim());
      button.textContent = text("Copied");
    } catch {
      getSelection().selectAllChildren(entry);
      button.textContent = text("Marked: copy it from the menu");
    }
    button.addEventListener("blur", () => { button.textContent = text("Copy"); }, { once: true });
  });
  entry.after(button);
}
