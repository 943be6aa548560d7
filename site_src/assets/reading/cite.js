/* Saved papers as BibTeX and RIS. Titles and names are foreign text: nothing in them may end a field. */

/* The year of its submission, which an arXiv id begins with: 2602.01234, math/0309136. */
export const yearOf = (id) => {
  const year = Number(/(?:^|\/)(\d{2})/.exec(id)[1]);
  return year + (id.includes("/") && year > 90 ? 1900 : 2000);
};

const line = (text) => text.replace(/\s+/g, " ").trim();

/* Its page has the entry. Of a paper whose page cannot be had, what its id tells. */
export const bibtex = (papers) => papers.map(([id, paper]) => `${paper.bibtex || `@misc{arXiv:${id},
  year = {${yearOf(id)}},
  eprint = {${id}},
  archivePrefix = {arXiv},
  url = {https://arxiv.org/abs/${id}}
}`}\n`).join("\n");

export const ris = (papers) => papers.map(([id, paper]) => [
  ["TY", "UNPB"],
  ["TI", line(paper.title)],
  ...(paper.cited.length ? paper.cited : paper.authors).map((name) => ["AU", line(name)]),
  ["PY", yearOf(id)],
  ["PB", "arXiv"],
  ["M1", `arXiv:${id}`],
  ...(paper.category ? [["KW", paper.category]] : []),
  ["UR", `https://arxiv.org/abs/${id}`],
  ["ER", ""],
].map(([tag, value]) => `${tag}  - ${value}\r\n`).join("")).join("\r\n");
