/* The parts of the index, newest first, and their files, loaded when they are asked for.
   generator/build/search/ makes them. */

import { Dictionary } from "./dictionary.js";
import { answered, json, once, remembered, ROOT } from "./loading.js";

export const loadParts = once(async () => {
  const { parts } = await json(new URL("parts.json", ROOT));
  return parts.map((part) => {
    const address = (name) => new URL(`${part.name}/${name}?${part.version}`, ROOT);
    const table = remembered((name) => json(address(`${name}.json`)));
    const bytes = remembered(async (name) => new Uint8Array(await (await answered(address(name))).arrayBuffer()));
    const stale = new Set(part.stale);
    return { ...part, stale, size: part.papers - stale.size, table, dictionary: new Dictionary(table, bytes) };
  });
});

/* What the results show of a paper. */
export const shownOf = async (part, paper) => {
  const { block, days } = await part.table("part");
  const rows = await part.table(`papers/${Math.floor(paper / block)}`);
  const [id, title, authors, more, category, score, summary] = rows[paper % block];
  return { id, title, authors, more, category, score, summary: summary > 0, phrases: summary === 2, day: dayOf(days, paper) };
};

const dayOf = (days, paper) => {
  let end = 0;
  for (const [day, count] of days) {
    end += count;
    if (paper < end) return day;
  }
  return "";
};

/* The day of every paper of a part, in order. */
export const daysOf = async (part) => {
  part.days ??= (await part.table("part")).days.flatMap(([day, count]) => Array(count).fill(day));
  return part.days;
};
