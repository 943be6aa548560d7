/* What a reader gains on the page of a paper. */

import { text } from "../texts.js";
import { copyButton } from "./copy.js";
import { isSaved, markRead } from "./marks.js";
import { saveButton, showing, toggle } from "./marking.js";
import { say } from "./notice.js";
import { idOf } from "./papers.js";

const row = document.querySelector(".paper > ul");
const added = (button) => {
  const item = document.createElement("li");
  item.append(button);
  row?.append(item);
  return button;
};
const plain = (words, press) => {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  button.addEventListener("click", press);
  return button;
};

/* Returns what the key `s` does. */
export const attachPaper = () => {
  const id = idOf(location.href);
  if (!id) return undefined;
  const title = document.querySelector("h1")?.textContent || id;
  const press = () => { toggle(id, title).catch(() => {}); };
  const button = added(saveButton(press));
  showing(() => {
    button.setAttribute("aria-pressed", isSaved(id));
    button.textContent = isSaved(id) ? text("Saved") : text("Save");
    /* Who says what is to be seen must be understood by speech input. */
    button.setAttribute("aria-label", isSaved(id) ? text("Saved: {title}", { title }) : text("Save: {title}", { title }));
  });
  added(plain(text("Share"), () => share(title)));
  const entry = document.querySelector(".paper > details:has(> pre)");
  if (entry) {
    added(plain(text("Cite"), () => {
      entry.open = true;
      entry.scrollIntoView({ block: "nearest" });
      entry.querySelector("button, summary").focus();
    }));
  }
  markRead(id);
  return press;
};

/* By what the system offers, or as an address to paste. */
const share = async (title) => {
  const url = document.querySelector('link[rel="canonical"]')?.href ?? location.href.split("#")[0];
  if (navigator.share) {
    await navigator.share({ title, url }).catch(() => {}); /* the reader thought better of it */
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
    say(text("Address copied"));
  } catch {
    say(text("Not copied: the browser does not allow it here."), true);
  }
};

/* What is folded is printed too, but for what is there to be copied. */
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll(".paper details:not([open], :has(> pre))")) {
    folded.open = true;
    addEventListener("afterprint", () => { folded.open = false; }, { once: true });
  }
});

/* What is to be cited. */
for (const entry of document.querySelectorAll(".paper > details > pre")) entry.after(copyButton(entry));
