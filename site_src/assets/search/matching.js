/* What free text asks of the dictionary, and which papers of a part have it: the twin of
   generator/build/search/matching.py, which explains it. A sought thing is {text, runs, apart}, a run
   {steps: [{at, word, kind}], how}; matches are a Map of papers with the bytes of their impacts. */

import { formsOf } from "./dictionary.js";
import { composed, isRun, stem, STOP_WORDS, wordsWithPlaces } from "./words.js";

export const TITLE_BIT = 128;
export const MOST_IMPACT = 127;
const TOGETHER = /^(?:[-\u2010-\u2015'\u2019._+×·]?|[xX×] )$/;
const VERSION = /^[0-9]{1,3}(?:\.[0-9]+)*[a-wyz]?$/;
const LONGEST_CHAIN = 4;
const NEAR = 3;

export const sought = async (text, dictionaries) => {
  const found = [];
  let chains = chainsOf(text);
  while (chains.length) {
    const [first, ...rest] = chains;
    const bound = first.length > 1 ? [] : await boundTo(first[0], rest, dictionaries);
    chains = rest.slice(bound.length);
    found.push(await ofChain([...first, ...bound], dictionaries, "stem", true));
  }
  return found.filter(Boolean);
};

/* What a phrase asks for; null where it has no word that counts. */
export const soughtExactly = (text, dictionaries) => ofChain(chainsOf(text).flat(), dictionaries, "form");

/* What words in a row ask for, each in any form, loosely anywhere too. */
export const soughtTogether = (text, dictionaries, loosely) => ofChain(chainsOf(text).flat(), dictionaries, "stem", loosely);

/* The papers of a part that have it. */
export const matches = async (one, dictionary) => {
  return either(await Promise.all(one.runs.map((run) => havingRun(run, dictionary))));
};

/* The papers of any choice, each with its largest impact. */
export const either = (choices) => {
  const found = new Map();
  for (const [paper, impact] of choices.flatMap((one) => [...one])) {
    const known = found.get(paper) ?? 0;
    found.set(paper, Math.max(known & MOST_IMPACT, impact & MOST_IMPACT) | ((known | impact) & TITLE_BIT));
  }
  return found;
};

const chainsOf = (raw) => {
  const whole = composed(raw);
  const chains = [];
  let before = 0;
  for (const { text: word, start, end } of wordsWithPlaces(whole)) {
    const overlaps = start < before;
    const oneScript = chains.length && isRun(chains.at(-1).at(-1).word) === isRun(word);
    if (!(overlaps || (oneScript && TOGETHER.test(whole.slice(before, start))))) chains.push([]);
    chains.at(-1).push({ word, start, end, overlaps, whole });
    before = end;
  }
  return chains;
};

const isAscii = (word) => /^[\x00-\x7f]*$/.test(word);
const takeWhile = (all, test) => {
  const end = all.findIndex((one) => !test(one));
  return end < 0 ? all : all.slice(0, end);
};

const boundTo = async (first, chains, dictionaries) => {
  const behind = takeWhile(chains, (one) => one.length === 1 && isAscii(one[0].word)).map(([one]) => one);
  if (!isAscii(first.word) || STOP_WORDS.has(first.word)) return [];
  if (!/^[0-9]/.test(first.word)) {
    const versions = takeWhile(behind, (one) => VERSION.test(one.word));
    if (versions.length) return versions.slice(0, LONGEST_CHAIN - 1);
  }
  for (const length of [2, 1]) {
    const some = [first, ...behind.slice(0, length)].map(({ word }) => word);
    if (some.length > length && await isOneWord(some, dictionaries)) return behind.slice(0, length);
  }
  return [];
};

const isOneWord = async (parts, dictionaries) => {
  if (parts.some((part) => STOP_WORDS.has(part))) return false;
  const stems = parts.map(stem).join(" ");
  const all = await Promise.all(dictionaries.map((dictionary) => dictionary.forms(stem(parts.join("")))));
  return all.flat().some((form) => form.count || form.apart.split(" ").map(stem).join(" ") === stems);
};

const ofChain = async (all, dictionaries, kind, loosely = false) => {
  if (!all.length) return null;
  const last = all.at(-1);
  const typed = all.length > 1 && last.overlaps && [...last.word].length === 1 ? all.slice(0, -1) : all;
  const steps = typed.map((one, at) => stepOf(one, at, kind, at === typed.length - 1))
    .filter((_, at) => kind === "form" || !STOP_WORDS.has(typed[at].word));
  if (!steps.length) return null;
  const words = typed.map(({ word }) => word);
  const hasRuns = words.some(isRun);
  const how = loosely && !hasRuns && words.some((word) => /\p{Nd}/u.test(word)) ? "near" : "row";
  const rows = [steps];
  if (how === "near" && steps.length === words.length && words.length > 1 && /^[0-9]+$/.test(words[0])) {
    rows.push([`${words[0]}x`, ...words.slice(1)].map((word, at) => ({ at, word: kind === "stem" ? stem(word) : word, kind })));
  }
  if (!typed.some(isOpen) && typed.length === steps.length && typed.length <= LONGEST_CHAIN && !hasRuns) rows.push(...await spellings(words, dictionaries, kind));
  const runs = [...new Map(rows.map((row) => [JSON.stringify(row), { steps: row, how }])).values()];
  const text = typed[0].whole.slice(typed[0].start, typed.at(-1).end);
  /* What is typed with spaces may stand anywhere, but for a digit alone, which hardly a text lacks. */
  if (loosely && !hasRuns && (how === "row" || text.includes(" "))) {
    const telling = runs.filter(({ steps: each }) => each.length > 1 && !each.some(({ word }) => /^[0-9]$/.test(word)));
    runs.push(...telling.map((run) => ({ ...run, how: "anywhere" })));
  }
  const apart = steps.length > 1
    ? steps.filter(({ word }) => !STOP_WORDS.has(word)).map((step) => ({ text: step.word, runs: [{ steps: [{ ...step, at: 0 }], how: "row" }], apart: [] }))
    : [];
  return { text, runs, apart };
};

const isOpen = ({ whole, end }) => whole[end] === "*";

const stepOf = (typed, at, kind, isLast) => {
  const { word } = typed;
  if (!isRun(word) && isOpen(typed)) return { at, word, kind: "start" };
  if (!isRun(word)) return { at, word: kind === "stem" ? stem(word) : word, kind };
  return { at, word, kind: [...word].length === 1 && isLast ? "start" : "form" };
};

const spellings = async (words, dictionaries, kind) => {
  const found = [];
  for (let size = 2; size <= words.length; size++) {
    for (let at = 0; at + size <= words.length; at++) found.push([...words.slice(0, at), words.slice(at, at + size).join(""), ...words.slice(at + size)]);
  }
  for (const [at, word] of words.entries()) {
    const all = await Promise.all(dictionaries.map((dictionary) => dictionary.forms(stem(word))));
    const forms = all.flat().filter((form) => form.apart && (kind === "stem" || form.text === word));
    const apart = [...new Set(forms.map((form) => form.apart))].sort();
    found.push(...apart.map((parts) => [...words.slice(0, at), ...parts.split(" "), ...words.slice(at + 1)]));
  }
  return found.map((each) => each.map((word, at) => ({ at, word: kind === "stem" ? stem(word) : word, kind })));
};

const havingRun = async ({ steps, how }, dictionary) => {
  const each = (await Promise.all(steps.map((step) => formsFor(step, dictionary, false)))).map(papersOf);
  if (each.length === 1) return each[0];
  let papers = [...each[0].keys()].filter((paper) => each.every((matching) => matching.has(paper)));
  if (!papers.length) return new Map();
  const share = how === "anywhere" ? 2 : 1;
  if (share === 1) {
    const placed = await Promise.all(steps.map((step) => formsFor(step, dictionary, true)));
    papers = papers.filter((paper) => together(steps, how, placed, paper));
  }
  return new Map(papers.map((paper) => {
    const impacts = each.map((matching) => matching.get(paper));
    const title = impacts.every((impact) => impact & TITLE_BIT) ? TITLE_BIT : 0;
    return [paper, Math.max(Math.floor(Math.min(...impacts.map((impact) => impact & MOST_IMPACT)) / share), 1) | title];
  }));
};

const together = (steps, how, placed, paper) => {
  const places = placed.map((forms) => new Set(forms.flatMap((form) => form.places.get(paper) ?? [])));
  let here = places[0];
  for (let at = 1; at < steps.length && here.size; at++) {
    const away = steps[at].at - steps[at - 1].at;
    const before = here;
    const fits = how === "row"
      ? (place) => before.has(place - away)
      : (place) => [...before].some((other) => other !== place && Math.abs(place - other) <= NEAR);
    here = new Set([...places[at]].filter(fits));
  }
  return here.size > 0;
};

const formsFor = ({ word, kind }, dictionary, places) => {
  if (kind === "start") return dictionary.beginning(word, places);
  return kind === "stem" ? dictionary.forms(word, places) : formsOf(dictionary, word, places);
};

const papersOf = (forms) => {
  const found = new Map();
  for (const { papers, impacts } of forms) {
    papers.forEach((paper, at) => {
      const known = found.get(paper) ?? 0;
      const total = Math.min((known & MOST_IMPACT) + (impacts[at] & MOST_IMPACT), MOST_IMPACT);
      found.set(paper, total | ((known | impacts[at]) & TITLE_BIT));
    });
  }
  return found;
};
