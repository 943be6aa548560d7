/* Look-up by field: author:, title:, tag:, category:, and + and -. */

import { fragment, load, once, SITE } from "./parts.js";
import { spaced } from "./segment.js";
import { folded } from "./text.js";

const loadLunr = once(async () => (await load(new URL("search/lunr.js", SITE))).default);

/* Rows of a part's tables that have what the fields ask for: Map(row -> score). */
const searchFields = async (part, fields) => {
  const lunr = await loadLunr();
  part.lunrIndex ??= lunr.Index.load(await part.table("lunr"));
  const found = part.lunrIndex.query((query) => {
    for (const { field, value, not } of fields) {
      for (const token of folded(spaced(value)).split(/[\s-]+/)) {
        const term = token.replace(/^[^\p{L}\p{N}*]+|[^\p{L}\p{N}*]+$/gu, "");
        if (!term) continue;
        query.term(term, {
          fields: field ? [field] : query.allFields,
          presence: not ? lunr.Query.presence.PROHIBITED : lunr.Query.presence.REQUIRED,
          usePipeline: !term.includes("*"),
        });
      }
    }
  });
  return new Map(found.map(({ ref, score }) => [Number(ref), score]));
};

/* Those of the hits that have what the fields ask for; for null, every paper that has it. */
export const narrowed = async (part, hits, fields) => {
  const [rows, { rows: facets }] = [await searchFields(part, fields), await part.table("facets")];
  const allowed = new Map([...rows].map(([row, score]) => [facets[row][0], score]));
  if (hits) return hits.filter((hit) => allowed.has(hit.result.id));
  return [...allowed]
    .filter(([id]) => !part.stale.has(id))
    .map(([id, score]) => ({ part, result: { id, words: [], data: () => fragment(part, id) }, tier: 0, score }));
};
