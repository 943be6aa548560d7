/* What a query's clauses want, and which papers of a part have it: the twin of
   generator/build/search/wanted.py. Wanted is a list of alternatives, {sought, field, value}. */

import { either, matches, MOST_IMPACT, sought, soughtExactly, soughtTogether, TITLE_BIT } from "./matching.js";
import { isOf, nameTable } from "./names.js";
import { words } from "./words.js";

export const FACETS = ["category", "tag", "type"];

/* {text, words, phrases, hard, without}: of words and phrases the more the better, all of what is hard. */
export const demandOf = async (query, parts) => {
  const [phrases, hard, without, free] = [[], [], [], []];
  const dictionaries = parts.map((part) => part.dictionary);
  for (const group of query.clauses) {
    const [first] = group;
    if (group.length === 1 && first.kind === "word" && !first.field && !first.sign) {
      free.push(first.text);
      continue;
    }
    const wanted = (await Promise.all(group.map((clause) => alternative(clause, dictionaries)))).filter(Boolean);
    if (wanted.length) (first.sign === "-" ? without : first.sign === "+" || first.field ? hard : phrases).push(wanted);
  }
  const text = free.join(" ");
  const found = (await sought(text, dictionaries)).map((one) => [{ sought: one }]);
  const onlySmall = found.length ? null : await soughtExactly(text, dictionaries); /* to be or not to be */
  if (onlySmall) found.push([{ sought: onlySmall }]);
  return { text, words: found, phrases, hard, without };
};

/* The papers of a part that have one of the alternatives. */
export const having = async (wanted, part) => {
  const found = either(await Promise.all(wanted.map((one) => havingOne(one, part))));
  return new Map([...found].filter(([paper]) => !part.stale.has(paper)));
};

/* The authors of a part who could be meant, Map(name -> papers). */
export const authorsOf = async (typed, part, open = false) => {
  const has = (name) => words(name).some((own) => own === typed[0] || (open && own.startsWith(typed[0])));
  const found = new Map();
  for (const [name, papers] of await namesNear(typed, part)) {
    const meant = typed.length === 1 ? has(name) : isOf(name, typed);
    if (meant) found.set(name, papers.filter((paper) => !part.stale.has(paper)));
  }
  return found;
};

/* All names that share the beginning of a word with what was typed. */
export const namesNear = async (typed, part) => {
  const tables = [...new Set(typed.filter((word) => word.length > 1).map(nameTable))].sort((a, b) => a - b);
  const { names } = await part.table("part");
  const found = await Promise.all(tables.filter((number) => names.includes(String(number))).map((number) => part.table(`names/${number}`)));
  return found.flatMap((table) => Object.entries(table));
};

export const withFacet = async (facet, value, part) => {
  const facets = await part.table("facets");
  const place = FACETS.indexOf(facet);
  const wanted = words(value).join(" ");
  const meant = new Set(facets[facet].flatMap((known, number) => (words(known).join(" ") === wanted ? [number] : [])));
  return facets.rows.flatMap((row, paper) => ([row[place]].flat().some((number) => meant.has(number)) ? [paper] : []));
};

const alternative = async (clause, dictionaries) => {
  if (FACETS.includes(clause.field) || clause.field === "author") return { field: clause.field, value: clause.text };
  const exactly = clause.kind === "phrase" || clause.sign === "+";
  const found = await (exactly ? soughtExactly : soughtTogether)(clause.text, dictionaries);
  return found && { sought: found, field: clause.field };
};

const havingOne = async ({ sought: one, field, value }, part) => {
  if (field === "author") {
    const named = words(value).length ? await authorsOf(words(value), part, value.endsWith("*")) : new Map();
    return new Map([...named.values()].flat().map((paper) => [paper, MOST_IMPACT]));
  }
  if (FACETS.includes(field)) return new Map((await withFacet(field, value, part)).map((paper) => [paper, 1]));
  const found = one ? await matches(one, part.dictionary) : new Map();
  return field === "title" ? new Map([...found].filter(([, impact]) => impact & TITLE_BIT)) : found;
};
