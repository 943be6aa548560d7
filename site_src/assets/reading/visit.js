/* One line on the first page: what is new since the reader's last visit. */

import { counted, LOCALE, pieces, text } from "../texts.js";
import { make } from "./elements.js";

const KEY = `${new URL("../../", import.meta.url).pathname}.visit`;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const written = (day, options) => new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", ...options }).format(Date.parse(day));

/* A visit: the day of it, and the newest day of papers that there was. */
const read = (storage) => {
  const visit = JSON.parse(storage.getItem(KEY));
  const isDay = (day) => typeof day === "string" && DAY.test(day) && !Number.isNaN(Date.parse(day));
  return isDay(visit?.on) && isDay(visit?.seen) ? visit : undefined;
};
const write = (storage, visit) => storage.setItem(KEY, JSON.stringify(visit));

const show = (box, last, days, dismiss) => {
  const fresh = Object.keys(days).filter((day) => day > last.seen);
  if (!fresh.length) return;
  const papers = fresh.reduce((sum, day) => sum + days[day], 0);
  /* The page knows the last 60 days only. */
  const older = !Object.keys(days).some((day) => day <= last.seen);
  const year = last.on.slice(0, 4) === fresh.sort().at(-1).slice(0, 4) ? undefined : "numeric";
  const link = make("a", { href: `unread/?after=${last.seen}` }, ...pieces("{papers} since {date}", {
    papers: counted(papers, "{count}{more} new paper", "{count}{more} new papers", { more: older ? "+" : "" }),
    date: written(last.on, { day: "numeric", month: "long", year }),
  }));
  const close = make("button", { type: "button", title: text("Dismiss") }, "×");
  close.setAttribute("aria-label", text("Dismiss what is new"));
  close.addEventListener("click", () => {
    box.replaceChildren();
    dismiss();
  });
  box.append(link, close);
};

export const attachVisit = (box) => {
  const days = JSON.parse(box.dataset.days);
  const now = new Date();
  const on = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const visit = { on, seen: Object.keys(days).sort().at(-1) };
  try {
    /* One visit lasts as long as its tab: going back to this page does not make the line disappear. */
    const last = read(sessionStorage) ?? read(localStorage);
    write(localStorage, visit);
    write(sessionStorage, last ?? visit);
    if (last) show(box, last, days, () => write(sessionStorage, visit));
  } catch { /* where nothing can be stored, nothing is said */ }
};
