/* The papers that a page shows: the cards of a day, the lines of a list, what a search has found. */

import { isId } from "./marks.js";

export const SITE = new URL("../../", import.meta.url);
const CARDS = ":is(.day, .latest) > ol > li";
const FOUND = "#results > li";
const LINES = ".list > h2 ~ ul > li:has(> a:first-child)";

export const cardsOf = (page) => [...page.querySelectorAll(`${CARDS}, ${LINES}, ${FOUND}`)].filter((card) => idOf(titleOf(card)?.href));

/* The link with the paper's title: what the keyboard goes to, so that Enter opens the paper and a screen
   reader reads its title. */
export const titleOf = (card) => card.querySelector(":scope > h2 > a, :scope > a");

/* The id in a page's address; undefined for a page that is no paper's. */
export const idOf = (address) => {
  const { pathname } = new URL(address ?? "", location.href);
  const root = `${SITE.pathname}papers/`;
  const id = pathname.startsWith(root) ? pathname.slice(root.length).replace(/\/(?:index\.html)?$/, "") : "";
  return isId(id) ? id : undefined;
};

/* The announcement day of a page's address, "" for any other page. */
const dayOf = (address) => /\/days\/(\d{4}-\d{2}-\d{2})(?:-\d+)?\/(?:index\.html)?$/.exec((address || "").split(/[?#]/)[0])?.[1] ?? "";

/* The day that a paper is shown for: the page's own, the one that its card leads to, or the one that the reader
   came from; "" where that is not to be seen. */
export const shownFor = (card) => dayOf(location.href) || (card
  ? dayOf(card.querySelector('a[href*="days/"]')?.href) : dayOf(document.referrer));
