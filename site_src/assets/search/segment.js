/* Queries and texts cut as generator/build/search/segment.py cuts them, which explains how and why.
   tests/build/search/segment_vectors.json holds both to it. */

export const GLUE = "\u2e31";

const RUN_CLASS =
  "[\\u3005\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}" +
  "\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\uac00-\\ud7a3]+";
const WIDE_CLASS = "[\\u3001-\\u3004\\u3008-\\u3020\\u3030\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65]+";
const PIECES = new RegExp(`(?<run>${RUN_CLASS})|(?<wide>${WIDE_CLASS})|(?<space>\\s+)`, "gu");
const IS_RUN = new RegExp(`^${RUN_CLASS}$`, "u");
const HAS_RUN = new RegExp(RUN_CLASS, "u");
const WIDE = new RegExp(WIDE_CLASS, "u");
const LETTER = /[\p{L}\p{N}]/u;

const pieces = (text) => {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    if (match.index > at) found.push([text.slice(at, match.index), "other"]);
    const kind = match.groups.run ? "run" : match.groups.wide ? "wide" : "space";
    found.push([match[0], kind]);
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push([text.slice(at), "other"]);
  return found;
};

const pairs = (run) => {
  const characters = [...run];
  return characters.slice(1).map((character, at) => characters[at] + character);
};

export const isPair = (word) => [...word].length === 2 && IS_RUN.test(word);

/* A text as the index has it: "KV缓存" is "KV⸱ 缓存 存". */
export const spaced = (text) => {
  let result = "";
  for (const [piece, kind] of pieces(text.replaceAll(GLUE, " "))) {
    if (kind !== "space" && result && !/\s$/.test(result)) result += `${GLUE} `;
    result += kind === "run" ? [...pairs(piece), [...piece].at(-1)].join(" ") : piece;
  }
  return result;
};

/* The text behind a phrase of the index: "投机 机解 解码" is "投机解码". */
export const unspaced = (text) => {
  const words = text.split(" ");
  return words.map((word, at) => {
    const next = words[at + 1] ?? "";
    if (!isPair(word)) return next ? `${word} ` : word;
    return isPair(next) || next === [...word][1] ? [...word][0] : word;
  }).join("");
};

/* A query's clauses, [{kind: "word" | "phrase" | "prefix", text}]. */
export const clauses = (query) => {
  const found = [];
  for (const [, quoted, bare] of query.matchAll(/"([^"]*)"?|(\S+)/g)) {
    for (const part of (quoted || bare || "").split(WIDE)) {
      if (!LETTER.test(part)) continue;
      if ([...part].length === 1 && IS_RUN.test(part)) found.push({ kind: "prefix", text: part });
      else if (quoted || HAS_RUN.test(part)) found.push({ kind: "phrase", text: phrase(part) });
      else found.push({ kind: "word", text: part });
    }
  }
  return found;
};

const phrase = (text) => {
  const found = pieces(text).filter(([piece]) => LETTER.test(piece));
  return found.flatMap(([piece, kind], at) => {
    if (kind !== "run") return [piece];
    const tail = at < found.length - 1 || [...piece].length === 1 ? [[...piece].at(-1)] : [];
    return [...pairs(piece), ...tail];
  }).join(" ");
};

/* Pagefind's words from the indexed text back to real text: [[text, marked], ...]. */
export const marked = (words, isMarked) => {
  const result = [];
  const add = (text, mark) => {
    const last = result.at(-1);
    if (last && last[1] === mark) last[0] += text; else result.push([text, mark]);
  };
  let carried = false;
  words.forEach((word, at) => {
    const mark = isMarked(at);
    if (isPair(word)) {
      const [first, second] = [...word];
      add(first, mark || carried);
      carried = mark;
      if (at === words.length - 1) add(second, mark);
      return;
    }
    const glued = word.endsWith(GLUE);
    const text = word.replaceAll(GLUE, "");
    const run = IS_RUN.test([...text][0] ?? "");
    if (run) {
      /* The end of a run, perhaps with Pagefind's full stop behind a block. */
      add([...text][0], carried || mark);
      if (text.length > [...text][0].length) add([...text].slice(1).join(""), false);
    } else {
      const [, before, core, after] = text.match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su);
      if (before) add(before, false);
      if (core) add(core, mark);
      if (after) add(after, false);
    }
    carried = false;
    if (!glued && at < words.length - 1) add(" ", false);
  });
  return result;
};
