/* Phrases. Of a run without spaces every other pair of characters tells nearly all, and every pair costs a
   piece of the index; what the others would tell is seen in the few texts that are left. */

import { exact, results } from "./parts.js";
import { isPair } from "./segment.js";

const TEXTS = 6; /* cost as much as a pair */

/* Papers of a part that have a phrase, each with the places of its words. */
export const searchPhrase = async (part, text) => {
  const pairs = text.split(" "); /* asked without quotation marks, or Pagefind tells one place of each paper only */
  if (pairs.length < 3 || !pairs.every(isPair)) return results(part, exact(text));
  let left = await results(part, pairs[0]);
  let more = pairs.length - 1;
  for (let at = 2; left.length > TEXTS * more && at <= pairs.length; at += 2) {
    const place = Math.min(at, pairs.length - 1);
    left = following(left, await results(part, pairs[place]), place);
    more -= 1;
  }
  return left.length > TEXTS * more ? results(part, exact(text)) : inTexts(left, pairs);
};

/* Those that have the next pair, too, in its place behind a beginning of the phrase. */
const following = (left, found, at) => {
  const places = new Map(found.map((result) => [result.id, result]));
  return left.flatMap((result) => {
    const other = places.get(result.id);
    const here = new Set(other?.words.map((place) => place - at));
    const words = result.words.filter((place) => here.has(place));
    return words.length ? [{ ...result, words, score: result.score + other.score }] : [];
  });
};

const inTexts = async (left, pairs) => {
  const found = await Promise.all(left.map(async (result) => {
    const data = await result.data();
    const text = data.raw_content.split(/\s+/);
    const starts = result.words.filter((place) => pairs.every((pair, at) => text[place + at] === pair));
    return { ...result, data: () => data, words: starts.flatMap((place) => pairs.map((_, at) => place + at)) };
  }));
  return found.filter((result) => result.words.length);
};
