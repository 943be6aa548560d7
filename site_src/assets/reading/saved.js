/* The page "Saved". What is stored enters it as text only. */

import { counted, LOCALE, text } from "../texts.js";
import { bibtex, ris } from "./cite.js";
import { factsOf } from "./facts.js";
import { asJson, clean, current, isSaved, merge, onChange, remove, save } from "./marks.js";
import { say } from "./notice.js";
import { SITE } from "./papers.js";

const FORMATS = {
  bibtex: { write: bibtex, name: "BibTeX", file: "saved-papers.bib", type: "application/x-bibtex" },
  ris: { write: ris, name: "RIS", file: "saved-papers.ris", type: "application/x-research-info-systems" },
};
const LARGEST = 8_000_000;
const NAMES_SHOWN = 4;
const DATE = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const papersOf = (n) => counted(n, "{count} paper", "{count} papers");
const make = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const dated = (day) => {
  const time = Date.parse(day);
  return Number.isNaN(time) ? "" : DATE.format(time);
};
const few = (authors) => (authors.length > NAMES_SHOWN
  ? `${authors.slice(0, NAMES_SHOWN).join(", ")}, ${text("and {count} more", { count: authors.length - NAMES_SHOWN })}`
  : authors.join(", "));

const download = (content, name, type) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

const attach = (root) => {
  const place = (name) => root.querySelector(`[data-place="${name}"]`);
  const status = place("saved-count");
  const list = place("saved-list");
  const all = place("all");
  const passed = new Set(); /* not chosen; what comes new is */

  const papers = () => [...current().saved].reverse();
  const chosen = () => papers().filter(([id]) => !passed.has(id));

  const count = () => {
    const [total, some] = [current().saved.size, chosen().length];
    status.textContent = total
      ? (some < total ? text("{papers} saved, {count} chosen.", { papers: papersOf(total), count: some }) : text("{papers} saved.", { papers: papersOf(total) }))
      : text("Nothing saved yet. The ribbon beside a paper saves it, and so does the key s.");
    all.checked = some === total;
    all.indeterminate = some > 0 && some < total;
    for (const button of place("cite").querySelectorAll("button")) button.disabled = !some;
  };

  const item = ([id, paper]) => {
    const box = make("input", { type: "checkbox", "aria-label": text("Choose {title}", paper) });
    box.checked = !passed.has(id);
    box.addEventListener("change", () => {
      if (box.checked) passed.delete(id); else passed.add(id);
      count();
    });
    const away = make("button", { type: "button", "aria-label": text("Remove {title}", paper) }, text("Remove"));
    const entry = make("li", {}, box,
      make("h2", {}, make("a", { href: new URL(`papers/${id}/`, SITE).pathname }, paper.title)),
      make("p", {}, [few(paper.authors), paper.category, dated(paper.day)].filter(Boolean).join(" · ")),
      ...(paper.sentence ? [make("p", { lang: paper.language }, paper.sentence)] : []), away);
    away.addEventListener("click", () => {
      const at = [...list.children].indexOf(entry);
      const problem = remove(id);
      say(problem || text("Removed from the saved papers: {title}", paper), problem);
      /* The keyboard goes on where the paper was. */
      if (!problem) (list.children[Math.min(at, list.children.length - 1)]?.querySelector("button") ?? place("export")).focus();
    });
    return entry;
  };

  const show = () => {
    /* A change in another tab must not take the keyboard away. */
    const focused = [...list.children].findIndex((entry) => entry.contains(document.activeElement));
    const role = document.activeElement?.tagName;
    list.replaceChildren(...papers().map(item));
    place("cite").hidden = !current().saved.size;
    count();
    if (focused >= 0) list.children[focused]?.querySelector(role)?.focus();
  };

  all.addEventListener("change", () => {
    passed.clear();
    if (!all.checked) for (const [id] of papers()) passed.add(id);
    show();
  });

  for (const button of place("cite").querySelectorAll("button")) {
    button.addEventListener("click", async () => {
      const { write, name, file, type } = FORMATS[button.dataset.format];
      const [content, what] = [write(chosen()), { format: name, papers: papersOf(chosen().length) }];
      if (button.dataset.to === "file") {
        download(content, file, type);
        say(text("{format} of {papers} downloaded", what));
        return;
      }
      try {
        await navigator.clipboard.writeText(content);
        say(text("{format} of {papers} copied", what));
      } catch {
        say(text("Not copied: the browser does not allow it here. Download works."), true);
      }
    });
  }

  place("export").addEventListener("click", () => {
    download(`${JSON.stringify(asJson(current()), null, 1)}\n`, "daybook-marks.json", "application/json");
    say(text("Marks exported"));
  });
  const input = place("import");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    say(...await bring(file));
    input.value = ""; /* the same file can be chosen again */
  });

  onChange(show);
  show();
};

/* Import a file; returns what to say, and whether that is a problem. */
const bring = async (file) => {
  const nothing = (why) => [text("Nothing imported: {why}.", { why }), true];
  if (file.size > LARGEST) return nothing(text("the file is too large to be an export of marks"));
  let value;
  try {
    value = JSON.parse(await file.text());
  } catch {
    return nothing(text("the file is no JSON"));
  }
  if (value?.daybook !== "marks") return nothing(text("the file is no export of this page"));
  const before = current();
  const problem = merge(clean(value));
  if (problem) return [problem, true];
  const [saved, read] = [current().saved.size - before.saved.size, current().read.size - before.read.size];
  const marks = counted(read, "{count} read mark", "{count} read marks");
  return [text("Imported {papers} to the saved ones, and {marks}.", { papers: papersOf(saved), marks }), false];
};

/* What could not be had when it was saved, or was not kept then. */
const complete = async () => {
  for (const [id, kept] of current().saved) {
    if (kept.bibtex && kept.ris && kept.sentence !== undefined) continue;
    const facts = await factsOf(id, kept.day).catch(() => undefined);
    if (facts && isSaved(id)) save(id, facts);
  }
};

export const attachSaved = (root) => {
  root.hidden = false;
  attach(root);
  return complete();
};
