/* A hit as it is shown. */

import { SITE } from "./loading.js";
import { excerptOf, marked, placesIn } from "./marking.js";
import { shownOf } from "./parts.js";
import { composed } from "./words.js";

/* A row of results; with an excerpt where there is room for one. */
export const itemOf = async (hit, parts, sought, own, withText) => {
  const shown = await shownOf(parts[hit.part], hit.paper);
  const mark = (text) => marked(composed(text), placesIn(composed(text), sought));
  const text = withText ? await textOf(shown.id) : "";
  return {
    ...shown, tier: hit.tier, via: hit.tier === "all" && !own, marks: mark(shown.title),
    names: shown.authors.map(mark), ...(text && excerptOf(text, sought)),
  };
};

/* The abstract and the summary of a paper, from its page. */
const texts = new Map();
const textOf = async (id) => {
  if (!texts.has(id)) {
    const answer = await fetch(new URL(`papers/${id}/`, SITE));
    if (!answer.ok) throw new Error(`${answer.status} for the page of ${id}`);
    texts.set(id, readable(await answer.text()));
  }
  return texts.get(id);
};

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const readable = (page) => {
  const article = page.slice(page.indexOf('<h2 id="abstract"'), page.indexOf('<nav class="neighbours"'));
  const text = article
    .replace(/<details[\s\S]*?<\/details>|<h2[\s\S]*?<\/h2>|<p><em>[\s\S]*?<\/em><\/p>|<annotation[\s\S]*?<\/annotation>/g, " ")
    .replace(/<\/?(?:a|b|code|em|i|span|strong|sub|sup|m[a-z]+)\b[^>]*>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:#(\d+)|#x([\da-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
      const code = decimal ? Number(decimal) : hex ? parseInt(hex, 16) : 0;
      return code && code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES[name] ?? whole;
    });
  return composed(text.replace(/\s+/g, " ").trim());
};
