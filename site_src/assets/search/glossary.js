/* Terms in two languages, and a query cut into them: generator/build/search/glossary.py explains it. */

import { once } from "./loading.js";

const LONGEST = 60;
let glossary;

export const loadGlossary = once(async () => {
  const answer = await fetch(new URL("../glossary.json", import.meta.url));
  const entries = answer.ok ? await answer.json() : []; /* an operator may do without */
  glossary = new Map();
  for (const { zh, en } of entries) {
    for (const form of zh) glossary.set(form.toLowerCase(), en[0]);
    for (const form of en) glossary.set(form.toLowerCase(), zh[0]);
  }
});

/* [[piece, the other language's term or ""]]. */
export const segments = (text) => {
  const lower = text.toLowerCase();
  const found = [];
  let [at, start] = [0, 0];
  while (at < text.length) {
    const term = longest(lower, at);
    if (!term) {
      at += 1;
      continue;
    }
    if (at > start) found.push([text.slice(start, at), ""]);
    found.push([text.slice(at, at + term.length), glossary.get(term) ?? glossary.get(term.slice(0, -1))]);
    at += term.length;
    start = at;
  }
  if (start < text.length) found.push([text.slice(start), ""]);
  return found;
};

/* The longest term at a place, Latin ones as whole words, in the plural too. */
const longest = (lower, at) => {
  const inWord = (index) => /[\p{Script=Latin}\p{N}]/u.test(lower[index] ?? "");
  if (inWord(at - 1) && inWord(at)) return "";
  for (let end = Math.min(lower.length, at + LONGEST); end > at; end--) {
    const form = lower.slice(at, end);
    const known = glossary.has(form) || (form.endsWith("s") && glossary.has(form.slice(0, -1)));
    if (known && !(inWord(end) && inWord(end - 1))) return form;
  }
  return "";
};
