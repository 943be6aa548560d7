/* Saved papers as BibTeX and RIS. Their documents have the entries; of a paper whose document cannot be had,
   what its id tells. In RIS, where no sign means more than itself, its title and authors too: each is a line. */

/* The year of its submission, which an arXiv id begins with: 2602.01234, math/0309136. */
export const yearOf = (id) => {
  const year = Number(/(?:^|\/)(\d{2})/.exec(id)[1]);
  return year + (id.includes("/") && year > 90 ? 1900 : 2000);
};

export const bibtex = (papers) => papers.map(([id, paper]) => `${paper.bibtex || `@misc{arXiv:${id},
  year = {${yearOf(id)}},
  eprint = {${id}},
  archivePrefix = {arXiv},
  url = {https://arxiv.org/abs/${id}}
}`}\n`).join("\n");

export const ris = (papers) => papers.map(([id, paper]) => paper.ris || `TY  - UNPB
TI  - ${paper.title}
${paper.authors.map((name) => `AU  - ${name}\n`).join("")}PY  - ${yearOf(id)}
M1  - arXiv:${id}
UR  - https://arxiv.org/abs/${id}
ER  - 
`).join("\n");
