"""Dates in a query, in plain words of English and Chinese, as ranges of days. Pure.

``march 2026``, ``since 2026-02-10``, ``between may and july 2026``, ``last 30 days``, ``去年3月``,
``year:2025``. ``site_src/assets/search/query.js`` does the same in the browser, and
tests/build/search/query_vectors.json holds both to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10},
    **{"twelve": 12, "thirty": 30, "ninety": 90, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4},
    **{"五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "三十": 30, "六十": 60, "九十": 90},
}
_UNITS = {
    **{"day": 1, "week": 7, "month": 30, "year": 365},
    **{"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365},
}
_RELATIVE = {
    **{"今天": "today", "今日": "today", "昨天": "yesterday", "昨日": "yesterday"},
    **{"本周": "this week", "这周": "this week", "本月": "this month", "这月": "this month"},
    **{"这个月": "this month", "上周": "last week", "上星期": "last week"},
    **{"上个星期": "last week", "上月": "last month", "上个月": "last month"},
    **{"今年": "this year", "去年": "last year", "前年": "year before"},
}

_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR, _NUMERAL, _DATE = "([12][0-9]{3})", "([01]?[0-9])", "([0-3]?[0-9])"
_TH = f"{_DATE}(?:st|nd|rd|th)?"
_COUNT = "([0-9]{1,3}|one|two|three|four|five|six|seven|ten|twelve|thirty|ninety)"
_CJK_COUNT = "([0-9]{1,3}|三十|六十|九十|[一两二三四五六七八九十])"
# How days are named: what lead it needs (see ``_Lead.strength``), what the groups are (Year,
# Month, Date, Quarter, Half, Number of Units, Relative), and the pattern.
_FORMS = tuple(
    (lead, groups, re.compile(pattern))
    for lead, groups, pattern in (
        (0, "y-md", rf"{_YEAR}([-/.]){_NUMERAL}\2{_DATE}"),
        (0, "dmy", rf"{_TH}(?: +of)? +{_MONTH}\.?,? +{_YEAR}"),
        (0, "mdy", rf"{_MONTH}\.? +{_TH}(?:, *| +){_YEAR}"),
        (0, "my", rf"{_MONTH}(?:\.?,?(?: +of)? +|[-/]){_YEAR}"),
        (0, "ym", rf"{_YEAR}(?: +|-){_MONTH}"),
        (0, "ym", rf"{_YEAR}[-/]{_NUMERAL}"),
        (0, "my", rf"{_NUMERAL}/{_YEAR}"),
        (0, "my", rf"{_MONTH} *['’]([0-9]{{2}})"),
        (0, "qy", rf"q([1-4]) +{_YEAR}"),
        (0, "yq", rf"{_YEAR} *q([1-4])"),
        (0, "r", r"(today|yesterday|(?:this|last|past|previous) +(?:week|month|year))"),
        (0, "nu", rf"(?:last|past|previous) +{_COUNT} +(day|week|month|year)s?"),
        (0, "ymd", rf"{_YEAR} *年 *{_NUMERAL} *月 *{_DATE} *[日号]?"),
        (0, "ym", rf"{_YEAR} *年 *{_NUMERAL} *月份?"),
        (0, "yh", rf"{_YEAR} *年 *([上下])半年"),
        (0, "y", rf"{_YEAR} *年[初中底末]?"),
        (0, "rm", rf"(今年|去年|前年) *{_NUMERAL} *月份?"),
        (0, "md", rf"{_NUMERAL} *月 *{_DATE} *[日号]"),
        (0, "m", rf"{_NUMERAL} *月份?"),
        (0, "r", f"({'|'.join(sorted(_RELATIVE, key=len, reverse=True))})"),
        (0, "nu", rf"(?:最近|近|过去) *{_CJK_COUNT} *个?(天|日|周|星期|月|年)"),
        (0, "r", r"(?:最近|近|过去) *(半年)"),
        (1, "dm", rf"{_TH}(?: +of)? +{_MONTH}"),
        (1, "md", rf"{_MONTH}\.? +{_TH}"),
        (2, "m", _MONTH),
        (2, "y", _YEAR),
        (3, "m", _NUMERAL),
    )
)
_LEAD = re.compile(
    r"(since|starting|from|after|before|until|till|in|on|during|over|within|between|of|year|month)"
    r" +(?:the +)?"
)
_CJK_LEAD = re.compile("(自从|来自|自|从|在|截至) *")
_FIELD = re.compile("(since|after|before|until|year|month|date|年份?|月份?|日期) *: *")
_SINCE, _UNTIL = {"since", "starting", "自", "自从"}, {"until", "till", "截至"}
_OF_TIME = {"from", "after", "before", "in", "during", "between", "year", "month"} | _SINCE | _UNTIL
_TO = re.compile(r" +(?:to|until|till|through) +| *(?:[-–—~到至]|\.\.\.?) *")
_AND = re.compile(" +and +")
_AND_LATER = re.compile(
    " +(?:onwards?|and later|or later)| *(?:以来|以后|至今|开始|到现在|起(?![\u3400-\u9fff]))"
)
_CJK_AFTER, _CJK_BEFORE = re.compile(" *之后"), re.compile(" *(?:之前|以前)")
_OF = re.compile(" *的")

_NO_YEAR = {"m", "md", "dm"}
_FIRST_YEAR = 1991  # of arXiv
_BEFORE = " \0([{<,;!?|"
_END = re.compile(r"$|[ \0)\]}>,;:!?|\u2e80-\U0010ffff]|\.(?![0-9a-z])")
_CLOSING = tuple('"“”」』»〞')
_GOES_ON = re.compile(" +[a-z]")
_WORD = re.compile(r"[^ \0!-/:-@\[-`{-~]")


@dataclass(frozen=True, slots=True)
class DateRange:
    """A date as typed, and what it means: ``since`` is the first day, ``before`` the day behind.

    Both are ISO days, "" for no end. ``field`` says that it was written with a colon. An
    ``optional`` one may as well be words of a title (``ICML 2025``): papers that have these words
    are meant too.
    """

    text: str
    since: str
    before: str
    optional: bool
    field: bool


class DatePlace(NamedTuple):
    """A date, and where it stands in the text."""

    start: int
    end: int
    range: DateRange


class _Lead(NamedTuple):
    """What stands before a period: "" or a word such as ``since``, with a colon in a field."""

    end: int
    word: str
    field: bool

    @property
    def strength(self) -> int:
        """Return 3 for what may name a month by number, 2 for a word of time, 1 for another."""
        if self.field:
            return 3 if self.word[0] in "m月" else 2
        return 2 if self.word in _OF_TIME else int(self.word != "")


class _Period(NamedTuple):
    """Days named by a form: from ``since`` to before ``before``, or with no end."""

    end: int
    lead: int
    groups: str
    values: tuple[str, ...]
    since: date
    before: date | None

    @property
    def is_bare_year(self) -> bool:
        return self.lead == 2 and self.groups == "y"

    @property
    def is_vague(self) -> bool:
        """Tell whether it may as well be a word."""
        return self.is_bare_year or self.values[0] in {"today", "yesterday"}


class _Range(NamedTuple):
    end: int
    since: date | None
    before: date | None
    optional: bool


def find_dates(
    text: str, typed: str, today: date, words: Collection[str] = ()
) -> Iterator[DatePlace]:
    """Yield what is a date in a text.

    ``text`` is ``typed`` in small and narrow letters, with NULs where no date can be. ``words`` are
    dates as typed that the reader wants to be words.
    """
    at, kept = 0, set(map(_normal, words))
    while at < len(text):
        lead = _lead_at(text, at)
        found = _range_at(text, at, lead, today) if _may_begin(text, at) else None
        if found:
            closed = lead.field and typed[found.end : found.end + 1] in _CLOSING
            written = typed[at : found.end + closed]
            if lead.field or _normal(written) not in kept:
                since, before = (day.isoformat() if day else "" for day in found[1:3])
                named = DateRange(written, since, before, found.optional, lead.field)
                yield DatePlace(at, found.end, named)
        at = found.end if found else at + 1


def _normal(text: str) -> str:
    """Return a date as typed so that it can be compared."""
    return " ".join(filter(None, text.lower().split(" ")))


def _may_begin(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    return before in _BEFORE or max(before, text[at]) >= "\u2e80"


def _lead_at(text: str, at: int) -> _Lead:
    field = _FIELD.match(text, at)
    found = field or _LEAD.match(text, at) or _CJK_LEAD.match(text, at)
    return _Lead(found.end(), found[1], bool(field)) if found else _Lead(at, "", False)


def _range_at(text: str, at: int, lead: _Lead, today: date) -> _Range | None:
    for first in _periods_at(text, lead.end, lead.strength, today):
        if last := _second(text, first, lead, today):
            begins = _days(first, last.since) if first.groups in _NO_YEAR else None
            unsure = first.is_bare_year and (not lead.word or _goes_on(text, last.end))
            since = begins[0] if begins else first.since
            return _Range(last.end, since, last.before, unsure and not lead.field)
        if lead.word != "between" and _stands(text, at, first, lead):
            return _directed(text, first, lead)
    return None


def _second(text: str, first: _Period, lead: _Lead, today: date) -> _Period | None:
    """Return the period at which a range ends that begins with the first."""
    to = (_AND if lead.word == "between" else _TO).match(text, first.end)
    for last in _periods_at(text, to.end(), max(2, lead.strength), today) if to else ():
        known = lead.strength >= 2 or last.lead == 0 or (first.is_bare_year and last.is_bare_year)
        if known and _ends(text, last.end) and last.before:
            return last
    return None


def _stands(text: str, at: int, period: _Period, lead: _Lead) -> bool:
    """Tell whether a period is one without another: a bare year at an end of the query may be."""
    if not _ends(text, period.end):
        return False
    if period.is_vague and lead.strength < 2:
        return not _WORD.search(text[:at]) or not _WORD.search(text[period.end :])
    return period.lead <= lead.strength


def _directed(text: str, period: _Period, lead: _Lead) -> _Range:
    """Return the period itself, or what comes since, after, before or until it."""
    end, since, before = period[0], period.since, period.before
    range_: tuple[date | None, date | None] = (since, before)
    if tail := _AND_LATER.match(text, end):
        range_ = since, None
    elif tail := _CJK_AFTER.match(text, end):
        range_ = before or since, None
    elif tail := _CJK_BEFORE.match(text, end):
        range_ = None, since
    elif lead.word in _SINCE:
        range_ = since, None
    elif lead.word == "after":
        range_ = before or since, None
    elif lead.word == "before":
        range_ = None, since
    elif lead.word in _UNTIL:
        range_ = None, before
    sure = lead.field or lead.word in {"in", "since", "from", "year"}
    unsure = period.is_vague and (lead.strength < 2 or _goes_on(text, end))
    end = tail.end() if tail else end
    of = _OF.match(text, end)
    return _Range(of.end() if of else end, *range_, unsure and not sure)


def _ends(text: str, at: int) -> bool:
    return text[at - 1] >= "\u2e80" or bool(_END.match(text, at))


def _goes_on(text: str, at: int) -> bool:
    return bool(_GOES_ON.match(text, at))


def _periods_at(text: str, at: int, strength: int, today: date) -> list[_Period]:
    """Return what days may be named here, the longest name first.

    Forms for a stronger lead are among them, but for a month's number.
    """
    found = []
    for lead, groups, pattern in _FORMS:
        match = pattern.match(text, at) if lead < 3 or strength == 3 else None
        if match:
            period = _Period(match.end(), lead, groups, match.groups(), today, None)
            if days := _days(period, today):
                found.append(period._replace(since=days[0], before=days[1]))
    return sorted(found, key=lambda period: -period.end)


def _days(period: _Period, today: date) -> tuple[date, date | None] | None:
    """Return the days, None where there are none such (``2026-02-30``, or before arXiv)."""
    value = dict(zip(period.groups, period.values, strict=True))
    if "u" in value:
        number = _NUMBERS.get(value["n"]) or int(value["n"])
        return today - timedelta(number * _UNITS[value["u"]]), None
    if period.groups == "r":
        return _relative(_RELATIVE.get(value["r"], _normal(value["r"])), today)
    month = _month_number(value["m"]) if "m" in value else 1
    day = int(value.get("d", 1))
    if "r" in value:
        year = today.year - ("今年", "去年", "前年").index(value["r"])
    elif "y" in value:
        year = int(value["y"]) + (2000 if len(value["y"]) == 2 else 0)
    else:  # the latest
        year = today.year - ((month, day) > (today.month, today.day))
    if not (_FIRST_YEAR <= year <= today.year + 1 and 1 <= month <= 12):
        return None
    if "d" in value:
        return _day(year, month, day)
    if "q" in value:
        month = 3 * int(value["q"]) - 2
    if "h" in value:
        month = 1 if value["h"] == "上" else 7
    months = 3 if "q" in value else 6 if "h" in value else 1 if "m" in value else 12
    return _month(year, month), _month(year, month + months)


def _month_number(name: str) -> int:
    return int(name) if name[0] in "0123456789" else _MONTHS.index(name[:3]) // 3 + 1


def _day(year: int, month: int, day: int) -> tuple[date, date] | None:
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    return first, first + timedelta(1)


def _month(year: int, month: int) -> date:
    """Return a month's first day; months before January and after December are of other years."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _relative(name: str, today: date) -> tuple[date, date | None]:
    monday = today - timedelta(today.weekday())
    year, month = today.year, today.month
    name = name.replace("previous", "last")
    return {
        "today": (today, today + timedelta(1)),
        "yesterday": (today - timedelta(1), today),
        "this week": (monday, monday + timedelta(7)),
        "last week": (monday - timedelta(7), monday),
        "past week": (today - timedelta(7), None),
        "this month": (_month(year, month), _month(year, month + 1)),
        "last month": (_month(year, month - 1), _month(year, month)),
        "past month": (today - timedelta(30), None),
        "半年": (today - timedelta(180), None),
        "this year": (date(year, 1, 1), date(year + 1, 1, 1)),
        "last year": (date(year - 1, 1, 1), date(year, 1, 1)),
        "past year": (today - timedelta(365), None),
        "year before": (date(year - 2, 1, 1), date(year - 1, 1, 1)),
    }[name]
