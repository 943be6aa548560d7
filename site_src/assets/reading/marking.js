/* Shows the marks on the papers of a page, and lets the reader save them. */

import { text } from "../texts.js";
import { isRead, isSaved, markRead, onChange, remove, save } from "./marks.js";
import { say } from "./notice.js";
import { idOf, titleOf } from "./papers.js";

/* A title is kept at once, whatever the reader does next; the other facts follow. Where they cannot be had,
   the page "Saved" asks again. */
export const toggle = async (id, title, card) => {
  const saving = !isSaved(id);
  const problem = saving ? save(id, { title }) : remove(id);
  say(problem || (saving ? text("Saved: {title}", { title }) : text("Removed from the saved papers: {title}", { title })), problem);
  if (problem || !saving) return;
  const { factsOf, shownFor } = await globalThis.daybookLoad("reading/facts.js");
  const facts = await factsOf(id, shownFor(card));
  if (isSaved(id)) save(id, facts);
};

export const saveButton = (press) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "save";
  button.addEventListener("click", press);
  return button;
};

/* Call `show` now, and whenever the marks change. */
export const showing = (show) => {
  onChange(show);
  show();
};

/* Returns what the key `s` does, and what shows the marks as they are. */
const attachCard = (card) => {
  const link = titleOf(card);
  const id = idOf(link.href);
  if (!id) return undefined;
  const press = () => { toggle(id, link.textContent, card).catch(() => {}); };
  const button = saveButton(press);
  /* The state is in aria-pressed, not in the name. */
  button.setAttribute("aria-label", text("Saved: {title}", { title: link.textContent }));
  /* Lines of a list are saved by key only: a button each would crowd them. */
  card.querySelector(":scope > h2 + p")?.after(button);
  card.addEventListener("opened", () => markRead(id));
  const show = () => {
    card.classList.toggle("read", isRead(id));
    card.classList.toggle("saved", isSaved(id));
    button.setAttribute("aria-pressed", isSaved(id));
  };
  return { press, show };
};

/* `cards` gives those of the moment. Returns what the key `s` does for a card, or without one on the page of a
   paper, which is `own`; false for nothing. And what is to be called when there are others. */
export const attachMarks = (cards, own) => {
  const known = new WeakMap();
  const show = () => {
    for (const card of cards()) {
      if (!known.has(card)) known.set(card, attachCard(card));
      known.get(card)?.show();
    }
  };
  showing(show);
  const save = (card) => {
    const press = card ? known.get(card)?.press : own;
    return press ? press() : false;
  };
  return { save, show };
};
