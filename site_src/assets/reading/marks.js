/* Which papers the reader has read and saved, kept in the browser. What is stored is not trusted: another
   program may have written it, or a file that was imported. */

import { text } from "../texts.js";

const KEY = `${new URL("../../", import.meta.url).pathname}.marks`;
const ID = /^(?:\d{4}\.\d{4,5}|[a-z]{1,12}(?:-[a-z]{2,12})?\/\d{7})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CATEGORY = /^[A-Za-z][\w.-]{0,30}$/;
const MOST = { read: 10_000, saved: 2_000, authors: 1_000, title: 600, name: 120, bibtex: 100_000 };

export const isId = (value) => typeof value === "string" && ID.test(value);

/* One line of text, without what is no character: MathML's unseen signs, half of one at a cut. */
const line = (value, most) => (typeof value === "string" ? value : "")
  .slice(0, most).replace(/[\u2061-\u2064]/g, "").replace(/[\p{C}\s]+/gu, " ").trim();
const matching = (value, pattern) => (typeof value === "string" && pattern.test(value) ? value : "");

const names = (value) => (Array.isArray(value) ? value : []).slice(0, MOST.authors).map((name) => line(name, MOST.name)).filter(Boolean);
/* One entry, and this paper's, as generator/build/citation/citing.py writes it: to a program that reads BibTeX
   every brace counts, escaped or not, and what stands behind the one that closes a field is not of it. */
const FIELD = /^  (?:title|author|year|eprint|archivePrefix|primaryClass|url|doi|note) = \{([^\p{Cc}\u2028\u2029]*)\}$/u;
const balanced = (field) => {
  let depth = 0;
  for (const sign of field) {
    if (sign === "{") depth += 1;
    else if (sign === "}") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
};
const entry = (value, id) => {
  const [start, end] = [`@misc{arXiv:${id},\n`, "\n}"];
  if (typeof value !== "string" || value.length > MOST.bibtex || !value.startsWith(start) || !value.endsWith(end)) return "";
  const fields = value.slice(start.length, -end.length).split(",\n");
  return fields.every((field) => balanced(FIELD.exec(field)?.[1] ?? "}")) ? value : "";
};
const RECORD = /^TY  - UNPB\n(?:(?:TI|AU|PY|DA|PB|M1|KW|DO|N1|UR)  - [^\p{Cc}\u2028\u2029]*\n)+ER  - \n$/u;
const record = (value, id) => (typeof value === "string" && value.length < MOST.bibtex && RECORD.test(value)
  && value.includes(`\nM1  - arXiv:${id}\n`) && value.endsWith(`\nUR  - https://arxiv.org/abs/${id}\nER  - \n`) ? value : "");

const cleanPaper = (id, value) => ({
  title: line(value?.title, MOST.title),
  authors: names(value?.authors),
  bibtex: entry(value?.bibtex, id),
  ris: record(value?.ris, id),
  category: matching(value?.category, CATEGORY),
  day: matching(value?.day, DAY),
  saved: matching(value?.saved, DAY),
  ...(value?.sentence != null && { sentence: line(value.sentence, MOST.title), language: matching(value.language, CATEGORY) }),
});

/* Whatever was stored or imported, as marks: {read: Set of ids, saved: Map of id to paper}, oldest first. */
export const clean = (value) => {
  const read = (Array.isArray(value?.read) ? value.read : []).filter(isId);
  const saved = value?.saved !== null && typeof value?.saved === "object" ? Object.entries(value.saved) : [];
  return {
    read: new Set(read.slice(-MOST.read)),
    saved: new Map(saved.filter(([id]) => isId(id)).map(([id, paper]) => [id, cleanPaper(id, paper)])
      .filter(([, paper]) => paper.title).slice(0, MOST.saved)),
  };
};

export const asJson = ({ read, saved }) => ({ daybook: "marks", version: 1, read: [...read], saved: Object.fromEntries(saved) });

const stored = () => {
  try {
    return clean(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    return clean(null);
  }
};

let marks = stored();
const listeners = [];
const tell = () => { for (const listener of listeners) listener(); };

/* What this tab changed a moment ago: done again where another, which did not know of it, undid it. */
const [MOMENT, TRIES] = [3_000, 3];
let recent = [];
const again = () => {
  recent = recent.filter(({ at, tries }) => tries && Date.now() - at < MOMENT);
  const next = stored();
  const before = JSON.stringify(asJson(next));
  for (const { edit } of recent) edit(next);
  const after = JSON.stringify(asJson(next));
  if (after === before) return;
  for (const one of recent) one.tries -= 1;
  try {
    localStorage.setItem(KEY, after);
  } catch { /* it is full by now: what the other tab wrote stays */ }
};

/* Another tab. */
addEventListener("storage", (event) => {
  if (event.key !== KEY && event.key !== null) return;
  if (event.key === KEY) again();
  marks = stored();
  tell();
});
/* A page that is shown again. */
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  marks = stored();
  tell();
});

export const onChange = (listener) => listeners.push(listener);
export const current = () => marks;
export const isRead = (id) => marks.read.has(id);
export const isSaved = (id) => marks.saved.has(id);

/* Change the marks as they stand now, in whichever tab. Returns why it could not be done, or "". */
const change = (edit) => {
  const next = stored();
  edit(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(asJson(next)));
  } catch (error) {
    return error?.name === "QuotaExceededError"
      ? text("Not kept: this browser’s storage for the site is full. Remove some papers on the page “Saved”.")
      : text("Not kept: this browser does not let the site store anything.");
  }
  recent.push({ edit, at: Date.now(), tries: TRIES });
  marks = next;
  tell();
  return "";
};

export const markRead = (...ids) => (ids.every(isRead) ? "" : change((next) => {
  next.read = new Set([...next.read, ...ids].slice(-MOST.read));
}));
export const markUnread = (...ids) => change((next) => { for (const id of ids) next.read.delete(id); });
export const save = (id, paper) => {
  if (!isSaved(id) && marks.saved.size >= MOST.saved) {
    return text("Not saved: {count} papers are the most. Remove some on the page “Saved”.", { count: MOST.saved });
  }
  return change((next) => {
    const before = next.saved.get(id);
    next.saved.set(id, cleanPaper(id, { ...before, ...paper, saved: before?.saved ?? new Date().toISOString().slice(0, 10) }));
  });
};
export const remove = (id) => change((next) => next.saved.delete(id));
/* What is here already stays as it is. */
export const merge = (others) => change((next) => {
  next.read = new Set([...others.read, ...next.read].slice(-MOST.read));
  next.saved = new Map([...next.saved, ...[...others.saved].filter(([id]) => !next.saved.has(id))].slice(0, MOST.saved));
});
