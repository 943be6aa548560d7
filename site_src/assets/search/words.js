/* One notion of a word, for texts and queries: generator/build/search/words.py explains it.
   tests/build/search/words_vectors.json holds both to it. */

import { load, once, SITE } from "./loading.js";

export const STOP_WORDS = new Set(
  "a an and are as at be by for from in is it its of on or our that the this to we with".split(" "));

const CJK = "\\u3005\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}" +
  "\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\uac00-\\ud7a3";
const LETTERS_ON = `(?:(?![${CJK}])[\\p{L}\\p{N}])+`;
const NUMBER = "[0-9]+(?:[.][0-9]+|,[0-9]{3}(?![0-9]))*";
const PIECE = new RegExp(
  `(${NUMBER}(?=[xX×](?:[0-9]|[A-Za-z]+[0-9]))|[0-9]+(?=[xX×] (?:[0-9]|[A-Za-z]+[0-9])))[xX×]` +
  `|([${CJK}]+)` +
  `|(${LETTERS_ON}(?:(?<=[0-9])(?:[.](?=[0-9])|,(?=[0-9]{3}(?![0-9])))${LETTERS_ON})*` +
  `(?:(?<=[0-9])×(?!${LETTERS_ON}))?)`, "gu");
const IS_RUN = new RegExp(`^[${CJK}]`, "u");
const LETTERS = {
  ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ŋ: "n", ς: "σ", æ: "ae", œ: "oe", ß: "ss", þ: "th", "×": "x", ",": "",
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");

const AMERICAN = [
  [/([lnrmtgd])is(e|ed|es|er|ers|ing|ation|ations|able)$/, "$1iz$2"],
  [/lys(e|ed|er|ers|ing)$/, "lyz$1"],
  [/^(behavi|col|fav|neighb|lab|hon|rum|harb|hum|vap|flav|endeav|arm|tum|vig|rig)our/, "$1or"],
  [/^(cent|met|kilomet|fib|theat|lit|spect|calib)re(s|d)?$/, "$1er$2"],
  [/(model|label|travel|cancel|signal|channel|tunnel|level|fuel)l(ed|ing|er|ers)$/, "$1$2"],
  [/(catal|dial|anal|homol|mon|epil|prol)ogue(s|d)?$/, "$1og$2"],
  [/^(def|off|pret)ence(s?)$/, "$1ense$2"],
  [/^licence/, "license"],
  [/^programme(s?)$/, "program$1"],
  [/^artefact/, "artifact"],
  [/^judgement/, "judgment"],
  [/^ageing$/, "aging"],
  [/^sceptic/, "skeptic"],
  [/^grey/, "gray"],
  [/^mould/, "mold"],
];

export const isRun = (word) => IS_RUN.test(word);

export const fold = (text) => {
  const apart = text.toLowerCase().normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "");
  return apart.replace(SPECIAL, (letter) => LETTERS[letter]).replace(/[^\p{L}\p{N}.]/gu, "");
};

/* A text whose letters have their diacritics in them. */
export const composed = (text) => text.normalize("NFC");

/* The words of a text, which must be composed, with their places, [{text, start, end}]. */
export const wordsWithPlaces = (text) => {
  const found = [];
  for (const { 1: number, 2: run, 3: letters, index } of text.matchAll(PIECE)) {
    if (!run) {
      const word = fold(number ?? letters);
      if (word) found.push({ text: word, start: index, end: index + (number ?? letters).length });
      continue;
    }
    const characters = [...run.normalize("NFKC")];
    let start = index;
    characters.forEach((character, at) => {
      const pair = character + (characters[at + 1] ?? "");
      found.push({ text: pair, start, end: start + pair.length });
      start += character.length;
    });
  }
  return found;
};

export const words = (text) => wordsWithPlaces(composed(text)).map((word) => word.text);

/* What all forms of a word have in common. Porter's stemmer is lunr's. */
let lunr;
export const loadStemmer = once(async () => { lunr = (await load(new URL("search/lunr.js", SITE))).default; });
const stems = new Map();
export const stem = (word) => {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  if (!stems.has(word)) {
    let changed = word;
    for (const [pattern, replacement] of AMERICAN) {
      changed = word.replace(pattern, replacement);
      if (changed !== word) break;
    }
    /* lunr.js leaves a y behind a vowel where lunr.py has an i. */
    stems.set(word, lunr.stemmer(new lunr.Token(changed, {})).toString().replace(/y$/, "i"));
  }
  return stems.get(word);
};
