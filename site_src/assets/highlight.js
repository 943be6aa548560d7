/* Marks the words of a search on the paper's page, without touching the page: the CSS Custom Highlight
   API. A browser that does not know it shows the page as it is. */

import { clauses, GLUE, unspaced } from "./search/segment.js";

const ENDINGS = /(?:ations?|ings?|ions?|ive|ed|es|s|e)$/;

/* A pattern for a clause: any form of a word, a phrase with anything but letters between its words. */
const pattern = ({ kind, text }) => {
  const literal = (part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (kind !== "word") return unspaced(text).split(" ").map(literal).join("[^\\p{L}\\p{N}]*");
  const stem = text.replace(ENDINGS, "");
  return `(?<![\\p{L}\\p{N}])${literal(stem.length < 4 ? text : stem)}\\p{L}*`;
};

export const highlight = () => {
  const query = new URL(location.href).searchParams.getAll("highlight").join(" ");
  const patterns = clauses(query.replaceAll(GLUE, " ")).map(pattern).filter(Boolean);
  const article = document.querySelector("main > article");
  if (!patterns.length || !article || !globalThis.CSS?.highlights) return;
  const found = new RegExp(patterns.join("|"), "giu");
  const ranges = [];
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(".neighbours, .related, .paper > ul, math")) continue;
    for (const match of node.data.matchAll(found)) {
      const range = new Range();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      ranges.push(range);
    }
  }
  CSS.highlights.set("search", new Highlight(...ranges));
};
