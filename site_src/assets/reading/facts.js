/* What is kept of a saved paper, read from its own page: a card has only its first authors. Loaded when it
   is needed. */

import { SITE } from "./papers.js";

const text = (node) => (node?.textContent ?? "").replace(/[\u2061-\u2064]/g, "").replace(/\s+/g, " ").trim();

/* "A, B (University, Town)": an affiliation is left out, and its commas with it. */
const names = (line) => line.replace(/ ?\([^()]*\)/g, "").split(", ").filter(Boolean);

export const paperOn = (page) => {
  const folded = page.querySelector(".paper > h1 + p + details > p");
  /* A note that there are none is set in italics. */
  const shown = page.querySelector(".paper > h1 + p:not(:has(> em:only-child))");
  const days = [...page.querySelectorAll('.paper > ul a[href*="days/"]')].map((link) => link.getAttribute("href"));
  return {
    title: text(page.querySelector(".paper > h1")),
    authors: [shown, folded].flatMap((node) => names(text(node))),
    cited: [...page.querySelectorAll("meta[name=citation_author]")].map((tag) => tag.content),
    bibtex: page.querySelector(".paper > details > pre")?.textContent.trim(),
    category: text(page.querySelector('.paper > ul a[href*="categories/"]')),
    day: /\d{4}-\d{2}-\d{2}/.exec(days.at(-1))?.[0],
  };
};

export const paperAt = async (id) => {
  const answer = await fetch(new URL(`papers/${id}/`, SITE));
  if (!answer.ok) throw new Error(`${answer.status} for ${id}`);
  return paperOn(new DOMParser().parseFromString(await answer.text(), "text/html"));
};
