/* What results can be narrowed by, and their order. */

const FACETS = ["category", "tag", "month", "type", "summary"];

const facetsOf = async (part) => {
  if (part.facetsById) return part.facetsById;
  const table = await part.table("facets");
  part.facetsById = new Map(table.rows.map(([id, day, categories, tags, type, summary]) => [id, {
    day: table.day[day],
    category: categories.map((number) => table.category[number]),
    tag: tags.map((number) => table.tag[number]),
    month: [table.day[day].slice(0, 4), table.day[day].slice(0, 7)],
    type: [table.type[type]],
    summary: [summary ? "yes" : "no"],
  }]));
  return part.facetsById;
};

/* The hits that pass the filters, and for each facet how many hits each of its values would leave. */
export const withFacets = async (hits, filters) => {
  const counts = new Map(FACETS.map((facet) => [facet, new Map()]));
  const kept = [];
  for (const hit of hits) {
    const facets = (await facetsOf(hit.part)).get(hit.result.id);
    if (!facets) continue;
    hit.day = facets.day;
    const failed = FACETS.filter((facet) => filters[facet] && !facets[facet].includes(filters[facet]));
    if (!failed.length) kept.push(hit);
    for (const facet of FACETS) {
      if (failed.some((other) => other !== facet)) continue;
      const values = counts.get(facet);
      for (const value of facets[facet]) values.set(value, (values.get(value) ?? 0) + 1);
    }
  }
  return { kept, counts };
};

export const byRelevance = (a, b) => (a.via ? 1 : 0) - (b.via ? 1 : 0) || b.tier - a.tier || b.score - a.score;
export const byDay = (a, b) => b.day.localeCompare(a.day) || byRelevance(a, b);
