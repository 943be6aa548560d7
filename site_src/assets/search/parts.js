/* The parts of the index, each with Pagefind and the tables beside it, loaded when they are asked for.
   generator/search/ makes them. */

import { letters } from "./text.js";

export const SITE = new URL("../../", import.meta.url);
const ROOT = new URL("search/", SITE);
const NOTHING = { filters: { none: "none" } };
const RANKING = { metaWeights: { title: 1, authors: 1 }, pageLength: 0.4, termSaturation: 1.2 };

export let parts;
let pagefind;

/* Every part shares one copy of Pagefind's program, and its entry is in parts.json. */
export const fetchReally = self.fetch.bind(self);
const lost = new Set();
let program;
self.fetch = async (url, options) => {
  const address = String(url?.url ?? url);
  if (address.includes("/wasm.")) {
    program ??= fetchReally(new URL("wasm.en.pagefind", ROOT)).then((answer) => answer.arrayBuffer()).catch((error) => {
      program = undefined;
      lost.add(address);
      throw error;
    });
    return new Response((await program).slice(0));
  }
  const entry = address.match(/\/([^/]+)\/pagefind-entry\.json/);
  if (entry) return Response.json(parts.find((part) => part.name === decodeURIComponent(entry[1])).entry);
  /* Pagefind goes on without a file that it could not get, and would say that nothing was found. */
  try {
    const answer = await fetchReally(url, options);
    if (!answer.ok) lost.add(address);
    return answer;
  } catch (error) {
    lost.add(address);
    throw error;
  }
};

export const once = (make) => {
  let made;
  return () => (made ??= make().catch((error) => { made = undefined; throw error; }));
};
/* By an address of its own after a failure, as daybook.js explains. */
let failures = 0;
export const load = (url) => import(failures ? `${url}?${failures}` : url.href)
  .catch((error) => { failures += 1; throw error; });
export const json = async (url) => {
  const answer = await fetchReally(url);
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
  return answer.json();
};

/* The engine and the newest part: what is worth loading before the first query. */
export const start = once(async () => {
  const [found, engine] = await Promise.all([json(new URL("parts.json", ROOT)), load(new URL("pagefind.js", ROOT))]);
  pagefind = engine;
  parts = found.parts.map((part) => {
    const tables = new Map();
    const table = (name) => {
      if (!tables.has(name)) tables.set(name, once(() => json(new URL(`${part.name}/${name}.json?${part.version}`, ROOT))));
      return tables.get(name)();
    };
    return { ...part, stale: new Set(Object.values(part.stale)), table };
  });
  if (parts.length) await open(parts[0]);
});

const open = (part) => (part.opened ??= (async () => {
  const instance = pagefind.createInstance({ basePath: new URL(`${part.name}/`, ROOT).href, ranking: RANKING });
  await instance.init();
  return instance;
})());

/* A part that lost a file is opened anew by the next query. */
export const checkLost = () => {
  if (!lost.size) return;
  throw new Error(`could not load ${[...lost][0]}`);
};
export const reopen = () => {
  if (!lost.size) return;
  lost.clear();
  for (const part of parts ?? []) part.opened = undefined;
};

export const exact = (text) => `"${text.replaceAll('"', " ")}"`;

export const results = async (part, term) => {
  const found = await (await open(part)).search(term);
  return found.results.filter((result) => !part.stale.has(result.id));
};

/* In how many papers of a part a word stands, in any form of it. */
export const frequency = async (part, word) =>
  (await (await open(part)).search(exact(word), NOTHING)).unfilteredResultCount;

/* In how many papers of a part a word begins so. What begins no word makes Pagefind give what shares its
   first letters: look before believing. */
export const prefixFrequency = async (part, word) => {
  const found = await results(part, word);
  if (!found.length) return 0;
  const words = (await found[0].data()).raw_content.split(/\s+/);
  const plain = (text) => letters(text).replaceAll(" ", "");
  const real = found[0].words.some((at) => plain(words[at] ?? "").includes(plain(word)));
  return real ? found.length : 0;
};

/* Pagefind gives a fragment only with a result; a paper found by a table has none. */
export const fragment = async (part, id) => {
  const answer = await fetchReally(new URL(`${part.name}/fragment/${id}.pf_fragment`, ROOT));
  const text = await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).text();
  const data = JSON.parse(text.replace(/^pagefind_dcd/, ""));
  return { ...data, raw_content: data.content };
};
