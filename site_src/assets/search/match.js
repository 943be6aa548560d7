/* Which papers have a query's clauses, and in what order they come. A hit is {part, result, tier, score}:
   tier 3 is a title that begins with the query, 2 a title or name that has it, 1 a text that has it word for
   word, 0.5 a title with most of its words, 0 a paper with all of them, -1 one with most. */

import { exact, frequency, parts, prefixFrequency, results } from "./parts.js";
import { searchPhrase } from "./phrase.js";
import { letters } from "./text.js";

export const MANY = 3; /* words, of which not all are asked for */
export const FEW = 6; /* papers whose texts cost no more than one word of the index */
const MOST = 6; /* words to judge by where no paper has all */
const TITLE_WORDS = 20;
const FUNCTION_WORDS = new Set("a an the of for and or in on to with via by from is are be as at using into not no its".split(" "));

/* Papers of a part that have all the clauses: {hits, known: in how many papers each word
   is, or undefined for a word that was not asked for}. Where a query has many words, byRarity has the
   order in which they are asked for. */
export const searchPart = async (part, clauses, typing, byRarity) => {
  const words = clauses.filter((clause) => clause.kind === "word");
  if (words.length >= MANY) return searchLong(part, clauses, words, typing, byRarity ?? byLength(words));
  const known = await Promise.all(words.map((word) => frequency(part, word.text)));
  const last = clauses.at(-1);
  for (const [at, word] of words.entries()) {
    if (known[at]) continue;
    if (!(typing && word === last) || word.text.length < 2) return { hits: [], known };
  }
  const rest = clauses.filter((clause) => clause.kind !== "phrase");
  let found = rest.length ? await results(part, joined(rest)) : null;
  if (words.length && !known.at(-1) && words.at(-1) === last) {
    known[known.length - 1] = await prefixFrequency(part, last.text);
    if (!known.at(-1)) return { hits: [], known };
  }
  found = await withPhrases(part, found, clauses);
  return { hits: await asHits(part, clauses, words, found), known };
};

/* Results with their tiers, by where the query stands word for word. */
const asHits = async (part, clauses, words, found) => {
  const onePhrase = clauses.length === 1 && clauses[0].kind === "phrase";
  const phrases = new Map();
  if (words.length === clauses.length && found.length) {
    for (const result of await results(part, exact(joined(clauses)))) {
      phrases.set(result.id, Math.min(...result.words));
    }
  }
  return found.map((result) => {
    const at = phrases.get(result.id);
    const named = result.matchedMetaFields?.length ?? 0;
    const tier = onePhrase ? 1 : at === undefined ? 0 : words.length > 1 && at === 0 ? 3 : at < 60 && named ? 2 : 1;
    return { part, result, tier, score: result.score };
  });
};

/* Each word costs a piece of the index. So of many words only as many are asked for as leave few papers;
   whether these have the others is seen in their texts. */
const searchLong = async (part, clauses, words, typing, order) => {
  const known = words.map(() => undefined);
  let found = await withPhrases(part, null, clauses);
  const chosen = [];
  for (const word of order) {
    if (found && found.length <= FEW) break;
    const at = words.indexOf(word);
    known[at] = await frequency(part, word.text);
    if (!known[at] && typing && word === clauses.at(-1)) known[at] = await prefixFrequency(part, word.text);
    if (!known[at]) return { hits: [], known };
    chosen.push(word);
    found = await withPhrases(part, await results(part, joined(chosen)), clauses);
  }
  if (found.length > FEW) return { hits: await asHits(part, clauses, words, found), known };
  const hits = await Promise.all(found.map(async (result) => {
    const judgement = judged(words, result, await result.data());
    return judgement.whole ? [{ part, ...judgement, score: result.score }] : [];
  }));
  return { hits: hits.flat(), known };
};

/* A result with its tier by its text, and whether this has all the words. */
export const judged = (words, result, data) => {
  const tokens = cut(data.raw_content);
  const at = words.map((word) => places(word, tokens));
  const { tier, inTitle } = titleTier(words, data);
  const inText = tier < 1 && letters(data.raw_content).includes(letters(joined(words)));
  return {
    result: { ...result, words: [...result.words, ...at.flat()], data: () => data },
    tier: inText ? 1 : tier,
    inTitle,
    whole: at.every((places) => places.length),
  };
};

const joined = (clauses) => clauses.map((clause) => clause.text).join(" ");
export const contentOf = (words) => {
  const content = words.filter((word) => !FUNCTION_WORDS.has(word.text.toLowerCase()));
  return content.length ? content : words;
};
const byLength = (words) => [...contentOf(words)].sort((a, b) => b.text.length - a.text.length);

/* Of the results, or of all papers for null, those that have the query's phrases. */
const withPhrases = async (part, found, clauses) => {
  let kept = found;
  for (const clause of clauses) {
    if (clause.kind !== "phrase" || (kept && !kept.length)) continue;
    const having = await searchPhrase(part, clause.text);
    if (!kept) kept = having;
    else {
      const before = new Map(kept.map((result) => [result.id, result]));
      kept = having.filter(({ id }) => before.has(id)).map((result) => merged(before.get(result.id), result));
    }
  }
  return kept;
};
const merged = (one, other) => ({ ...one, words: [...one.words, ...other.words], score: one.score + other.score });

/* Where in a text a word stands, in about any form of it. */
const cut = (text) => text.split(/\s+/).map((token) => letters(token).split(" "));
export const like = (word, piece) => piece === word || (word.length > 3 && piece.includes(word.slice(0, Math.max(4, word.length - 3))));
const places = ({ text }, tokens) => {
  const wanted = letters(text).split(" ");
  const at = wanted.map((word) => tokens.flatMap((pieces, place) => (pieces.some((piece) => like(word, piece)) ? [place] : [])));
  return at.every((found) => found.length) ? at.flat() : [];
};

/* Where a title has the words: 3 begins with them, 2 has them in this order, 0.5 has most of them. */
const titleTier = (words, data) => {
  const title = letters(data.meta.title);
  const whole = letters(joined(words));
  const content = contentOf(words);
  const tokens = cut(data.meta.title);
  const inTitle = content.filter((word) => places(word, tokens).length).length / content.length;
  return { tier: title.startsWith(whole) ? 3 : title.includes(whole) ? 2 : inTitle >= 0.6 ? 0.5 : 0, inTitle };
};

/* Papers of all parts that have most of the words; of many words, of the longest. What stands in a title
   counts more. */
export const searchMost = async (words) => {
  const total = parts.reduce((sum, part) => sum + part.papers, 0);
  const hits = new Map();
  let all = 0;
  for (const word of byLength(words).slice(0, MOST)) {
    const found = (await Promise.all(parts.map(async (part) =>
      (await results(part, exact(word.text))).map((result) => ({ part, result }))))).flat();
    if (!found.length) continue;
    const weight = Math.log(1 + total / found.length);
    all += weight;
    for (const { part, result } of found) {
      const hit = hits.get(result.id) ?? { part, result: { ...result, words: [] }, tier: -1, score: 0, weight: 0, count: 0 };
      hit.result.words = [...hit.result.words, ...result.words];
      hit.score += weight * (Math.min(...result.words) < TITLE_WORDS ? 3 : 1);
      hit.weight += weight;
      hit.count += 1;
      hits.set(result.id, hit);
    }
  }
  return [...hits.values()].filter((hit) => hit.count > 1 && hit.weight >= all / 2);
};
