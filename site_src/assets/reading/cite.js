/* Saved papers as BibTeX and RIS. Titles and names are foreign text: nothing in them may end a field. */

/* The year of its submission, which an arXiv id begins with: 2602.01234, math/0309136. */
export const yearOf = (id) => {
  const year = Number(/(?:^|\/)(\d{2})/.exec(id)[1]);
  return year + (id.includes("/") && year > 90 ? 1900 : 2000);
};

const LATEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
const latex = (text) => text.replace(/[\\~^{}$&#%_]/g, (sign) => LATEX[sign] ?? `\\${sign}`);
const line = (text) => text.replace(/\s+/g, " ").trim();

const letters = (text) => text.normalize("NFKD").replace(/[^A-Za-z0-9]/g, "").toLowerCase();
const key = (id, { authors }) => [letters(authors[0]?.split(" ").at(-1) ?? ""), yearOf(id), letters(id)].filter(Boolean).join("-");

export const bibtex = (papers) => papers.map(([id, paper]) => {
  const fields = {
    title: `{${latex(line(paper.title))}}`, /* inner braces keep its capitals */
    /* Braces keep a name with the word "and" in it one name. */
    author: paper.authors.map((name) => (/\band\b/i.test(name) ? `{${latex(line(name))}}` : latex(line(name)))).join(" and "),
    year: yearOf(id),
    eprint: id,
    archiveprefix: "arXiv",
    primaryclass: paper.category,
    url: `https://arxiv.org/abs/${id}`,
  };
  const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}},`);
  return `@misc{${key(id, paper)},\n${lines.join("\n")}\n}\n`;
}).join("\n");

export const ris = (papers) => papers.map(([id, paper]) => [
  ["TY", "UNPB"],
  ["TI", line(paper.title)],
  ...paper.authors.map((name) => ["AU", line(name)]),
  ["PY", yearOf(id)],
  ["PB", "arXiv"],
  ["M1", `arXiv:${id}`],
  ...(paper.category ? [["KW", paper.category]] : []),
  ["UR", `https://arxiv.org/abs/${id}`],
  ["ER", ""],
].map(([tag, value]) => `${tag}  - ${value}\r\n`).join("")).join("\r\n");
