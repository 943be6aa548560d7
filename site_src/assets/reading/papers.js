/* The papers that a page shows: the cards of a day, the lines of a list. */

const CARDS = ":is(.day, .latest) > ol > li";
const LINES = ':is(.list, .month) > h2 ~ ul > li:has(> a:first-child[href*="papers/"])';

export const cardsOf = (page) => [...page.querySelectorAll(`${CARDS}, ${LINES}`)];

/* The link with the paper's title: what the keyboard goes to, so that Enter opens the paper and a screen
   reader reads its title. */
export const titleOf = (card) => card.querySelector(":scope > h2 > a, :scope > a");
