/* How many of the hits each value of a facet would leave. */

import { daysOf } from "./parts.js";

const FACETS = ["category", "tag", "month", "type", "summary"];

/* The hits that pass the filters, and for each facet how many hits each of its values would leave. */
export const withFacets = async (hits, parts, filters) => {
  const counts = new Map(FACETS.map((facet) => [facet, new Map()]));
  const kept = [];
  const counted = hits[0]?.tier; /* what comes near is not counted where something has all words */
  const known = await Promise.all(parts.map(async (part) => [await part.table("facets"), await daysOf(part)]));
  for (const hit of hits) {
    const [table, days] = known[hit.part];
    const [categories, tags, type, summary] = table.rows[hit.paper];
    const day = days[hit.paper];
    const values = {
      category: categories.map((number) => table.category[number]),
      tag: tags.map((number) => table.tag[number]),
      month: [day.slice(0, 4), day.slice(0, 7)],
      type: [table.type[type]],
      summary: [summary ? "yes" : "no"],
    };
    const failed = FACETS.filter((facet) => filters[facet] && !values[facet].includes(filters[facet]));
    if (!failed.length) kept.push(hit);
    if (hit.tier !== counted) continue;
    for (const facet of FACETS) {
      if (failed.some((other) => other !== facet)) continue;
      const count = counts.get(facet);
      for (const value of values[facet]) count.set(value, (count.get(value) ?? 0) + 1);
    }
  }
  return { kept, counts };
};
