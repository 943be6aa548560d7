/* Where a text has what was sought, and its best piece: the twin of generator/build/search/marking.py. */

import { composed, stem, STOP_WORDS, wordsWithPlaces } from "./words.js";

const LENGTH = 240; /* characters of an excerpt, about */
const BEFORE = 60;
const LITTLE = /^[0-9]{1,2}$/; /* the number of a section */

/* [[start, end, number of what is there]] of a composed text, sorted. */
export const placesIn = (text, sought) => {
  const words = wordsWithPlaces(text);
  const [byForm, byStem] = [new Map(), new Map()];
  words.forEach(({ text: word }, at) => {
    for (const [known, key] of [[byForm, word], [byStem, stem(word)]]) known.set(key, [...known.get(key) ?? [], at]);
  });
  const having = ({ word, kind }) => {
    if (kind === "start") return words.flatMap((one, at) => (one.text.startsWith(word) ? [at] : []));
    return (kind === "stem" ? byStem : byForm).get(word) ?? [];
  };
  const found = [];
  sought.forEach(({ runs }, number) => {
    for (const { steps: run } of runs) {
      if (run.length === 1 && tellsLittle(run[0])) continue;
      const others = run.slice(1).map((step) => [step.at - run[0].at, new Set(having(step))]);
      for (const at of having(run[0])) {
        if (!others.every(([away, places]) => places.has(at + away))) continue;
        found.push([words[at].start, words[at + run.at(-1).at - run[0].at].end, number]);
      }
    }
  });
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
};

/* Whether there is anything that would be marked where it stands. */
export const mayBeMarked = (sought) => sought.some(({ runs }) => runs.some(({ steps }) => steps.length > 1 || !tellsLittle(steps[0])));

const tellsLittle = ({ word }) => LITTLE.test(word) || STOP_WORDS.has(word);

/* A text in pieces, [[text, whether it is marked]]. */
export const marked = (text, places) => {
  const pieces = [];
  let at = 0;
  for (const [start, end] of places) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    if (from > at) pieces.push([text.slice(at, from), false]);
    if (pieces.at(-1)?.[1]) pieces.at(-1)[0] += text.slice(from, end); else pieces.push([text.slice(from, end), true]);
    at = end;
  }
  if (at < text.length) pieces.push([text.slice(at), false]);
  return pieces;
};

/* The piece of a text that has most of what was sought: {excerpt, cutBefore, cutAfter}, and how much
   of it, as most. */
export const excerptOf = (text, sought) => {
  const places = placesIn(text, sought);
  let [first, most] = [0, 0];
  places.forEach(([start], index) => {
    const seen = new Set();
    for (let next = index; next < places.length && places[next][1] <= start + LENGTH - BEFORE; next++) seen.add(places[next][2]);
    if (seen.size > most) [first, most] = [start, seen.size];
  });
  const words = wordsWithPlaces(text);
  const from = first > BEFORE ? words.find(({ start }) => start >= first - BEFORE)?.start ?? 0 : 0;
  let to = text.length;
  if (to > from + LENGTH) to = words.findLast(({ end }) => end <= from + LENGTH)?.end ?? from + LENGTH;
  const within = places.filter(([start, end]) => start >= from && end <= to).map(([start, end]) => [start - from, end - from]);
  return { excerpt: marked(text.slice(from, to), within), cutBefore: from > 0, cutAfter: to < text.length, most };
};
