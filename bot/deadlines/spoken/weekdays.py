"""Days told from today: "last Thursday", "a week ago on Tuesday", "the day before yesterday"."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.deadlines.spoken.words import (
    NUMBER,
    SHORT_WORDS,
    WEEKDAY,
    WEEKDAYS,
    WHOLE,
    Found,
    days_before,
    number,
)

Rule = Callable[[re.Match[str], date], Found | None]

_WEEKS = rf"(?:(?P<weeks>{NUMBER}) (?:weeks?|wks?)|(?:a |1 )?(?P<fortnight>fortnight)|week)"
_DAY = rf"(?P<day>{WEEKDAY})"
_TWO_WEEKS = "This could be a day of this week or of last week."


def find(text: str, today: date) -> Iterator[tuple[int, int, Found]]:
    """Every day told from today in the text: where it begins and ends, what it may mean.

    The longer phrases come first: one that overlaps an earlier one is to be passed over.
    """
    for pattern, rule in _RULES:
        for match in pattern.finditer(text):
            found = rule(match, today)
            if found:
                yield *match.span(), found


def _found(*days: date | None, why: str) -> Found:
    kept = tuple(dict.fromkeys(day for day in days if day))
    return Found(kept, why if len(kept) > 1 else "")


def _recent(match: re.Match[str], today: date) -> date:
    """The latest such weekday before today."""
    return today - timedelta(days=(today.weekday() - WEEKDAYS[match["day"]] - 1) % 7 + 1)


def _this_week(match: re.Match[str], today: date) -> date:
    """Such a weekday of the week, Monday to Sunday, that today is in."""
    return today + timedelta(days=WEEKDAYS[match["day"]] - today.weekday())


def _last(match: re.Match[str], today: date) -> list[date | None]:
    """On Friday "last Monday" may be of this week or last; on Tuesday "last Friday" is plain."""
    recent = _recent(match, today)
    in_this_week = recent >= today - timedelta(days=today.weekday())
    return [recent, days_before(recent, 7)] if in_this_week else [recent]


def _number_of_weeks(match: re.Match[str]) -> int:
    if match["fortnight"]:
        return 2
    return number(match["weeks"]) if match["weeks"] else 1


def _weekday(match: re.Match[str], today: date) -> Found | None:
    how, recent, this_week = match["how"], _recent(match, today), _this_week(match, today)
    if not how and match["day"] in SHORT_WORDS:
        return None
    days, why = [recent], ""
    if "past" in how:
        pass
    elif "by" in how:
        days = [recent, recent + timedelta(days=7)]
        why = "This could be the day that has been or the one to come."
    elif "this" in how:
        days = [this_week] if this_week <= today else [recent, this_week]
        why = _TWO_WEEKS
    elif this_week == today:
        days, why = [today, recent], "This could be today or a week ago."
    return Found(tuple(days), why if len(days) > 1 else "", WEEKDAYS[match["day"]])


def _last_weekday(match: re.Match[str], today: date) -> Found:
    found = _found(*_last(match, today), why=_TWO_WEEKS)
    return Found(found.days, found.why, WEEKDAYS[match["day"]])


def _before_last(match: re.Match[str], today: date) -> Found:
    return _found(*(days_before(day, 7) for day in _last(match, today) if day), why=_TWO_WEEKS)


def _weeks_before_last(match: re.Match[str], today: date) -> Found:
    back = 7 * _number_of_weeks(match)
    return _found(*(days_before(day, back) for day in _last(match, today) if day), why=_TWO_WEEKS)


def _weeks_ago_on(match: re.Match[str], today: date) -> Found:
    back = 7 * _number_of_weeks(match)
    return _found(
        days_before(_this_week(match, today), back),
        days_before(_recent(match, today), back),
        why="This could be counted from this week or from the day itself.",
    )


def _weeks_ago_day(match: re.Match[str], today: date) -> Found:
    back = 7 * _number_of_weeks(match) + (match["near"] == "yesterday")
    return _found(days_before(today, back), why="")


def _coming(match: re.Match[str], today: date) -> Found:
    """Still to come, and read as such: whoever asks for the past then says so."""
    weeks = _number_of_weeks(match) if "weeks" in match.groupdict() else 0
    days = (WEEKDAYS[match["day"]] - today.weekday() - 1) % 7 + 1
    return _found(days_before(today, -days - 7 * weeks), why="")


def _weeks_back(weeks: int) -> Rule:
    return lambda match, today: _found(days_before(_this_week(match, today), 7 * weeks), why="")


def _days_back(days: int) -> Rule:
    return lambda _match, today: _found(days_before(today, days), why="")


def _ago(match: re.Match[str], today: date) -> Found:
    counts = [2, 3] if match["couple"] else [number(n) for n in (match["n"], match["m"]) if n]
    days = (_earlier(today, match["unit"], count) for count in counts)
    return _found(*days, why="This could be more than one day.")


def _earlier(today: date, unit: str, count: int) -> date | None:
    match unit[0]:
        case "d":
            return days_before(today, count)
        case "w":
            return days_before(today, 7 * count)
        case "f":
            return days_before(today, 14 * count)
    months = count if unit.startswith("m") else 12 * count
    return today - relativedelta(months=months) if months < 12 * today.year - 12 else None


def _weekend(match: re.Match[str], today: date) -> Found:
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if match["last"] and today.weekday() >= 5:
        saturday -= timedelta(days=7)
    return _found(saturday, saturday + timedelta(days=1), why="A weekend has two days.")


_RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        # "a week last Tuesday", "a week ago on Tuesday", "Tuesday two weeks ago", "Monday week"
        (rf"\b{_WEEKS} (?:ago )?last {_DAY}\b", _weeks_before_last),
        (rf"\b{_WEEKS} ago (?P<near>today|yesterday)\b", _weeks_ago_day),
        (rf"\b{_WEEKS} ago,? (?:on |this )?{_DAY}\b", _weeks_ago_on),
        (rf"\b{_DAY},? {_WEEKS} ago\b", _weeks_ago_on),
        (rf"\b{_WEEKS} (?:on|this|from) {_DAY}\b", _coming),
        (rf"\b{_DAY} {_WEEKS}\b(?! (?:before|ago))", _coming),
        # "the Thursday before last", "Thursday of the week before last", "Thursday last week"
        (rf"\b{_DAY},? (?:of |in )?the week before last\b", _weeks_back(2)),
        (rf"\bthe week before last,? (?:on )?(?:the )?{_DAY}\b", _weeks_back(2)),
        (rf"\b{_DAY} before last\b", _before_last),
        (rf"\b{_DAY},? (?:of |in )?last week\b", _weeks_back(1)),
        (rf"\blast week,? (?:on )?(?:the )?{_DAY}\b", _weeks_back(1)),
        (rf"\b{_DAY},? (?:of |in )?this week\b", _weeks_back(0)),
        (rf"\bthis week,? (?:on )?(?:the )?{_DAY}\b", _weeks_back(0)),
        (rf"\b(?:next|coming) {_DAY}\b", _coming),
        (rf"\blast {_DAY}\b", _last_weekday),
        (rf"\b{_DAY} last\b", _last_weekday),
        # "3 days ago", "a couple of weeks ago", "3 or 4 days ago"
        (
            rf"{WHOLE}\b(?:(?P<couple>(?:a )?couple(?: of)?)|(?P<n>{NUMBER})"
            rf"(?: ?(?:or|to|-) ?(?P<m>{NUMBER}))?) "
            r"(?P<unit>days?|weeks?|wks?|fortnights?|months?|years?) (?:ago|back)\b",
            _ago,
        ),
        (r"\b(?:day before yesterday|(?:day|night) before last)\b", _days_back(2)),
        (r"\bday after tomorrow\b", _days_back(-2)),
        (r"\b(?:yesterday|y'?day|last (?:night|evening))\b", _days_back(1)),
        (r"\b(?:today|tonight|this (?:morning|afternoon|evening|lunchtime))\b", _days_back(0)),
        (r"\btomorrow\b", _days_back(-1)),
        (r"\b(?:(?P<last>last)|over the|at the|on the) weekend\b", _weekend),
        (rf"\b(?P<how>(?:(?:on|this|past|by|since) )*){_DAY}\b", _weekday),
    )
)
