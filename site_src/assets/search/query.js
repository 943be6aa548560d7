/* What a reader's text asks for: an arXiv id, clauses, fields, dates. Pure: no page, no worker, no clock.

   generator/build/search/query.py explains the same rules, and tests/build/search/query_vectors.json holds
   both sides to them. */

import { findDates } from "./dates.js";
import { idOf } from "./identifier.js";

const MAX_CHARACTERS = 400;
const MAX_CLAUSES = 24;

/* Narrow signs for wide ones, one space for each white space, one mark for each quotation mark. */
const narrowed = (text) => text
  .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
  .replace(/[\s\x1c-\x1f\x85\0]/g, " ")
  .replace(/[“”„‟«»「」『』〝〞]/g, '"');
const blanked = (text, start, end, sign = " ") => text.slice(0, start) + sign.repeat(end - start) + text.slice(end);
const small = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const FIELDS = {
  author: "author", authors: "author", au: "author", 作者: "author", title: "title", ti: "title", 标题: "title", 题目: "title",
  abstract: "abstract", abs: "abstract", 摘要: "abstract", tag: "tag", tags: "tag", 标签: "tag",
  category: "category", cat: "category", 类别: "category", 分类: "category", type: "type", 类型: "type",
};
const FACETS = ["category", "tag", "type"];
const FIELD_NAMES = Object.keys(FIELDS).join("|");
const PIECE = new RegExp(`([+-]?)(?:(${FIELD_NAMES}):( *)(?![+-]?(?:${FIELD_NAMES}):))?(?:"([^"]*)"?|([^ "]+))`, "dg");
const EMPTY_FIELD = new RegExp(`^[+-]?(?:${FIELD_NAMES}):$`);
const DATE_FIELD = /(?:^| )(?:since|after|before|until|year|month|date|年份?|月份?|日期): *"[^"]*"?/gi;
const ALTERNATIVES = /^[^ |()]+(?:\|[^ |()]+)+$/;
const SEPARATORS = /[,;](?![0-9])|[;、。《》【】…]/;
const LETTERS = /[\p{L}\p{N}\p{M}](?:.*[\p{L}\p{N}\p{M}])?[+#×*%]*/u;

const trimmed = (text) => text.match(LETTERS)?.[0] ?? "";

const piecesOf = (text) => [...small(text).matchAll(PIECE)].flatMap(({ 0: all, 1: sign, 2: field, 3: gap, 5: word, indices }) => {
  const [start, end] = indices[0];
  const written = text.slice(start, end);
  if (["AND", "&", "&&"].includes(written) || EMPTY_FIELD.test(all)) return [];
  if (["OR", "|", "||"].includes(written)) return [{ start, end, first: start, last: end, kind: "or", field: "", sign: "" }];
  const [first, last] = indices[word === undefined ? 4 : 5];
  return [{
    start, end, first, last,
    kind: word === undefined ? "phrase" : "word",
    field: gap && field === "abstract" ? "" : FIELDS[field] ?? "", /* as a pasted one begins */
    sign: /^[+-]/.test(word ?? "") ? "" : sign, /* two signs are none */
  }];
});

/* The text with NULs where no date can be: only among plain words, and not beside OR. */
const masked = (text, pieces) => pieces.reduce((result, { kind, field, sign, start, end }, place) => {
  const besideOr = [pieces[place - 1], pieces[place + 1]].some((other) => other?.kind === "or");
  return kind !== "word" || field || sign || besideOr ? blanked(result, start, end, "\0") : result;
}, text);
const without = (text, places) => places.reduce((result, { start, end }) => blanked(result, start, end), text);

/* What a piece asks for: groups of alternatives. */
const clausesOf = (text, { first, last, kind, field, sign }) => {
  if (kind === "or") return [];
  const value = text.slice(first, last);
  const clause = (written) => ({
    kind, text: (kind === "word" && !field && idOf(small(written))) || trimmed(written), field, sign,
  });
  const whole = kind === "phrase" || FACETS.includes(field);
  if (!whole && ALTERNATIVES.test(value)) {
    const several = value.split("|").map(clause).filter((one) => one.text);
    return sign === "-" ? several.map((one) => [one]) : [several].filter((group) => group.length);
  }
  const parts = whole ? [value] : value.split(" ").flatMap((word) => word.split(SEPARATORS));
  return parts.map((part) => [clause(part)]).filter(([one]) => one.text);
};

/* What is left out is no alternative. */
const groupsOf = (text, pieces) => {
  const groups = [];
  let [joined, open] = [false, false];
  for (const piece of pieces) {
    joined ||= piece.kind === "or";
    for (const found of clausesOf(text, piece)) {
      const negative = found[0].sign === "-";
      if (joined && open && !negative) groups.at(-1).push(...found);
      else groups.push(found);
      open = !negative;
      joined = false;
    }
  }
  return groups;
};

/* As many as are searched, and whether there were more. */
const firstOnes = (groups) => {
  const kept = [];
  let room = MAX_CLAUSES;
  for (const group of groups) {
    if (group.length > room) return [room ? [...kept, group.slice(0, room)] : kept, true];
    kept.push(group);
    room -= group.length;
  }
  return [kept, false];
};

/* What narrows, and the groups without the first value of each facet. */
const filtersOf = (groups, dates) => {
  const filters = { category: "", tag: "", type: "", since: "", before: "" };
  const rest = groups.filter(([one, ...others]) => {
    const plain = !others.length && FACETS.includes(one.field) && one.sign !== "-" && !filters[one.field];
    if (plain) filters[one.field] = one.text;
    return !plain;
  });
  const spans = dates.filter(({ since, before }) => since && before);
  const pick = (texts, place) => texts.sort().at(place) ?? "";
  filters.since = pick([pick(spans.map((one) => one.since), 0), ...dates.filter((one) => !one.before).map((one) => one.since)], -1);
  const ends_ = [pick(spans.map((one) => one.before), -1), ...dates.filter((one) => !one.since).map((one) => one.before)];
  filters.before = pick(ends_.filter(Boolean), 0);
  return [filters, rest];
};

/* A reader's text, read: {identifier, clauses, filters, dates, fields, text, cut}. today is an ISO day, words are
   dates as typed that are to be searched as words. */
export const parse = (text, today, words = []) => {
  const characters = [...text.slice(0, 2 * MAX_CHARACTERS + 2)];
  const typed = characters.slice(0, MAX_CHARACTERS).join("");
  const narrow = narrowed(typed).replace(DATE_FIELD, (found) => found.replaceAll('"', " "));
  const pieces = piecesOf(narrow);
  const places = findDates(masked(small(narrow), pieces), typed, today, words);
  const identifier = idOf(small(without(narrow, places)));
  const nothing = { category: "", tag: "", type: "", since: "", before: "" };
  if (identifier) {
    const clauses = [[{ kind: "word", text: identifier, field: "", sign: "" }]];
    return { identifier, clauses, filters: nothing, dates: [], fields: [], text: identifier, cut: false };
  }
  const [groups, cut] = firstOnes(groupsOf(without(narrow, places), pieces));
  const dates = places.map(({ start, end, ...date }) => date);
  const [filters, clauses] = filtersOf(groups, dates);
  const fields = pieces.filter((one) => one.field).map(({ field, sign, start, end, first, last }) => (
    { field, value: trimmed(narrow.slice(first, last)), sign, text: typed.slice(start, end) })).filter(({ value }) => value);
  const free = clauses.flat().filter((one) => !one.field && one.sign !== "-").map((one) => one.text).join(" ");
  return { identifier: "", clauses, filters, dates, fields, text: free, cut: cut || text.length > typed.length };
};
