/* Dates in a query, in plain words of English and Chinese, as ranges of days, which are ISO texts.

   generator/build/search/dates.py explains the same rules. */

/* A pattern at a place of a text. */
const at = (pattern, text, place) => {
  pattern.lastIndex = place;
  return pattern.exec(text);
};
const sticky = (source) => new RegExp(source, "y");

const MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
const NUMBERS = {
  one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, ten: 10, twelve: 12, thirty: 30, ninety: 90,
  一: 1, 两: 2, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 三十: 30, 六十: 60, 九十: 90,
};
const UNITS = { day: 1, week: 7, month: 30, year: 365, 天: 1, 日: 1, 周: 7, 星期: 7, 月: 30, 年: 365 };
const RELATIVE = {
  今天: "today", 今日: "today", 昨天: "yesterday", 昨日: "yesterday", 本周: "this week", 这周: "this week",
  本月: "this month", 这月: "this month", 这个月: "this month", 上周: "last week", 上星期: "last week",
  上个星期: "last week", 上月: "last month", 上个月: "last month", 今年: "this year", 去年: "last year",
  前年: "year before",
};

const MONTH = "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
  + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const [YEAR, NUMERAL, DATE] = ["([12][0-9]{3})", "([01]?[0-9])", "([0-3]?[0-9])"];
const TH = `${DATE}(?:st|nd|rd|th)?`;
const COUNT = "([0-9]{1,3}|one|two|three|four|five|six|seven|ten|twelve|thirty|ninety)";
const CJK_COUNT = "([0-9]{1,3}|三十|六十|九十|[一两二三四五六七八九十])";
const NAMES = Object.keys(RELATIVE).sort((a, b) => b.length - a.length).join("|");
/* How days are named: what lead it needs, what the groups are (Year, Month, Date, Quarter, Half,
   Number of Units, Relative), and the pattern. */
const FORMS = [
  [0, "y-md", `${YEAR}([-/.])${NUMERAL}\\2${DATE}`],
  [0, "dmy", `${TH}(?: +of)? +${MONTH}\\.?,? +${YEAR}`],
  [0, "mdy", `${MONTH}\\.? +${TH}(?:, *| +)${YEAR}`],
  [0, "my", `${MONTH}(?:\\.?,?(?: +of)? +|[-/])${YEAR}`],
  [0, "ym", `${YEAR}(?: +|-)${MONTH}`],
  [0, "ym", `${YEAR}[-/]${NUMERAL}`],
  [0, "my", `${NUMERAL}/${YEAR}`],
  [0, "my", `${MONTH} *['’]([0-9]{2})`],
  [0, "qy", `q([1-4]) +${YEAR}`],
  [0, "yq", `${YEAR} *q([1-4])`],
  [0, "r", "(today|yesterday|(?:this|last|past|previous) +(?:week|month|year))"],
  [0, "nu", `(?:last|past|previous) +${COUNT} +(day|week|month|year)s?`],
  [0, "ymd", `${YEAR} *年 *${NUMERAL} *月 *${DATE} *[日号]?`],
  [0, "ym", `${YEAR} *年 *${NUMERAL} *月份?`],
  [0, "yh", `${YEAR} *年 *([上下])半年`],
  [0, "y", `${YEAR} *年[初中底末]?`],
  [0, "rm", `(今年|去年|前年) *${NUMERAL} *月份?`],
  [0, "md", `${NUMERAL} *月 *${DATE} *[日号]`],
  [0, "m", `${NUMERAL} *月份?`],
  [0, "r", `(${NAMES})`],
  [0, "nu", `(?:最近|近|过去) *${CJK_COUNT} *个?(天|日|周|星期|月|年)`],
  [0, "r", "(?:最近|近|过去) *(半年)"],
  [1, "dm", `${TH}(?: +of)? +${MONTH}`],
  [1, "md", `${MONTH}\\.? +${TH}`],
  [2, "m", MONTH],
  [2, "y", YEAR],
  [3, "m", NUMERAL],
].map(([lead, groups, source]) => ({ lead, groups, pattern: sticky(source) }));

const LEAD = sticky("(since|starting|from|after|before|until|till|in|on|during|over|within|between|of|year|month) +(?:the +)?");
const CJK_LEAD = sticky("(自从|来自|自|从|在|截至) *");
const FIELD = sticky("(since|after|before|until|year|month|date|年份?|月份?|日期) *: *");
const SINCE = ["since", "starting", "自", "自从"];
const UNTIL = ["until", "till", "截至"];
const OF_TIME = ["from", "after", "before", "in", "during", "between", "year", "month", ...SINCE, ...UNTIL];
const TO = sticky(" +(?:to|until|till|through) +| *(?:[-–—~到至]|\\.\\.\\.?) *");
const AND_BETWEEN = sticky(" +and +");
const AND_LATER = sticky(" +(?:onwards?|and later|or later)| *(?:以来|以后|至今|开始|到现在|起(?![\u3400-\u9fff]))");
const CJK_AFTER = sticky(" *之后");
const CJK_BEFORE = sticky(" *(?:之前|以前)");
const OF = sticky(" *的");

const NO_YEAR = ["m", "md", "dm"];
const FIRST_YEAR = 1991; /* of arXiv */
const BEFORE = " \0([{<,;!?|";
const END = sticky("$|[ \\0)\\]}>,;:!?|\u2e80-\uffff]|\\.(?![0-9a-z])");
const CLOSING = "\"“”」』»〞";
const GOES_ON = sticky(" +[a-z]");
const WORD = /[^ \0!-/:-@[-`{-~]/;

const iso = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10);
const plus = (day, days) => iso(Date.parse(day) + 86_400_000 * days);
const firstOf = (year, month) => iso(Date.UTC(year, month - 1, 1));
const dayOf = (year, month, day) => {
  const since = iso(Date.UTC(year, month - 1, day));
  return day > 0 && Number(since.slice(8)) === day ? [since, plus(since, 1)] : null;
};
const numbersOf = (day) => day.split("-").map(Number);

/* A date as typed so that it can be compared. */
const normal = (text) => text.toLowerCase().split(" ").filter(Boolean).join(" ");

const relative = (name, today) => {
  const [year, month] = numbersOf(today);
  const monday = plus(today, -((new Date(today).getUTCDay() + 6) % 7));
  return {
    "today": [today, plus(today, 1)],
    "yesterday": [plus(today, -1), today],
    "this week": [monday, plus(monday, 7)],
    "last week": [plus(monday, -7), monday],
    "past week": [plus(today, -7), ""],
    "this month": [firstOf(year, month), firstOf(year, month + 1)],
    "last month": [firstOf(year, month - 1), firstOf(year, month)],
    "past month": [plus(today, -30), ""],
    半年: [plus(today, -180), ""],
    "this year": [firstOf(year, 1), firstOf(year + 1, 1)],
    "last year": [firstOf(year - 1, 1), firstOf(year, 1)],
    "past year": [plus(today, -365), ""],
    "year before": [firstOf(year - 2, 1), firstOf(year - 1, 1)],
  }[name.replace("previous", "last")];
};

/* The days that a form names, [since, before]; null where there are none such. */
const daysOf = ({ groups, values }, today) => {
  const value = Object.fromEntries([...groups].map((name, place) => [name, values[place]]));
  if (value.u) return [plus(today, -(NUMBERS[value.n] ?? Number(value.n)) * UNITS[value.u]), ""];
  if (groups === "r") return relative(RELATIVE[value.r] ?? normal(value.r), today);
  const [thisYear, thisMonth, thisDay] = numbersOf(today);
  const month = !value.m ? 1 : /^[0-9]/.test(value.m) ? Number(value.m) : MONTHS.indexOf(value.m.slice(0, 3)) / 3 + 1;
  const day = Number(value.d ?? 1);
  let year = thisYear - (month > thisMonth || (month === thisMonth && day > thisDay) ? 1 : 0); /* the latest */
  if (value.r) year = thisYear - ["今年", "去年", "前年"].indexOf(value.r);
  else if (value.y) year = Number(value.y) + (value.y.length === 2 ? 2000 : 0);
  if (year < FIRST_YEAR || year > thisYear + 1 || month < 1 || month > 12) return null;
  if (value.d) return dayOf(year, month, day);
  const first = value.q ? 3 * Number(value.q) - 2 : value.h === "下" ? 7 : month;
  return [firstOf(year, first), firstOf(year, first + (value.q ? 3 : value.h ? 6 : value.m ? 1 : 12))];
};

/* What days may be named here, the longest name first. */
const periodsAt = (text, place, strength, today) => FORMS.flatMap(({ lead, groups, pattern }) => {
  const match = lead < 3 || strength === 3 ? at(pattern, text, place) : null;
  if (!match) return [];
  const values = match.slice(1);
  const days = daysOf({ groups, values }, today);
  const bareYear = lead === 2 && groups === "y";
  const vague = bareYear || values[0] === "today" || values[0] === "yesterday";
  return days ? [{ end: place + match[0].length, lead, groups, values, since: days[0], before: days[1], bareYear, vague }] : [];
}).sort((a, b) => b.end - a.end);

const leadAt = (text, place) => {
  const field = at(FIELD, text, place);
  const found = field ?? at(LEAD, text, place) ?? at(CJK_LEAD, text, place);
  if (!found) return { end: place, word: "", field: false, strength: 0 };
  const [all, word] = found;
  const strength = field ? ("m月".includes(word[0]) ? 3 : 2) : OF_TIME.includes(word) ? 2 : 1;
  return { end: place + all.length, word, field: Boolean(field), strength };
};
const ends = (text, place) => text[place - 1] >= "\u2e80" || at(END, text, place) !== null;
const goesOn = (text, place) => at(GOES_ON, text, place) !== null;

/* The period at which a range ends that begins with the first. */
const secondOf = (text, first, lead, today) => {
  const to = at(lead.word === "between" ? AND_BETWEEN : TO, text, first.end);
  return to && periodsAt(text, first.end + to[0].length, lead.strength, today).find((last) => (
    (lead.strength >= 2 || last.lead === 0 || (first.bareYear && last.bareYear)) && ends(text, last.end) && last.before));
};

const stands = (text, place, period, lead) => {
  if (!ends(text, period.end)) return false;
  if (period.vague && lead.strength < 2) return !WORD.test(text.slice(0, place)) || !WORD.test(text.slice(period.end));
  return period.lead <= lead.strength;
};

/* The period itself, or what comes since, after, before or until it. */
const directed = (text, period, lead) => {
  let { end, since, before } = period;
  const unsure = period.vague && (lead.strength < 2 || goesOn(text, end));
  const later = at(AND_LATER, text, end);
  const after = at(CJK_AFTER, text, end);
  const earlier = at(CJK_BEFORE, text, end);
  if (later) before = "";
  else if (after) [since, before] = [before || since, ""];
  else if (earlier) [since, before] = ["", since];
  else if (SINCE.includes(lead.word)) before = "";
  else if (lead.word === "after") [since, before] = [before || since, ""];
  else if (lead.word === "before") [since, before] = ["", since];
  else if (UNTIL.includes(lead.word)) since = "";
  end += (later ?? after ?? earlier ?? [""])[0].length;
  end += (at(OF, text, end) ?? [""])[0].length;
  return { end, since, before, optional: unsure && !lead.field && !["in", "since", "from", "year"].includes(lead.word) };
};

const rangeAt = (text, place, lead, today) => {
  for (const first of periodsAt(text, lead.end, lead.strength, today)) {
    const last = secondOf(text, first, lead, today);
    if (last) {
      const begins = NO_YEAR.includes(first.groups) ? daysOf(first, last.since) : null; /* of the other's year */
      const unsure = first.bareYear && (!lead.word || goesOn(text, last.end));
      return { end: last.end, since: begins ? begins[0] : first.since, before: last.before, optional: unsure && !lead.field };
    }
    if (lead.word !== "between" && stands(text, place, first, lead)) return directed(text, first, lead);
  }
  return null;
};

/* What is a date in a text: {start, end, text, since, before, optional, field}. */
export const findDates = (text, typed, today, words) => {
  const found = [];
  for (let place = 0; place < text.length;) {
    const before = place ? text[place - 1] : " ";
    const may = BEFORE.includes(before) || before >= "\u2e80" || text[place] >= "\u2e80";
    const lead = leadAt(text, place);
    const range = may ? rangeAt(text, place, lead, today) : null;
    if (range) {
      const { end, since, optional } = range;
      const closed = lead.field && end < typed.length && CLOSING.includes(typed[end]);
      const written = typed.slice(place, end + (closed ? 1 : 0));
      if (lead.field || !words.some((word) => normal(word) === normal(written))) {
        found.push({ start: place, end, text: written, since, before: range.before, optional, field: lead.field });
      }
    }
    place = range ? range.end : place + 1;
  }
  return found;
};
