/* A hit as it is shown. */

import { SITE } from "./loading.js";
import { excerptOf, marked, mayBeMarked, placesIn } from "./marking.js";
import { shownOf } from "./parts.js";
import { composed } from "./words.js";

/* A row of results; with the paper's sentence and an excerpt where there is room for them. named: the query
   names authors. */
export const itemOf = async (hit, parts, sought, own, withText, named) => {
  const shown = await shownOf(parts[hit.part], hit.paper);
  const mark = (text) => marked(composed(text), placesIn(composed(text), sought));
  const texts = withText ? await textsOf(shown.id) : undefined;
  const has = (words) => placesIn(composed(words), sought).length > 0;
  /* Its words are in none of what is shown. */
  const byPhrases = Boolean(texts) && own && hit.tier === "all" && !named && shown.phrases && mayBeMarked(sought)
    && ![shown.title, ...shown.authors, texts.sentence, texts.body].some(has);
  return {
    ...shown, tier: hit.tier, via: hit.tier === "all" && !own, byPhrases, marks: mark(shown.title),
    names: shown.authors.map(mark), ...(texts && saying(texts, sought)),
  };
};

/* A model's sentence, and what has more of what was sought than it. */
const saying = ({ sentence, lang, body }, sought) => {
  const { most, ...excerpt } = excerptOf(body, sought);
  if (!sentence) return excerpt;
  const places = placesIn(sentence, sought);
  const has = new Set(places.map(([, , number]) => number)).size;
  return { sentence: marked(sentence, places), lang, ...(most > has && excerpt) };
};

/* The sentence of a paper, its summary and abstract, from its page. */
const kept = new Map();
const textsOf = async (id) => {
  if (!kept.has(id)) {
    const answer = await fetch(new URL(`papers/${id}/`, SITE));
    if (!answer.ok) throw new Error(`${answer.status} for the page of ${id}`);
    kept.set(id, textsIn(await answer.text()));
  }
  return kept.get(id);
};

const LEAD = /<p><strong>[^<]*<\/strong> (?:<span lang="([\w-]+)">)?([^]*?)<\/p>/;
const textsIn = (page) => {
  const start = page.indexOf("<h2 id=");
  const [, lang = "", sentence = ""] = LEAD.exec(page.slice(0, start)) ?? [];
  return { sentence: readable(sentence), lang, body: readable(page.slice(start, page.indexOf('<nav class="neighbours"'))) };
};

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const readable = (article) => {
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
