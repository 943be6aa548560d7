/* A paper's summary, opened in the list: the paper's page is fetched, its summary shown. */

import { text } from "../texts.js";

const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

/* A summary as it opens: what Daybook says of it, the paragraphs before it, then its own text. */
const filled = (box, section, address) => {
  const own = [];
  for (let node = section.previousElementSibling; node?.matches("p"); node = node.previousElementSibling) own.unshift(node);
  for (const paragraph of own) {
    paragraph.className = "provenance";
    paragraph.lang = document.documentElement.lang;
    for (const a of paragraph.querySelectorAll("a")) a.href = new URL(a.getAttribute("href"), address);
  }
  for (const part of section.querySelectorAll("[id]")) part.removeAttribute("id");
  box.lang = section.lang;
  box.append(...own, ...section.childNodes);
  return box;
};

const fetched = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [first, ...others] = page.querySelectorAll("section.summary");
  if (!first) throw new Error(`no summary on ${address}`);
  const box = make("div", { className: "opened" });
  if (!others.length) return filled(box, first, address);
  await import("./languages.js");
  const all = make("div", { className: "summaries" });
  Object.assign(all.dataset, page.querySelector(".summaries").dataset);
  for (const section of [first, ...others]) {
    const version = filled(make("div", { className: "version" }), section, address);
    version.dataset.language = section.lang;
    all.append(version);
  }
  globalThis.attachLanguages(all);
  box.append(all);
  return box;
};

const show = (link, box, open) => {
  box.hidden = !open;
  link.setAttribute("aria-expanded", String(open));
  if (open) link.dispatchEvent(new CustomEvent("opened", { bubbles: true })); /* it is read */
};

/* Open the summary that a link leads to, or close it. */
export const toggle = async (link) => {
  if (link.hasAttribute("aria-busy")) return;
  const card = link.closest("li");
  let box = card.querySelector(":scope > .opened");
  if (!box) {
    link.setAttribute("aria-busy", "true");
    box = await fetched(link.href);
    const close = make("button", { type: "button", lang: document.documentElement.lang, textContent: text("Close the summary") });
    close.addEventListener("click", () => {
      show(link, box, false);
      link.focus();
      link.scrollIntoView({ block: "nearest" });
    });
    box.append(close);
    box.hidden = true;
    card.append(box);
    link.removeAttribute("aria-busy");
  }
  show(link, box, box.hidden);
};
