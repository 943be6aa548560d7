/* The page "Unread": the papers of several days in one list, but for those that are read. Their cards are taken
   from the days' own pages. */

import { counted, LOCALE, text } from "../texts.js";
import { make } from "./elements.js";
import { isRead } from "./marks.js";
import { keepLinks, pageAt } from "./pages.js";
import { idOf, SITE, titleOf } from "./papers.js";

const DAYS_SHOWN = 5; /* where the address names no day */
const AT_ONCE = 4; /* pages that are fetched side by side */
const DATE = new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/* The pages of a day, each with as many cards as the template says. */
const addresses = (day, papers, most) => Array.from({ length: Math.ceil(papers / most) },
  (_, at) => new URL(`days/${day}${at ? `-${at + 1}` : ""}/`, SITE));

const cardsAt = async (address) => {
  const cards = [...(await pageAt(address)).querySelectorAll(".day > ol > li")];
  for (const card of cards) keepLinks(card, address);
  return cards;
};

const cardsOfDay = async (day, papers, most) => (await Promise.all(addresses(day, papers, most).map(cardsAt))).flat();

/* A day's heading and its papers that are neither read nor on a later day's list. */
const list = (day, all, seen) => {
  const fresh = all.filter((card) => {
    const id = idOf(titleOf(card)?.href);
    if (!id || isRead(id) || seen.has(id)) return false;
    seen.add(id);
    return true;
  });
  if (!fresh.length) return [];
  const link = make("a", { href: new URL(`days/${day}/`, SITE) }, DATE.format(Date.parse(day)));
  return [make("h2", {}, link), make("ol", {}, ...fresh)];
};

export const fill = async (root) => {
  root.hidden = false;
  const days = JSON.parse(root.dataset.days);
  const after = new URL(location.href).searchParams.get("after") ?? "";
  const newest = Object.keys(days).sort().reverse();
  const wanted = after ? newest.filter((day) => day > after) : newest.slice(0, DAYS_SHOWN);
  const line = root.querySelector('[role="status"]');
  const seen = new Set();
  const lists = [];
  let failed = 0;
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const some = wanted.slice(at, at + AT_ONCE);
    const answers = await Promise.allSettled(some.map((day) => cardsOfDay(day, days[day], Number(root.dataset.most))));
    for (const [n, { status, value }] of answers.entries()) {
      if (status === "fulfilled") lists.push(...list(some[n], value, seen));
      else failed += 1;
    }
  }
  const papers = counted(seen.size, "{count} unread paper", "{count} unread papers");
  const onDays = counted(wanted.length, "on {count} day", "on {count} days");
  line.textContent = failed
    ? text("{papers} {days}; {failed} could not be read. Try again later.", { papers, days: onDays, failed: counted(failed, "{count} day", "{count} days") })
    : seen.size ? text("{papers} {days}.", { papers, days: onDays }) : text("Nothing unread.");
  root.after(...lists);
};
