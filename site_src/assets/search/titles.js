/* Papers by the words of their titles, from tables of a few KB: of all parts at a price for which the index
   of texts answers one word. */

import { contentOf, FEW, judged, like, MANY } from "./match.js";
import { fragment, parts } from "./parts.js";
import { letters } from "./text.js";

const TABLES = 256;
const MOST = 0.6; /* of many words must be in a title; few must all be */
const NEAR = 0.7; /* of what the best title has: with less it is no answer to the same memory */

/* {hits: papers whose titles have most of the words, byRarity: the words, the rarest first}. */
export const searchTitles = async (words) => {
  const total = parts.reduce((sum, part) => sum + part.papers, 0);
  const content = await Promise.all(contentOf(words).map(async (word) => (
    { word, papers: (await Promise.all(parts.map((part) => having(part, word)))).flat() })));
  const titles = new Map();
  for (const { papers } of content) {
    const weight = Math.log(1 + total / papers.length);
    for (const { part, id } of papers) {
      const title = titles.get(id) ?? { part, id, weight: 0, count: 0 };
      titles.set(id, { part, id, weight: title.weight + weight, count: title.count + 1 });
    }
  }
  const least = content.length * (words.length > MANY ? MOST : 1);
  const able = [...titles.values()].filter((title) => title.count >= least);
  const best = Math.max(...able.map((title) => title.weight));
  const near = able.filter((title) => title.weight >= NEAR * best).sort((a, b) => b.weight - a.weight).slice(0, FEW);
  const hits = await Promise.all(near.map(async ({ part, id, weight }) => {
    const data = await fragment(part, id);
    return { part, score: weight, ...judged(words, { id, words: [] }, data) };
  }));
  return { hits, byRarity: content.sort((a, b) => a.papers.length - b.papers.length).map(({ word }) => word) };
};

/* Papers of a part that have a word in their titles, in about any form of it; of one with a hyphen all of it. */
const having = async (part, word) => {
  const pieces = letters(word.text).split(" ");
  const found = await Promise.all(pieces.map(async (piece) => {
    const table = await part.table(`words/${tableOf(piece)}`);
    return new Set(Object.entries(table).flatMap(([known, ids]) => (like(piece, known) ? ids : [])));
  }));
  return [...found[0]]
    .filter((id) => !part.stale.has(id) && found.every((ids) => ids.has(id)))
    .map((id) => ({ part, id }));
};

/* The number of a word's table, as generator/build/search/fielded.py has it. */
const tableOf = (word) =>
  [...word].slice(0, 4).reduce((number, letter) => (number * 31 + letter.codePointAt(0)) % TABLES, 0);
