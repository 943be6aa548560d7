/* Authors by what a reader writes of their names: the twin of generator/build/search/names.py, which explains it. */

import { distance } from "./spelling.js";
import { words } from "./words.js";

const MOST_WORDS = 5;
const LONG = 9;
const TABLES = 64;

export const couldBeName = (typed) => typed.length > 1 && typed.length <= MOST_WORDS && typed.some((word) => word.length > 1);

export const isOf = (name, typed) => {
  const [own, wanted] = [words(name).map(plain), typed.map(plain)];
  return joined(own).some((one) => joined(wanted).some((other) => fit(one, other)));
};

export const isNearly = (name, typed) => {
  const text = typed.join(" ");
  const most = text.length >= LONG ? 2 : 1;
  const away = distance(text, words(name).join(" "), most);
  return away <= most ? away : 9;
};

/* The number of the table with the names that have a word, as generator/build/search/tables.py has it. */
export const nameTable = (word) => [...word].slice(0, 2).reduce((number, letter) => (number * 31 + letter.codePointAt(0)) % TABLES, 0);

const plain = (word) => word.replace(/([aou])e/g, "$1");

const joined = (parts) => [parts, ...parts.slice(1).map((_, at) => [...parts.slice(0, at), parts[at] + parts[at + 1], ...parts.slice(at + 2)])];

const alike = (own, wanted) => own === wanted || (wanted.length === 1 && own[0] === wanted);

const fit = (own, wanted) => {
  if (wanted.length > own.length || !wanted.some((word) => word.length > 1 && own.includes(word))) return false;
  const place = (at, used) => {
    if (at === wanted.length) return used.has(own.length - 1);
    return own.some((word, index) => {
      if (used.has(index) || !alike(word, wanted[at])) return false;
      used.add(index);
      const fits = place(at + 1, used);
      used.delete(index);
      return fits;
    });
  };
  return place(0, new Set());
};
