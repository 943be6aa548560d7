/* What is kept of a saved paper besides its title, from its document of the data API. Loaded when it is needed. */

import { SITE } from "./papers.js";

/* Of several days that list it `day`, if it is one of them, is the one to show. */
export const factsOf = async (id, day) => {
  const answer = await fetch(new URL(`api/v1/papers/${id}.json`, SITE));
  if (!answer.ok) throw new Error(`${answer.status} for ${id}`);
  const { authors, categories, lists, citation, tldr } = await answer.json();
  return {
    authors: authors.map(({ name }) => name), category: categories[0], day: (lists.find((list) => list.day === day) ?? lists.at(-1)).day, ...citation,
    sentence: tldr?.text ?? "", language: tldr?.language ?? "",
  };
};

/* The announcement day of a page's address, "" for any other page. */
const dayOf = (address) => /\/days\/(\d{4}-\d{2}-\d{2})(?:-\d+)?\/(?:index\.html)?$/.exec((address || "").split(/[?#]/)[0])?.[1] ?? "";

/* The day that a paper is shown for: the page's own, the one that its card or the heading of its list leads to, or
   the one that the reader came from; "" where that is not to be seen. */
export const shownFor = (card) => dayOf(location.href) || (card
  ? dayOf((card.querySelector('a[href*="days/"]') ?? card.parentElement.previousElementSibling?.querySelector("a"))?.href)
  : dayOf(document.referrer));
