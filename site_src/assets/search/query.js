/* What a reader's text asks for. */

import { fetchReally, once, SITE } from "./parts.js";
import { clauses as cut } from "./segment.js";

const MAX_WORDS = 24;
const MAX_CHARACTERS = 400;
let glossary;

export const loadGlossary = once(async () => {
  const answer = await fetchReally(new URL("../glossary.json", import.meta.url));
  const entries = answer.ok ? await answer.json() : []; /* an operator may do without */
  glossary = new Map();
  for (const { zh, en } of entries) {
    for (const form of zh) glossary.set(form.toLowerCase(), en[0]);
    for (const form of en) glossary.set(form.toLowerCase(), zh[0]);
  }
});

/* Clauses for Pagefind, which finds no word with a symbol in it, but the words beside one. Telephones
   write curly quotation marks. */
export const clausesOf = (text) => cut(text.replace(/[“”„]/g, '"')).flatMap((clause) => {
  if (clause.kind !== "word") return [clause];
  const words = clause.text.split(/\p{S}+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const longer = words.filter((word) => word.length > 1);
  return (longer.length ? longer : words).map((word) => ({ ...clause, text: word }));
});

const FIELD = /^([+-]?)(author|title|tag|category):(.*)$/is;

/* The reader's text: fields for lunr, the rest for Pagefind. */
export const parse = (text) => {
  const fields = [];
  const rest = [];
  const cut = text.slice(0, MAX_CHARACTERS);
  for (const [token] of cut.matchAll(/[+-]?(?:(?:author|title|tag|category):)?"[^"]*"?|\S+/gi)) {
    const field = token.match(FIELD);
    const value = (field ? field[3] : token.replace(/^[+-]/, "")).replaceAll('"', " ");
    const sign = field ? field[1] : token.match(/^[+-](?=.)/)?.[0];
    if (!field && !sign) rest.push(token);
    else if (value.trim()) fields.push({ field: field?.[2].toLowerCase(), value, not: sign === "-" });
  }
  const clauses = clausesOf(rest.join(" "));
  return {
    fields,
    text: rest.join(" "),
    clauses: clauses.slice(0, MAX_WORDS),
    cut: text.length > MAX_CHARACTERS || clauses.length > MAX_WORDS,
    typing: !/\s$/.test(text),
  };
};

/* The query in the other language, {text, terms: [[from, to]]}; null where no term is known. */
export const widened = (text) => {
  const terms = [];
  const lower = text.toLowerCase();
  let result = "";
  for (let at = 0; at < text.length;) {
    let found = "";
    const inWord = (index) => /[\p{Script=Latin}\p{N}]/u.test(lower[index] ?? "");
    for (let end = Math.min(text.length, at + 60); end > at && !found; end--) {
      const form = lower.slice(at, end);
      /* Latin terms as whole words, in the plural too. */
      const whole = !(inWord(at - 1) && inWord(at)) && !(inWord(end) && inWord(end - 1));
      if (whole && glossary.has(form)) found = form;
      else if (whole && form.endsWith("s") && glossary.has(form.slice(0, -1))) found = form;
    }
    if (found) {
      const other = glossary.get(found) ?? glossary.get(found.slice(0, -1));
      terms.push([text.slice(at, at + found.length), other]);
      result += ` "${other}" `;
      at += found.length;
    } else result += text[at++];
  }
  return terms.length ? { text: result, terms } : null;
};

const ARXIV_ID = /^(?:arxiv:|(?:https?:\/\/)?(?:www\.|export\.)?arxiv\.org\/(?:abs|pdf|html)\/)?(\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z-]+)?\/\d{7})(?:v\d+)?(?:\.pdf)?\/?$/i;

/* The page of an arXiv id as a reader writes it: {id, url, title}, url "" where there is none. */
export const lookUp = async (text) => {
  const match = text.trim().match(ARXIV_ID);
  if (!match) return null;
  const id = match[1].toLowerCase().replace(/^([a-z-]+)\.[a-z-]+\//, "$1/");
  const answer = await fetchReally(new URL(`papers/${id}/`, SITE));
  if (!answer.ok) return { id, url: "", title: "" };
  const title = (await answer.text()).match(/<title>([^<]*?)(?: · [^<·]*)?<\/title>/)?.[1] ?? id;
  return { id, url: new URL(`papers/${id}/`, SITE).href, title };
};
