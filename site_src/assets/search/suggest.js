/* "Did you mean": names, titles and words near to what was asked for. */

import { MANY } from "./match.js";
import { parts } from "./parts.js";
import { letters } from "./text.js";

/* Damerau's distance (adjacent letters may change places), or more than most. */
const distance = (a, b, most) => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before = [];
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      least = Math.min(least, row[j]);
    }
    if (least > most) return most + 1;
    [before, above] = [above, row];
  }
  return above[b.length];
};

/* A name or title near the query, or the query with its unknown words put right; "" for none. */
export const suggestion = async (query, counts) => {
  const words = query.clauses.filter((clause) => clause.kind === "word").map((clause) => clause.text);
  if (!words.length || words.length !== query.clauses.length) return "";
  const text = letters(query.text);
  const most = text.length < 5 ? 1 : text.length < 14 ? 2 : 3;
  const all = async (table) => (await Promise.all(parts.map((part) => part.table(table)))).flat();
  const names = [...new Set(await all("authors"))].map((name) => [name, letters(name)]);
  const near = (candidates, allowed) => {
    let best = { away: allowed + 1, name: "" };
    for (const [name, plain] of candidates) {
      const away = distance(text, plain, Math.min(best.away, allowed));
      if (away < best.away) best = { away, name };
      if (away === 0) return { away, name: "" };
    }
    return best;
  };
  if (words.length <= 5) {
    const whole = near(names, Math.min(most, 2));
    if (whole.name || whole.away === 0) return whole.name;
  }
  if (!counts.includes(0) && words.length <= MANY) return "";
  const titles = (await all("titles")).map((title) => [title, letters(title)]);
  const title = text.length > 20 ? near(titles, Math.ceil(text.length / 12)) : { name: "" };
  if (title.name) return title.name;
  /* Word by word, from the words of titles and names. */
  const vocabulary = new Map();
  for (const [, plain] of [...titles, ...names]) {
    for (const word of plain.split(" ")) vocabulary.set(word, (vocabulary.get(word) ?? 0) + 1);
  }
  let changed = false;
  const corrected = words.map((word, at) => {
    const plain = letters(word);
    if (counts[at] || vocabulary.has(plain)) return word;
    const allowed = plain.length < 4 ? 0 : plain.length < 8 ? 1 : 2;
    let best = { away: allowed + 1, often: 0, word };
    for (const [candidate, often] of vocabulary) {
      const away = distance(plain, candidate, Math.min(best.away, allowed));
      if (away < best.away || (away === best.away && away <= allowed && often > best.often)) best = { away, often, word: candidate };
    }
    changed ||= best.word !== word;
    return best.word;
  });
  return changed ? corrected.join(" ") : "";
};
