/* The search itself, in a worker of its own.

   A message in: {number, text, filters, sort, shown, quick, narrowing, exactly, asWords, today}. filters are {category,
   tag, type, summary, month, author, since, before}; narrowing is set where facets are wanted. asWords are dates
   that are to be searched as words. Messages out: {number, ...answer}, perhaps one from the newest part, the
   last one with done: true. */

import { withFacets } from "./facets.js";
import { loadGlossary } from "./glossary.js";
import { json, remembered, ROOT, SITE } from "./loading.js";
import { nameTable } from "./names.js";
import { daysOf, loadParts } from "./parts.js";
import { parse } from "./query.js";
import { search } from "./searching.js";
import { itemOf } from "./shown.js";
import { loadStemmer, words } from "./words.js";

const SEVERAL = 3; /* parts, before all of which there is a first answer */

let newest = 0;
const start = () => Promise.all([loadParts(), loadGlossary(), loadStemmer()]);

const answer = async (request) => {
  const { number, text, filters = {}, sort = "relevance", shown, quick = false, narrowing = false, exactly = false, asWords = [], today } = request;
  const outdated = () => number !== newest;
  const { identifier } = parse(text, today, asWords);
  const [[parts], jump] = await Promise.all([start(), identifier ? lookUp(identifier) : null]);
  if (outdated()) return;

  /* The others narrow by facets, which count what each would leave. */
  const { author = "", since = "", before = "" } = filters;
  const find = (some, ownOnly = false) => search(text, some, { author, since, before }, today, exactly || some !== parts, asWords, ownOnly);
  const send = async (some, done, found) => {
    if (outdated()) return;
    const { sought, terms, corrected, unknown, authors, query } = found;
    let hits = found.hits.map((hit, at) => ({ ...hit, own: at < found.own }));
    let facets = null;
    if (narrowing && hits.length) ({ kept: hits, counts: facets } = await withFacets(hits, some, filters));
    if (sort !== "relevance") hits = await byDay(hits, some, sort === "new");
    const [items, people] = await Promise.all([
      Promise.all(hits.slice(0, shown).map((hit) => itemOf(hit, some, sought, hit.own, !quick, authors.length > 0))),
      Promise.all(authors.map((name) => personOf(name))),
    ]);
    if (outdated()) return;
    const best = hits.filter((hit) => hit.tier === "all");
    self.postMessage({
      number, items, facets, jump, terms, corrected, unknown, authors: people, done, cut: query.cut, dates: query.dates,
      fields: query.fields, rows: hits.length, total: best.length, own: best.filter((hit) => hit.own).length,
      older: some.length < parts.length,
    });
  };

  /* What some parts do not know others may: there nothing is put right.
     The box has room for a few; its last line leads to the search page, which asks all parts. */
  for (let some = 1; quick && some < parts.length; some *= 2) {
    const found = await find(parts.slice(0, some), true);
    if (outdated()) return;
    if (found.own >= shown) return send(parts.slice(0, some), true, found);
  }
  const first = parts.slice(0, 1);
  if (parts.length > SEVERAL && !quick) await send(first, false, await find(first));
  if (!outdated()) await send(parts, true, await find(parts));
};

const byDay = async (hits, parts, newestFirst) => {
  const days = await Promise.all(parts.map(daysOf));
  const day = (hit) => days[hit.part][hit.paper];
  const sign = newestFirst ? -1 : 1;
  const order = (one, other) => (one.tier !== "all") - (other.tier !== "all") || sign * day(one).localeCompare(day(other)) || other.score - one.score;
  return [...hits].sort(order);
};

const slugsOf = remembered((number) => json(new URL(`authors/${number}.json`, ROOT)));

/* An author with the address of their page, "" for none. */
const personOf = async (name) => {
  const own = words(name);
  const slug = (await slugsOf(nameTable(own.at(-1))))[own.join(" ")];
  return { name, url: slug ? new URL(`authors/${slug}/`, SITE).href : "" };
};

/* The page of an arXiv id, {id, url, title}, url "" where there is none. */
const lookUp = async (id) => {
  const url = new URL(`papers/${id}/`, SITE).href;
  const answer = await fetch(url);
  if (!answer.ok) return { id, url: "", title: "" };
  const title = (await answer.text()).match(/<title>([^<]*?)(?: · [^<·]*)?<\/title>/)?.[1] ?? id;
  return { id, url, title };
};

self.addEventListener("message", async ({ data }) => {
  try {
    if (data.start) return await start();
    newest = data.number;
    await answer(data);
  } catch (error) {
    self.postMessage({ number: data.number ?? 0, failed: String(error?.message ?? error) });
  }
});
