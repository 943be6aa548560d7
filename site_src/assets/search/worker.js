/* The search itself, in a worker of its own: asks the parts of the index, newest first, and puts their
   answers together.

   A message in: {number, text, filters, sort, shown, quick, narrowing, widen}. narrowing is set where facets,
   filters or the order by day are wanted, which need a table more; widen where the glossary's other language
   is wanted even if the reader's own words fill a page: it costs every part some pieces more. Messages out:
   {number, ...answer}, the first from the newest part, the last one with done: true. */

import { item } from "./excerpt.js";
import { byDay, byRelevance, withFacets } from "./facets.js";
import { narrowed } from "./fields.js";
import { MANY, searchMost, searchPart } from "./match.js";
import { checkLost, parts, reopen, start } from "./parts.js";
import { clausesOf, loadGlossary, lookUp, parse, widened } from "./query.js";
import { suggestion } from "./suggest.js";
import { searchTitles } from "./titles.js";

const FULL = 10; /* hits that fill the first page of results */
let newest = 0;
const answer = async (request) => {
  const { number, text, filters = {}, sort = "relevance", shown, quick = false, narrowing = false, widen = false } = request;
  const outdated = () => number !== newest;
  reopen(); /* what an earlier query lost, and later than it said so */
  const [, jump] = await Promise.all([start(), lookUp(text), loadGlossary()]);
  if (outdated()) return;
  const query = parse(text);
  /* Of many words a few are terms by chance, and each costs pieces of the index. */
  const wide = query.clauses.length && query.clauses.length <= MANY ? widened(query.text) : null;
  let also = [];
  let offered = wide?.terms ?? [];
  const words = query.clauses.filter((clause) => clause.kind === "word");
  const counts = words.map(() => undefined);

  const send = async (found, more) => {
    checkLost();
    let hits = [...found];
    let facets = null;
    if (narrowing && hits.length) {
      const narrowedHits = await withFacets(hits, filters);
      [hits, facets] = [narrowedHits.kept, narrowedHits.counts];
    }
    hits.sort(sort === "new" ? byDay : byRelevance);
    const items = await Promise.all(hits.slice(0, shown).map(item));
    if (outdated()) return;
    const own = hits.filter((hit) => !hit.via).length;
    self.postMessage({
      number, items, facets, total: hits.length, own, jump, also, offered, cut: query.cut, dropped: [], suggestion: "", ...more,
    });
  };
  const narrow = (part, hits) => (query.fields.length ? narrowed(part, hits, query.fields) : hits);
  const own = async (part) => {
    if (!query.clauses.length) return narrow(part, null);
    const { hits, known } = await searchPart(part, query.clauses, query.typing, titles?.byRarity);
    known.forEach((count, at) => { if (count !== undefined) counts[at] = (counts[at] ?? 0) + count; });
    return narrow(part, hits);
  };
  const others = async (part) => {
    const { hits } = await searchPart(part, clausesOf(wide.text), false);
    return narrow(part, hits.map((hit) => ({ ...hit, via: wide.terms })));
  };
  const all = async (search, some = parts) => (await Promise.all(some.map(search))).flat();
  if (!parts.length || (!query.clauses.length && !query.fields.length)) return send([], { done: true });

  /* Many words are mostly a title, known by heart or nearly. */
  const titles = words.length >= MANY && words.length === query.clauses.length && !query.fields.length
    ? await searchTitles(words) : null;
  if (outdated()) return;
  let hits = titles?.hits ?? [];
  if (hits.length) await send(hits, { done: false });
  if (quick && hits.some((hit) => hit.tier >= 2 || words.length > MANY)) return undefined; /* the box has its answer */
  const add = (found) => {
    const known = new Set(hits.map((hit) => hit.result.id));
    hits.push(...found.filter((hit) => !known.has(hit.result.id)));
  };
  add(await own(parts[0]));
  if (outdated()) return;
  /* The box has room for a few; its last line leads to the search page, which asks all parts. */
  const enough = () => quick && hits.filter((hit) => !hit.via && hit.tier >= 1).length >= shown;
  if (enough()) return send(hits, { done: true, older: parts.length > 1 });
  if (hits.length && parts.length > 1) await send(hits, { done: false });
  add(await all(own, parts.slice(1)));
  if (outdated()) return;
  if (wide && (quick ? !hits.length : widen || hits.length < FULL)) {
    [also, offered] = [offered, also];
    if (hits.length) await send(hits, { done: false });
    add(await all(others));
    if (outdated()) return;
  }

  /* What nobody has whole, somebody may have in parts. */
  const dropped = words.filter((_, at) => counts[at] === 0).map((word) => word.text);
  let most = hits.every((hit) => hit.whole === false);
  if (!hits.length && query.clauses.length > 1 && words.length && !query.fields.length) {
    const rest = query.clauses.filter((clause) => !dropped.includes(clause.text));
    if (dropped.length && rest.length) hits = await all(async (part) => (await searchPart(part, rest, false)).hits);
    if (!hits.length) hits = await searchMost(words);
    if (outdated()) return;
  }
  most &&= hits.length > 0;
  const more = { dropped, most };
  const sure = hits.some((hit) => hit.tier > 0 && !hit.via);
  const name = words.length > 1 && words.length <= MANY && !sure && hits.length < 30;
  if (quick || jump || query.fields.length || !(dropped.length || most || name)) return send(hits, { ...more, done: true });
  await send(hits, { ...more, done: false });
  return send(hits, { ...more, done: true, suggestion: await suggestion(query, counts) });
};

self.addEventListener("message", async ({ data }) => {
  try {
    if (data.start) return await Promise.all([start(), loadGlossary()]);
    newest = data.number;
    await answer(data);
  } catch (error) {
    reopen();
    self.postMessage({ number: data.number ?? 0, failed: String(error?.message ?? error) });
  }
});
