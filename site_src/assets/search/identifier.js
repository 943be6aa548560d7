/* The arXiv id that a query is about, however it was pasted.

   generator/build/search/identifier.py explains the same rules. */

const ARCHIVE = "(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas"
  + "|cond-mat|cs|dg-ga|econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th"
  + "|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con)";
const ID = "([0-9]{2}(?:0[1-9]|1[0-2])\\.[0-9]{4,5}"
  + `|${ARCHIVE}(?:\\.[a-z]{2})?/[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3})(?:v[0-9]{1,4})?`;
const BARE = new RegExp(`(^|[^0-9a-z.+-]|[^0-9]\\.)(?:oai:)?(?:arxiv(?:\\.org)? ?[:._/-]? ?)?${ID}(?:\\.pdf)?(?:[#?][^ ]*)?(?![0-9a-z])`, "g");
const IN_ADDRESS = new RegExp(`(?:^|[^0-9a-z]|arxiv)${ID}(?![0-9])`);
const ADDRESS = /https?:|www\.|[a-z0-9-]+\.[a-z0-9.-]+\//;
const DOI = /10\.[0-9]{4,5}\//;
const SUBJECT = /\.[a-z]{2}\//;
const DECORATION = new RegExp(`^(?:${ARCHIVE}(?:\\.[a-z-]{2,12})?|v?[0-9]{1,2}|(?:论文|文章|预印本|编号|链接|请|参|见|看|查|找|的|这篇)+)$`);
const STOP_WORDS = new Set(("a an the of for and or in on to at by with from is it as this that see read find show open get my me"
  + " please paper papers preprint eprint e-print article arxiv arxiv.org abs pdf html doi id link url version").split(" "));
const PUNCTUATION = /^[ .,;:!?()[\]{}<>'‘’…—–\-_/\\|*#~`、。【】《》]+|[ .,;:!?()[\]{}<>'‘’…—–\-_/\\|*#~`、。【】《》]+$/g;

const saysNothing = (written) => {
  const word = written.replace(PUNCTUATION, "");
  return !word || STOP_WORDS.has(word) || DECORATION.test(word);
};

/* The id that a text in small letters is about, "" if it has other words or several ids. */
export const idOf = (text) => {
  const found = new Set();
  const take = (id) => found.add(id.replace(SUBJECT, "/"));
  const rest = text.replaceAll('"', " ").split(" ").map((token) => {
    const start = token.search(ADDRESS);
    const inside = start < 0 ? null : token.slice(start).match(IN_ADDRESS);
    if (!inside || (!token.includes("arxiv") && DOI.test(token))) return token;
    take(inside[1]);
    return token.slice(0, start);
  });
  const left = rest.join(" ").replace(BARE, (_, before, id) => {
    take(id);
    return `${before} `;
  });
  return found.size === 1 && left.split(/[ ;,()[\]{}=]/).every(saysNothing) ? [...found][0] : "";
};
