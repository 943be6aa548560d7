/* What scripts say, in the language of the page. English sentences are the keys of the table that locale.js,
   which generator/core/texts.py makes, has brought to a page in another language. */

const { messages = {}, plural = (n) => Number(n !== 1) } = globalThis.daybookTexts ?? {};
const { lang } = document.documentElement;

export const LOCALE = lang === "en" ? "en-GB" : lang;

const written = (value) => (typeof value === "number" ? value.toLocaleString(LOCALE) : value);
const filled = (sentence, values) => sentence.split(/\{(\w+)\}/)
  .map((piece, at) => (at % 2 ? written(values[piece]) : piece));

/* The sentence cut at its places, with the values, which may be nodes, in them. */
export const pieces = (sentence, values) => filled(messages[sentence] ?? sentence, values);
export const text = (sentence, values) => pieces(sentence, values).join("");
/* The sentence for this number, which {count} stands for. */
export const counted = (count, one, many, values) =>
  filled((messages[one] ?? [one, many])[plural(count)], { count, ...values }).join("");
