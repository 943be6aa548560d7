/* Marks the words of a search on the paper's page, without touching the page: the CSS Custom Highlight
   API. A browser that does not know it shows the page as it is. */

import { placesIn } from "./search/marking.js";
import { sought } from "./search/matching.js";
import { loadStemmer } from "./search/words.js";

const MOST = 400; /* characters of a query */

export const highlight = async () => {
  const query = new URL(location.href).searchParams.getAll("highlight").join(" ").slice(0, MOST);
  const article = document.querySelector("main > article");
  if (!query.trim() || !article || !globalThis.CSS?.highlights) return;
  await loadStemmer();
  const wanted = await sought(query, []);
  const ranges = [];
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(".neighbours, .related, .paper > ul, math")) continue;
    for (const [start, end] of placesIn(node.data, wanted)) {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      ranges.push(range);
    }
  }
  CSS.highlights.set("search", new Highlight(...ranges));
};
