/* Papers that are similar in meaning to the terms of a query: generator/build/search/meaning.py does the same,
   in whole numbers and in the same order. docs/search.md describes the files. */

import { answered, json, once, remembered, ROOT } from "./loading.js";
import { isRun } from "./words.js";

const FOLDER = new URL("vectors/", ROOT);
const PIECES = 24;
const CENTROIDS = 256;

const bytes = remembered(async (path) => new Uint8Array(await (await answered(new URL(path, FOLDER))).arrayBuffer()));
const model = once(() => json(new URL("model.json", FOLDER)));
/* A shard's terms; all vectors of a model are as long. */
const termsOf = remembered(async (path) => readTerms(await bytes(path), (await model()).dimensions));

/* The number of a term's file, by FNV-1a in 32 bits. */
const shardOf = (term, shards) => {
  let number = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(term)) number = Math.imul(number ^ byte, 0x01000193) >>> 0;
  return number % shards;
};

const readTerms = (data, dimensions) => {
  const end = data.indexOf(10);
  const terms = JSON.parse(new TextDecoder().decode(data.subarray(0, end)));
  const size = 2 + dimensions / 2;
  return new Map(terms.map((term, place) => {
    const start = end + 1 + place * size;
    return [term, data.subarray(start, start + size)];
  }));
};

/* Adds a term's vector to the query's: four bits a number, and a scale for all. */
const add = (query, row) => {
  const scale = row[0] + 256 * row[1];
  for (let place = 2; place < row.length; place += 1) {
    query[2 * place - 4] += ((row[place] >> 4) - 8) * scale;
    query[2 * place - 3] += ((row[place] & 15) - 8) * scale;
  }
};

/* The sum of the terms' vectors; zeros where too few terms have one. Terms too common have the scale 0. */
const queryOf = async (terms, known) => {
  const query = new Float64Array(known.dimensions);
  const telling = [...new Set(terms)].filter((term) => [...term].length > 1 && !/^[0-9]/.test(term));
  const rows = await Promise.all(telling.map(async (term) => {
    const path = `terms/${shardOf(term, known.shards)}.bin?${known.version}`;
    return (await termsOf(path)).get(term);
  }));
  let needed = 0;
  let found = 0;
  rows.forEach((row, place) => {
    const common = row && !row[0] && !row[1];
    if (!common) needed += isRun(telling[place]) ? known.known_runs : known.known_words;
    if (!row || common) return;
    found += 1;
    add(query, row);
  });
  return found >= needed ? query : query.fill(0);
};

/* The product of each piece of the query with each piece in the codebook for its place. */
const productsOf = (query, codebook) => {
  const pieces = new Int8Array(codebook.buffer);
  const width = query.length / PIECES;
  const products = new Float64Array(PIECES * CENTROIDS);
  for (let number = 0; number < products.length; number += 1) {
    const first = Math.floor(number / CENTROIDS) * width;
    for (let place = 0; place < width; place += 1) {
      products[number] += query[first + place] * pieces[number * width + place];
    }
  }
  return products;
};

const first = (one, other) => other.sum - one.sum || one.place - other.place || one.doc - other.doc;

const bestOf = (codes, products, least, place, limit) => {
  const found = [];
  for (let doc = 0; doc * PIECES < codes.length; doc += 1) {
    let sum = 0;
    for (let piece = 0; piece < PIECES; piece += 1) sum += products[piece * CENTROIDS + codes[doc * PIECES + piece]];
    if (sum >= least) found.push({ sum, place, doc });
  }
  return found.sort(first).slice(0, limit);
};

/* The papers most like a query's terms (stems, and pairs of characters), best first:
   [{part, doc, score}]. Where too few of the terms have a vector, nothing is like them.
   With `parts`, the names of some, only these are asked. */
export const similar = async (terms, { limit = 20, parts } = {}) => {
  const known = await model();
  const query = await queryOf(terms, known);
  const length = Math.sqrt(query.reduce((sum, value) => sum + value * value, 0));
  if (!length) return [];
  const path = `codebook.bin?${known.version}`;
  const products = productsOf(query, await bytes(path));
  const least = known.floor * length * known.scale;
  const found = await Promise.all(known.parts.map(async ({ name, version }, place) => {
    if (parts && !parts.includes(name)) return [];
    const file = `papers/${name}.bin?${version}`;
    return bestOf(await bytes(file), products, least, place, limit);
  }));
  return found.flat().sort(first).slice(0, limit)
    .map(({ sum, place, doc }) => ({ part: known.parts[place].name, doc, score: sum / (length * known.scale) }));
};
