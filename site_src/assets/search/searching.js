/* A search of the parts of the index: which papers a query finds, in which order, and why. The twin of
   generator/build/search/searching.py, which explains it. */

import { segments } from "./glossary.js";
import { matches, sought, soughtExactly, soughtTogether } from "./matching.js";
import { similar } from "./meaning.js";
import { couldBeName, isNearly } from "./names.js";
import { daysOf, shownOf } from "./parts.js";
import { parse } from "./query.js";
import { ranked, weightsOf } from "./ranking.js";
import { completed, nearest } from "./spelling.js";
import { authorsOf, demandOf, FACETS, having, namesNear, withFacet } from "./wanted.js";
import { stem, STOP_WORDS, words } from "./words.js";

const FULL = 10;
const FALLBACK = 50;
const FEW = 3;
const MEANT = 200;
const [POINTS, RANK] = [1_000_000_000, 60];
const NEWEST = 2;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const SMALL_CHANGE = new Set("的了和与在中对为是用及等基于如何把被从向让使以而或之其");

/* {query, hits, own, total, sought, terms, corrected, unknown, authors}. With ownOnly, of some of the parts: what has
   the query's own words, and nothing in its place if that is little. */
export const search = async (text, parts, filters, today, exactly, asWords = [], ownOnly = false) => {
  const answer = await asked(text, parts, filters, today, asWords, ownOnly);
  const { query } = answer;
  if (exactly || ownOnly || answer.own >= FEW || answer.authors.length || query.identifier) return answer;
  const corrected = (!answer.own && await withName(query, parts)) || await correctedBy(text, answer.unknown, parts)
    || (!answer.own && await finished(text, parts));
  if (!corrected) return answer;
  const other = await asked(corrected, parts, filters, today, asWords);
  return other.own > answer.own ? { ...other, corrected } : answer;
};

/* What may be a date or words (ICML 2025) is tried as both. */
const asked = async (text, parts, filters, today, asWords, ownOnly = false) => {
  const query = parse(text, today, asWords);
  const answer = await answerOf(query, parts, filters, ownOnly, !text.trim());
  const either = query.dates.filter((one) => one.optional).map((one) => one.text);
  if (!either.length) return answer;
  const inWords = await answerOf(parse(text, today, [...asWords, ...either]), parts, filters, ownOnly);
  const first = inWords.hits.slice(0, inWords.own);
  const [hits, own, total] = [undefined, answer.own, answer.total].map((end) => withoutTwins([...first, ...answer.hits.slice(0, end)]));
  return { ...answer, hits, own: own.length, total: total.length };
};

const answerOf = async (query, parts, filters, ownOnly, everything = false) => {
  if (!parts.length) return { query, hits: [], own: 0, total: 0, sought: [], terms: [], corrected: "", unknown: [], authors: [] };
  const wanted = await demandOf(query, parts);
  const allowed = await Promise.all(parts.map((part) => allowedIn(part, wanted, query, filters)));
  if (query.identifier) return identified(query, parts, allowed);
  let soft = [...wanted.words, ...wanted.phrases];
  if (!soft.length) {
    const narrows = [query.filters, filters].some((one) => Object.values(one).some(Boolean));
    const listing = narrows || wanted.hard.length || wanted.without.length || query.dates.length || everything;
    const hits = listing ? await listed(parts, wanted, allowed) : [];
    return { query, hits, own: hits.length, total: hits.length, sought: [], terms: [], corrected: "", unknown: [], authors: [] };
  }
  const [{ papers, names }, { found, counts }] = await Promise.all([named(query, parts), foundBy(parts, soft, allowed)]);
  const first = papers.filter(({ part, paper }) => allowed[part].has(paper));
  let hits = withoutTwins([...first, ...inTier(found, "all")]);
  const own = hits.length;
  const unknown = soft.flatMap(([one], at) => (one.sought && counts[at] < 2 ? [one.sought.text] : []));
  let terms = [];
  if (own < FULL && !ownOnly) {
    [soft, terms] = await widened(wanted, parts);
    if (terms.length) hits = withoutTwins([...hits, ...inTier((await foundBy(parts, soft, allowed)).found, "all")]);
  }
  const total = hits.length;
  if (total < FULL && !ownOnly) {
    soft = soft.flatMap((one) => [one, ...apart(one)]);
    const [{ found: some }, alike] = await Promise.all([foundBy(parts, soft, allowed), similarTo(query, parts, allowed)]);
    hits = withoutTwins([...hits, ...near(some, alike)]);
  }
  const marked = [...soft, ...wanted.hard].flat().map((one) => one.sought).filter(Boolean);
  return { query, hits, own, total, sought: marked, terms, corrected: "", unknown, authors: names };
};

/* The paper with the query's id, and no other. */
const identified = async (query, parts, allowed) => {
  const one = await soughtExactly(query.identifier, parts.map((part) => part.dictionary));
  const hits = [];
  for (const [part, { dictionary }] of parts.entries()) {
    for (const paper of [...(one ? await matches(one, dictionary) : new Map()).keys()].sort((a, b) => a - b)) {
      const its = allowed[part].has(paper) && (await shownOf(parts[part], paper)).id === query.identifier;
      if (its) hits.push({ part, paper, tier: "all", score: 0 });
    }
  }
  return { query, hits, own: hits.length, total: hits.length, sought: [], terms: [], corrected: "", unknown: [], authors: [] };
};

/* Narrowing */

const allowedIn = async (part, wanted, query, filters) => {
  let kept = new Set(Array.from({ length: part.papers }, (_, paper) => paper).filter((paper) => !part.stale.has(paper)));
  const keep = (papers) => { const these = new Set(papers); kept = new Set([...kept].filter((paper) => these.has(paper))); };
  for (const narrowing of [query.filters, filters]) {
    for (const facet of FACETS) if (narrowing[facet]) keep(await withFacet(facet, narrowing[facet], part));
    if (narrowing.since || narrowing.before) {
      const days = await daysOf(part);
      kept = new Set([...kept].filter((paper) => (narrowing.since ?? "") <= days[paper] && days[paper] < (narrowing.before || "9999")));
    }
  }
  if (filters.author) keep(words(filters.author).length ? [...(await authorsOf(words(filters.author), part)).values()].flat() : []);
  for (const each of wanted.hard) keep((await having(each, part)).keys());
  for (const each of wanted.without) for (const paper of (await having(each, part)).keys()) kept.delete(paper);
  return kept;
};

/* What passes where no words are looked for, the newest first. */
const listed = async (parts, wanted, allowed) => {
  const found = [];
  for (const [part, one] of parts.entries()) {
    const scores = await Promise.all(wanted.hard.map((each) => having(each, one)));
    for (const paper of [...allowed[part]].sort((a, b) => a - b)) {
      found.push({ part, paper, tier: "all", score: scores.reduce((sum, each) => sum + (each.get(paper) ?? 0), 0) });
    }
  }
  return found;
};

/* Finding */

const foundBy = async (parts, soft, allowed) => {
  const matched = await Promise.all(parts.map((part) => Promise.all(soft.map((each) => having(each, part)))));
  const counts = soft.map((_, at) => matched.reduce((sum, each) => sum + each[at].size, 0));
  const known = soft.map((_, at) => at).filter((at) => counts[at]);
  const weights = weightsOf(known.map((at) => counts[at]), parts.reduce((sum, part) => sum + part.size, 0));
  const kept = matched.map((each, part) => known.map((at) => new Map([...each[at]].filter(([paper]) => allowed[part].has(paper)))));
  const found = ranked(kept, weights);
  /* What nobody has, nobody has all of. */
  const lower = known.length < soft.length;
  return { found: lower ? found.map((one) => (one.tier === "all" ? { ...one, tier: "most" } : one)) : found, counts };
};

const inTier = (found, tier) => found.filter((one) => one.tier === tier);

/* The best of what has some of the words and of what is similar in meaning, as one list. */
const near = (found, alike) => {
  const byWords = found.sort((a, b) => b.score - a.score || a.part - b.part || a.paper - b.paper);
  const fused = new Map();
  for (const ranking of [byWords, alike]) {
    ranking.slice(0, FALLBACK).forEach((one, rank) => {
      const key = `${one.part} ${one.paper}`;
      const known = fused.get(key) ?? { ...one, tier: one.tier === "all" ? "most" : one.tier, score: 0 };
      fused.set(key, { ...known, score: known.score + Math.floor(POINTS / (RANK + rank)) });
    });
  }
  const rest = new Map(byWords.slice(FALLBACK).map((one) => [`${one.part} ${one.paper}`, one]));
  const best = [...fused.values()].sort((a, b) => b.score - a.score || a.part - b.part || a.paper - b.paper).slice(0, FALLBACK);
  return best.map((one) => {
    const words = rest.get(`${one.part} ${one.paper}`);
    return words ? { ...words, tier: words.tier === "all" ? "most" : words.tier, score: one.score } : one;
  });
};

const similarTo = async (query, parts, allowed) => {
  const terms = words(query.text).filter((word) => !STOP_WORDS.has(word)).map(stem);
  const numbers = new Map(parts.map((part, number) => [part.name, number]));
  const found = await similar(terms, { limit: MEANT, parts: [...numbers.keys()] });
  return found.map(({ part, doc }) => ({ part: numbers.get(part), paper: doc, tier: "meaning", score: 0 }))
    .filter(({ part, paper }) => allowed[part].has(paper));
};

const withoutTwins = (found) => {
  const seen = new Set();
  return found.filter(({ part, paper }) => {
    const key = `${part} ${paper}`;
    return !seen.has(key) && seen.add(key);
  });
};

const apart = (wanted) => (wanted.length === 1 && wanted[0].sought ? wanted[0].sought.apart.map((one) => [{ sought: one }]) : []);

/* The other language */

const widened = async (wanted, parts) => {
  const dictionaries = parts.map((part) => part.dictionary);
  const pieces = segments(wanted.text);
  const terms = pieces.filter(([, other]) => other);
  if (!terms.length) return [[...wanted.words, ...wanted.phrases], []];
  const found = [];
  for (const [piece, other] of pieces) {
    if (other) {
      const both = await Promise.all([soughtTogether(piece, dictionaries, true), soughtTogether(other, dictionaries)]);
      found.push(both.filter(Boolean).map((one) => ({ sought: one })));
      continue;
    }
    for (const one of await sought(piece, dictionaries)) {
      if (![...one.text].every((character) => SMALL_CHANGE.has(character))) found.push([{ sought: one }]);
    }
  }
  return [[...found, ...wanted.phrases], terms];
};

/* Names and spelling */

const named = async (query, parts) => {
  const typed = words(query.text);
  const plain = query.clauses.every(([one, ...others]) => !others.length && one.kind === "word" && !one.field);
  if (!couldBeName(typed) || !plain) return { papers: [], names: [] };
  const names = new Set();
  const papers = [];
  for (const [part, found] of (await Promise.all(parts.map((one) => authorsOf(typed, one)))).entries()) {
    for (const name of found.keys()) names.add(name);
    const these = [...new Set([...found.values()].flat())].sort((a, b) => a - b);
    papers.push(...these.map((paper) => ({ part, paper, tier: "all", score: 0 })));
  }
  return { papers, names: [...names].sort() };
};

const withName = async (query, parts) => {
  const typed = words(query.text);
  if (!couldBeName(typed) || query.text !== query.clauses.flat().map((one) => one.text).join(" ")) return "";
  let best = [9, ""];
  for (const near of await Promise.all(parts.map((part) => namesNear(typed, part)))) {
    for (const [name] of near) {
      const away = isNearly(name, typed);
      if (away < best[0] || (away === best[0] && name < best[1])) best = [away, name];
    }
  }
  return best[0] < 9 ? best[1] : "";
};

const correctedBy = async (text, unknown, parts) => {
  let changed = text;
  for (const word of unknown) {
    const lower = word.toLowerCase();
    if (!/^[a-z]+$/.test(lower)) continue;
    const known = await spelling(lower[0], parts);
    if (Object.hasOwn(known, lower)) continue;
    const right = nearest(lower, known) || completed(lower, known) || nearest(lower, await spelling(LETTERS, parts.slice(0, NEWEST)));
    if (right) changed = changed.replaceAll(word, right);
  }
  return changed === text ? "" : changed;
};

/* The query with its last word as the most common that begins so. */
const finished = async (text, parts) => {
  const last = text.split(" ").at(-1);
  const lower = last.toLowerCase();
  if (!/^[a-z]+$/.test(lower)) return "";
  const { [lower]: itself, ...known } = await spelling(lower[0], parts);
  const longer = completed(lower, known);
  return longer && text.slice(0, text.length - last.length) + longer;
};

const spelling = async (initials, parts) => {
  const known = {};
  for (const table of (await Promise.all(parts.flatMap((part) => [...initials].map((initial) => spelled(part, initial))))).flat()) {
    for (const [word, count] of Object.entries(table)) known[word] = (known[word] ?? 0) + count;
  }
  return known;
};

const spelled = async (part, initial) => ((await part.table("part")).spelling.includes(initial) ? part.table(`spelling/${initial}`) : {});
