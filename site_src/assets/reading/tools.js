/* The row above a list of cards: how many are read, which are shown, and how much of each; and what ends the list. */

import { text } from "../texts.js";
import { make } from "./elements.js";
import { isRead, markRead, markUnread, onChange } from "./marks.js";
import { say } from "./notice.js";
import { idOf, SITE, titleOf } from "./papers.js";

const DENSITY = `${SITE.pathname}.density`; /* choices.js sets it before anything is painted */
const CATEGORIES_SHOWN = 12;
const CATEGORIES_AT = new URL("categories/", SITE).pathname;

const categoriesOf = (card) => [...card.querySelectorAll(":scope > ul a")]
  .filter((a) => a.pathname.startsWith(CATEGORIES_AT)).map((a) => a.textContent);

const button = (label, press) => {
  const made = make("button", { type: "button", textContent: label });
  made.addEventListener("click", press);
  return made;
};
const press = (made, pressed) => made.setAttribute("aria-pressed", String(Boolean(pressed)));

/* Titles and sentences alone, for a first look; on every page from now on. */
const densityButton = () => {
  const { dataset } = document.body;
  const made = button(text("Skim"), () => {
    if (dataset.density) delete dataset.density; else dataset.density = "skim";
    try {
      localStorage[DENSITY] = dataset.density ?? "";
    } catch { /* then it holds for this page */ }
    press(made, dataset.density);
  });
  press(made, dataset.density === "skim");
  return made;
};

/* One category of several: the choice stands in the address. */
const categoryButtons = (cards, narrow) => {
  const counts = new Map();
  for (const card of cards) for (const name of categoriesOf(card)) counts.set(name, (counts.get(name) ?? 0) + 1);
  if (counts.size < 2) return [];
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const buttons = [["", cards.length], ...sorted.slice(0, CATEGORIES_SHOWN)].map(([name, count]) => {
    const made = button(`${name || text("All")} ${count}`, () => choose(name));
    made.value = name;
    return made;
  });
  const choose = (name) => {
    for (const made of buttons) press(made, made.value === name);
    const address = new URL(location.href);
    if (name) address.searchParams.set("category", name); else address.searchParams.delete("category");
    history.replaceState(null, "", address);
    narrow(name);
  };
  const asked = new URL(location.href).searchParams.get("category") ?? "";
  choose(counts.has(asked) ? asked : "");
  return buttons;
};

const row = (cards) => {
  let [category, hiding] = ["", new Set()]; /* what is read from now on stays until the list is shown anew */
  const show = () => {
    for (const card of cards) card.hidden = hiding.has(card) || (category !== "" && !categoriesOf(card).includes(category));
  };
  const read = () => cards.filter((card) => isRead(idOf(titleOf(card).href)));
  const progress = make("span", { className: "filter__progress" });
  const hide = button(text("Hide read"), () => {
    hiding = new Set(hide.getAttribute("aria-pressed") === "true" ? [] : read());
    press(hide, hiding.size);
    show();
  });
  press(hide, false);
  const count = () => {
    progress.textContent = text("{read} of {count} read", { read: read().length, count: cards.length });
    hide.disabled = !read().length && !hiding.size;
  };
  onChange(count);
  count();
  const buttons = categoryButtons(cards, (name) => { category = name; show(); });
  const tools = make("div", { className: "filter" }, progress, hide, densityButton(), ...buttons);
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", text("What the list shows"));
  return tools;
};

/* At the list's end: what was passed over is read too. */
const finish = (cards) => {
  const ids = cards.map((card) => idOf(titleOf(card).href));
  let marked = [];
  const made = button("", () => {
    const unread = ids.filter((id) => !isRead(id));
    const problem = unread.length ? markRead(...unread) : markUnread(...marked);
    if (problem) say(problem, true);
    else marked = unread;
    show();
  });
  const show = () => {
    const unread = ids.filter((id) => !isRead(id)).length;
    made.textContent = unread
      ? text("Mark the list as read")
      : marked.length ? text("All read. Undo") : text("All read");
    made.disabled = !unread && !marked.length;
  };
  onChange(show);
  show();
  return make("p", { className: "finish" }, made);
};

export const attachTools = (cards) => {
  const lists = [...new Set(cards.map((card) => card.parentElement))].filter((list) => list.localName === "ol");
  if (cards.length < 2 || !lists.length) return;
  const heading = lists[0].previousElementSibling;
  (heading?.matches("h2") ? heading : lists[0]).before(row(cards));
  lists.at(-1).after(finish(cards));
};
