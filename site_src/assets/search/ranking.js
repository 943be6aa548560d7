/* Which papers come first: the twin of generator/build/search/ranking.py, which explains it. */

import { MOST_IMPACT, TITLE_BIT } from "./matching.js";

const SCALE = 1000;
const TIERS = ["all", "most", "some"];

/* How rare each sought thing is, which so many of all papers have. */
export const weightsOf = (found, papers) =>
  found.map((n) => Math.round(SCALE * Math.log(1 + (papers - n + 0.5) / (n + 0.5))));

/* {part, paper, tier, score} for every paper with anything of what is sought, the best first. parts has
   for each part the matches of each sought thing. */
export const ranked = (parts, weights) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const found = [];
  parts.forEach((each, part) => {
    for (const paper of new Set(each.flatMap((matching) => [...matching.keys()]))) {
      let [own, score, title] = [0, 0, 0];
      each.forEach((matching, at) => {
        const impact = matching.get(paper);
        if (impact === undefined) return;
        own += weights[at];
        score += weights[at] * (impact & MOST_IMPACT);
        if (impact & TITLE_BIT) title += weights[at];
      });
      score += Math.floor((score * title) / Math.max(total, 1));
      const tier = each.every((matching) => matching.has(paper)) ? "all" : 2 * own >= total ? "most" : "some";
      found.push({ part, paper, tier, score });
    }
  });
  return found.sort((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || b.score - a.score || a.part - b.part || a.paper - b.paper);
};
