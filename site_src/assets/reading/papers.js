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
