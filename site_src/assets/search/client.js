/* What the search box and the search page share: the worker, and pieces of a page. */

/* By the query of its own address, as daybook.js explains. */
const { counted, LOCALE, text } = await import(`../texts.js${new URL(import.meta.url).search}`);
const SITE = new URL("../../", import.meta.url);
const DEBOUNCE = 150;

let worker;
let number = 0;
let listener = () => {};
const theWorker = () => {
  if (worker) return worker;
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => { if (data.number === number) listener(data); });
  worker.addEventListener("error", (event) => {
    worker = undefined; /* the next query starts another */
    listener({ failed: event.message || text("the search did not start") });
  });
  return worker;
};

export const warmUp = () => theWorker().postMessage({ start: true });

/* The reader's own day, an ISO text. */
export const today = () => new Date(Date.now() - 60_000 * new Date().getTimezoneOffset()).toISOString().slice(0, 10);

/* Ask; answers to an older question are dropped. */
export const ask = (request, onAnswer) => {
  number += 1;
  listener = onAnswer;
  theWorker().postMessage({ ...request, today: today(), number });
};

/* Everything that comes from an answer enters the page as text. */
export const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
};
export const marked = (found) => found.map(([piece, mark]) => (mark ? make("mark", {}, piece) : piece));

const DATE = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
export const MONTH = new Intl.DateTimeFormat(LOCALE, { month: "long", year: "numeric", timeZone: "UTC" });
export const count = (n) => counted(n, "{count} paper", "{count} papers");

export const searchUrl = (state) => {
  const url = new URL("search/", SITE);
  for (const [name, value] of Object.entries(state)) if (value) url.searchParams.set(name, value);
  return url;
};
/* With what is to be marked there: the query, and what the glossary has for it where this found the paper. */
export const paperUrl = (item, query, terms) => {
  const url = new URL(`papers/${item.id}/`, SITE);
  const marked = [query, ...(item.via ? terms : [])].join(" ").slice(0, 300);
  if (marked) url.searchParams.set("highlight", marked);
  return url.href;
};
export const facts = (item) => [
  DATE.format(new Date(item.day)), item.category, text("score {score}", { score: String(item.score) }), item.summary ? text("AI summary") : "",
].filter(Boolean).join(" · ");
export const searchable = (query) => /[\p{L}\p{N}][^]*[\p{L}\p{N}]|[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u.test(query);

/* Calls back a moment after the last change, and never in the middle of a composed character. The value
   starts that moment by hand. */
export const onTyping = (input, callback) => {
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(callback, DEBOUNCE);
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  input.addEventListener("compositionend", later);
  return later;
};

export const failure = (why) => text("The search could not be loaded ({why}). Are you offline? The archive can still be browsed.", { why });

/* What is under way is of no interest any more. */
export const forget = () => { number += 1; };
