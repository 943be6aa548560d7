/* A part's dictionary, as generator/build/search/postings.py describes its files; the twin of
   generator/build/search/dictionary.py. A form is {text, count, apart, papers, impacts, places}. */

import { stem } from "./words.js";

const LETTERS = 3; /* of a word, what its stem has too */

export class Dictionary {
  constructor(table, bytes) {
    this.table = table;
    this.bytes = bytes;
    this.shards = new Map();
  }

  /* The forms of a stem, with their places if asked for. */
  async forms(name, places = false) {
    const { stems } = await this.table("part");
    const number = before(stems, name) - 1;
    return number < 0 ? [] : (await this.shard(number, places)).stems.get(name) ?? [];
  }

  /* All forms that begin so; their stems begin as the first letters do. */
  async beginning(start, places = false) {
    const letters = start.slice(0, LETTERS);
    const { stems } = await this.table("part");
    const found = [];
    for (let number = Math.max(before(stems, letters) - 1, 0), first = true; number < stems.length; number++, first = false) {
      if (!first && !stems[number].startsWith(letters)) break;
      for (const [name, forms] of (await this.shard(number, places)).stems) {
        if (name.startsWith(letters)) found.push(...forms.filter((form) => form.text.startsWith(start)));
      }
    }
    return found;
  }

  async shard(number, places) {
    if (!this.shards.has(number)) {
      const loading = this.bytes(`terms/${number}.bin`).then(read);
      loading.catch(() => this.shards.delete(number));
      this.shards.set(number, loading);
    }
    const shard = await this.shards.get(number);
    if (places && !shard.placed) {
      const bytes = await this.bytes(`places/${number}.bin`);
      if (!shard.placed) addPlaces(shard, bytes);
    }
    return shard;
  }
}

export const formsOf = async (dictionary, word, places = false) =>
  (await dictionary.forms(stem(word), places)).filter((form) => form.text === word);

/* How many of the sorted stems come before a name or are it. */
const before = (stems, name) => {
  let [low, high] = [0, stems.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stems[middle] <= name) low = middle + 1; else high = middle;
  }
  return low;
};

const read = (bytes) => {
  const end = headerEnd(bytes);
  const stems = new Map();
  const all = [];
  for (const line of new TextDecoder().decode(bytes.subarray(0, end)).split("\n")) {
    const [name, ...cells] = line.split("\t");
    const forms = cells.map((cell) => {
      const [text, count, apart = ""] = cell.split("=");
      return { text: text || name, count: Number(count || 1), apart };
    });
    stems.set(name, forms);
    all.push(...forms);
  }
  const next = numbers(bytes, end + 2);
  for (const form of all) {
    let paper = 0;
    form.papers = Array.from({ length: form.count }, () => (paper += next()));
  }
  let at = bytes.length - all.reduce((sum, form) => sum + form.count, 0);
  for (const form of all) {
    form.impacts = bytes.subarray(at, at + form.count);
    at += form.count;
  }
  return { stems, all, placed: false };
};

const addPlaces = (shard, bytes) => {
  const next = numbers(bytes, 0);
  for (const form of shard.all) {
    form.places = new Map();
    for (const paper of form.papers) {
      let place = 0;
      form.places.set(paper, Array.from({ length: next() }, () => (place += next())));
    }
  }
  shard.placed = true;
};

const headerEnd = (bytes) => {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 10 && bytes[at + 1] === 10) return at;
  throw new Error("the search index is damaged");
};

/* Reads numbers in base 128, one after the other. */
const numbers = (bytes, start) => {
  let at = start;
  return () => {
    let [number, shift] = [0, 0];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("the search index is damaged");
      number += (byte & 127) * 2 ** shift;
      if (byte < 128) return number;
      shift += 7;
    }
  };
};
