/* What narrows a search, each with a button that takes it off. */

/* By the query of its own address, as daybook.js explains. */
const QUERY = new URL(import.meta.url).search;
const { LOCALE, text } = await import(`../texts.js${QUERY}`);
const { make, MONTH } = await import(`./client.js${QUERY}`);

export const LABELS = {
  category: text("Category"), tag: text("Tag"), month: text("Month"), type: text("Announced as"), summary: text("AI summary"),
};
/* The values that are words of ours. */
const VALUES = {
  type: new Map([["new", text("new")], ["cross", text("cross")], ["replace", text("replace")], ["replace-cross", text("replace-cross")]]),
  summary: new Map([["yes", text("yes")], ["no", text("no")]]),
};
const FIELDS = { ...LABELS, author: text("Author"), title: text("Title"), abstract: text("Abstract") };
const DAY = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export const named = (facet, value) => {
  if (facet === "month" && /^\d{4}-(?:0[1-9]|1[0-2])$/.test(value)) return MONTH.format(new Date(`${value}-01`));
  return VALUES[facet]?.get(value) ?? value;
};

const valid = (day) => (Number.isNaN(Date.parse(day)) ? null : new Date(day));
/* The days from since to the one before before, both ISO days; "" has no end. */
const daysOf = (since, before) => {
  const [first, behind] = [valid(since), valid(before)];
  const last = behind && new Date(behind - 86_400_000);
  if (first && last) return first < last ? DAY.formatRange(first, last) : DAY.format(first);
  if (first) return text("since {day}", { day: DAY.format(first) });
  return last ? text("until {day}", { day: DAY.format(last) }) : `${since}${before}`;
};

/* Whether the words alone do not tell which days are meant. */
const vague = (written) => !/[0-9]{4}/.test(written) || /after|until|till|之后|截至/i.test(written);

const without = (query, piece) => query.replace(piece, " ").replace(/\s+/g, " ").trim();
const chip = (label, taken, days = "") => ({ label, days, taken });

/* What the query's own words narrow by: a date in plain words becomes words, a field goes. */
const ofQuery = (state, { dates = [], fields = [] }) => [
  ...dates.map((date) => chip(date.text, date.field
    ? { q: without(state.q, date.text) } : { words: [state.words, date.text].filter(Boolean).join("|") },
  vague(date.text) ? daysOf(date.since, date.before) : "")),
  ...fields.map(({ field, value, sign, text: typed }) => {
    const what = { name: FIELDS[field], value: named(field, value) };
    const label = sign === "-" ? text("not {name}: {value}", what) : text("{name}: {value}", what);
    return chip(label, { q: without(state.q, typed) });
  }),
];

/* What was chosen. */
const ofState = (state) => [
  ...Object.keys(FIELDS).filter((name) => state[name]).map((name) => (
    chip(text("{name}: {value}", { name: FIELDS[name], value: named(name, state[name]) }), { [name]: "" }))),
  ...(state.since || state.before ? [chip(daysOf(state.since, state.before), { since: "", before: "" })] : []),
];

/* Show the chips; take is called with what changes. */
export const showChips = (list, state, answer, take) => {
  const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  const buttons = [...ofQuery(state, answer), ...ofState(state)].map(({ label, days, taken }) => {
    const button = make("button", { type: "button", "aria-label": text("{filter}: take off", { filter: [label, days].filter(Boolean).join(", ") }) },
      label, days && days !== label ? make("span", { class: "days" }, ` ${days}`) : "", make("span", { class: "off", "aria-hidden": "true" }, " ×"));
    button.addEventListener("click", () => take(taken));
    return button;
  });
  list.replaceChildren(...buttons.map((button) => make("li", {}, button)));
  list.hidden = !buttons.length;
  if (focused >= 0) buttons[Math.min(focused, buttons.length - 1)]?.focus();
  return focused >= 0 && !buttons.length; /* whether the focus is lost */
};
