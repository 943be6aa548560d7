/* A paper's summary, opened in the list: the paper's page is fetched, its summary shown. */

import { text } from "../texts.js";
import { make } from "./elements.js";
import { keepLinks, pageAt } from "./pages.js";

/* The first part of a summary is shown, each other is folded behind its heading. */
const folded = (nodes) => {
  const first = make("div", { className: "first" });
  const parts = [first];
  let place = first;
  let headings = 0;
  for (const node of nodes) {
    if (node.localName === "hr") continue; /* parts are told apart by their headings */
    if (node.localName === "h3" && (headings += 1) > 1) {
      place = make("details", { className: "part" });
      place.append(make("summary", {}, node));
      parts.push(place);
    } else place.append(node);
  }
  return parts;
};

/* A summary as it opens: what Daybook warns of, its own text, then who wrote it. */
const filled = (box, section, address) => {
  const own = [];
  for (let node = section.previousElementSibling; node?.matches("p"); node = node.previousElementSibling) own.unshift(node);
  for (const paragraph of own) {
    paragraph.className = "provenance";
    paragraph.lang = document.documentElement.lang;
    keepLinks(paragraph, address);
  }
  for (const part of section.querySelectorAll("[id]")) part.removeAttribute("id");
  box.lang = section.lang;
  box.append(...own.slice(0, -1), ...folded([...section.childNodes]), ...own.slice(-1));
  return box;
};

const fetched = async (address) => {
  const page = await pageAt(address);
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

/* A first part that would fill the screen is shown in part. */
const cut = (first) => {
  first.classList.add("cut");
  if (first.scrollHeight < 1.3 * first.clientHeight) {
    first.classList.remove("cut");
    return;
  }
  const more = make("button", { type: "button", className: "more", lang: document.documentElement.lang, textContent: text("Read on") });
  more.addEventListener("click", () => {
    first.classList.remove("cut");
    more.remove();
    first.focus({ preventScroll: true });
  });
  first.tabIndex = -1;
  first.after(more);
};

const show = (link, card, open) => {
  card.classList.toggle("open", open);
  card.querySelector(":scope > .opened").hidden = !open;
  card.querySelector(":scope > .close").hidden = !open;
  link.setAttribute("aria-expanded", String(open));
  if (open) link.dispatchEvent(new CustomEvent("opened", { bubbles: true })); /* it is read */
};

/* Beside the title, which stays in view as long as the summary does. */
const closeButton = (link, card) => {
  const button = make("button", { type: "button", className: "close", textContent: "×" });
  button.setAttribute("aria-label", text("Close the summary"));
  button.addEventListener("click", () => {
    show(link, card, false);
    link.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  });
  return button;
};

/* Open the summary that a link leads to, or close it. */
export const toggle = async (link) => {
  if (link.hasAttribute("aria-busy")) return;
  const card = link.closest("li");
  const box = card.querySelector(":scope > .opened");
  if (!box) {
    link.setAttribute("aria-busy", "true");
    const summary = await fetched(link.href).finally(() => link.removeAttribute("aria-busy"));
    card.prepend(closeButton(link, card));
    card.append(summary);
  }
  show(link, card, !box || box.hidden);
  if (!box) card.querySelectorAll(".opened .first").forEach(cut);
};
