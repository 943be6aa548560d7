/* Shows the marks on the papers of a page, and lets the reader save them. */

import { isRead, isSaved, markRead, onChange, remove, save } from "./marks.js";
import { say } from "./notice.js";
import { idOf, titleOf } from "./papers.js";

/* A title is kept at once, whatever the reader does next; the other facts follow. Where their page cannot
   be had, the page "Saved" asks again. */
const toggle = async (id, title, own) => {
  const saving = !isSaved(id);
  const problem = saving ? save(id, { title }) : remove(id);
  say(problem || `${saving ? "Saved" : "Removed from the saved papers"}: ${title}`, problem);
  if (problem || !saving) return;
  const { paperAt, paperOn } = await import("./facts.js");
  const paper = own ? paperOn(document) : await paperAt(id);
  if (isSaved(id)) save(id, paper);
};

const saveButton = (press) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "save";
  button.addEventListener("click", press);
  return button;
};

/* Call `show` now, and whenever the marks change. */
const showing = (show) => {
  onChange(show);
  show();
};

/* Both return what the key `s` does. */
const attachCard = (card) => {
  const link = titleOf(card);
  const id = idOf(link.href);
  if (!id) return undefined;
  const press = () => { toggle(id, link.textContent, false).catch(() => {}); };
  const button = saveButton(press);
  /* The state is in aria-pressed, not in the name. */
  button.setAttribute("aria-label", `Saved: ${link.textContent}`);
  /* Lines of a list are saved by key only: a button each would crowd them. */
  card.querySelector(":scope > h2 + p")?.after(button);
  card.addEventListener("opened", () => markRead(id));
  showing(() => {
    card.classList.toggle("read", isRead(id));
    card.classList.toggle("saved", isSaved(id));
    button.setAttribute("aria-pressed", isSaved(id));
  });
  return press;
};
const attachPaper = (id) => {
  const title = document.querySelector("h1").textContent;
  const press = () => { toggle(id, title, true).catch(() => {}); };
  const button = saveButton(press);
  const item = document.createElement("li");
  item.className = "keep";
  item.append(button);
  document.querySelector(".paper > ul")?.append(item);
  showing(() => {
    button.setAttribute("aria-pressed", isSaved(id));
    button.textContent = isSaved(id) ? "Saved" : "Save";
    /* Who says what is to be seen must be understood by speech input. */
    button.setAttribute("aria-label", `${button.textContent}: ${title}`);
  });
  markRead(id);
  return press;
};

/* Returns what the key `s` does for a card, or without one on the page of a paper; false for nothing. */
export const attachMarks = (cards) => {
  const presses = new Map(cards.map((card) => [card, attachCard(card)]));
  const own = document.querySelector("article.paper") && idOf(location.href);
  if (own) presses.set(undefined, attachPaper(own));
  return (card) => {
    const press = presses.get(card);
    return press ? press() : false;
  };
};
