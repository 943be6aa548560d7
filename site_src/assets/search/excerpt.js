/* A hit as it is shown: real text, with what was found marked. */

import { GLUE, isPair, marked, spaced } from "./segment.js";

const EXCERPT_WORDS = 34;

export const item = async (hit) => {
  const data = await hit.result.data();
  const words = data.raw_content.split(/\s+/).map((word) => word.replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
  /* The text begins with title, authors and id. */
  const head = words.findIndex((word) => word.startsWith(data.meta.id)) + 1;
  const found = new Set(hit.result.words);
  const inText = [...found].filter((at) => at >= head).sort((a, b) => a - b);
  let best = head;
  let most = 0;
  inText.forEach((start, index) => {
    const seen = new Set();
    for (let next = index; inText[next] < start + EXCERPT_WORDS - 8; next++) seen.add(words[inText[next]].toLowerCase());
    if (seen.size > most) [most, best] = [seen.size, Math.max(head, start - 8)];
  });
  /* Not from the middle of a run of pairs. */
  const end = Math.min(words.length, best + EXCERPT_WORDS * (isPair(words[best + 8] ?? "") ? 2 : 1));
  const excerpt = marked(words.slice(best, end), (at) => found.has(best + at));
  const { id, title, authors, day, category, score, summary } = data.meta;
  return {
    id, title, authors, day, category, score, summary: summary === "1", excerpt,
    cutBefore: best > head, cutAfter: end < words.length,
    marks: marksIn(title, words, found), via: hit.via?.map(([, to]) => to) ?? null,
  };
};

/* What to mark in the title: the words that were found. */
const marksIn = (title, words, found) => {
  const plain = (word) => word.replaceAll(GLUE, "").replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").toLowerCase();
  const wanted = new Set([...found].map((at) => plain(words[at] ?? "")).filter(Boolean));
  const cut = spaced(title).split(/\s+/);
  return marked(cut, (at) => wanted.has(plain(cut[at])));
};
