/* Reading by keyboard. Search has its own keys, in daybook.js; what is handled here comes first. */

import { titleOf } from "./papers.js";

/* Whether single keys do something: who speaks to the computer, or types by accident, can turn them off.
   Where nothing can be stored they are on. */
export const PREFERENCE = `${new URL("../../", import.meta.url).pathname}.keys`;

export const keysAreOn = () => {
  try {
    return localStorage.getItem(PREFERENCE) !== "off";
  } catch {
    return true;
  }
};

/* Keys mean letters where the reader writes, and a dialog has keys of its own. */
const isTaken = (event) =>
  event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey ||
  Boolean(event.target.closest?.("input, textarea, select, [contenteditable], dialog"));

const bring = (card, block) => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.scrollIntoView({ block, behavior: calm ? "instant" : "smooth" });
};
const nearest = (card) => bring(card, card.getBoundingClientRect().height > innerHeight ? "start" : "nearest");

/* The card that the keyboard is on. A click with the mouse does not count: then `s` still searches. */
export const currentCard = (cards) => {
  const focused = document.activeElement;
  return focused?.matches(":focus-visible") ? cards.find((card) => card.contains(focused)) : undefined;
};

const step = (cards, by) => {
  const shown = cards.filter((card) => !card.hidden);
  const at = shown.indexOf(currentCard(shown));
  /* Begin where the reader is looking. */
  const inView = shown.findIndex((card) => card.getBoundingClientRect().top >= 0);
  const card = at < 0 ? shown.at(inView) : shown[at + by];
  if (!card) return;
  titleOf(card).focus({ preventScroll: true, focusVisible: true });
  nearest(card);
};

const open = (card) => {
  const summary = card.querySelector(":scope > p > a.opens");
  if (!summary) {
    titleOf(card).click();
    return;
  }
  if (summary.getAttribute("aria-expanded") === "true") {
    summary.click();
    /* The keyboard may have been inside of what has just closed. */
    titleOf(card).focus({ preventScroll: true, focusVisible: true });
    nearest(card);
    return;
  }
  card.addEventListener("opened", () => bring(card, "start"), { once: true });
  summary.click();
};

/* At the end of a paper's page its neighbours stand on both sides of the link to their day. */
const neighbour = (by) => {
  const day = document.querySelector('.neighbours > ul a[href*="days/"]')?.closest("li");
  const item = by < 0 ? day?.previousElementSibling : day?.nextElementSibling;
  item?.querySelector("a").click();
};

/* `cards` gives those of the moment. `save` and `help` do what their keys say; `save` gives false where there is
   nothing to save. */
export const attachKeys = (cards, { save, help }) => {
  const move = (by) => (cards().length ? step(cards(), by) : neighbour(by));
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: () => {
      const card = currentCard(cards());
      if (card) open(card);
    },
    /* Where no paper is meant, it is a key of the search. */
    s: () => save(currentCard(cards())),
    "?": help,
  };
  /* Before the keys of the search, which sees what was taken. */
  document.addEventListener("keydown", (event) => {
    if (isTaken(event)) return;
    if (!keysAreOn()) {
      /* The search's single keys are off with them. */
      if (event.key.length === 1) event.stopImmediatePropagation();
      return;
    }
    if (!Object.hasOwn(actions, event.key) || actions[event.key]() === false) return;
    event.preventDefault();
  }, { capture: true });
};
