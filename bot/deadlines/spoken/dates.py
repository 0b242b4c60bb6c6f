"""Dates given by day and month: ISO, numbers, named months, named days of the year.

Numbers are day first, as in Britain. A date without a year is the latest one that has been.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.easter import easter

from bot.deadlines.spoken.words import MONTH, MONTHS, WEEKDAY, Found, day_of

# A date without a year that comes again within so many days may be a slip for the coming one.
SOON = timedelta(days=14)

_ORD = r"(?:st|nd|rd|th)?"
# Two digits are a year unless they begin a time: "12 Nov 26", but "12 Nov 10am".
_YEAR = (
    r"(?:,? (?:of )?|-|/)(?P<year>'?[0-9]{4}|'[0-9]{2}"
    r"|[0-9]{2}(?![0-9]|:|\.[0-9]| ?[ap]\.?m| ?o'?clock| noon))"
)
_ISO = re.compile(
    r"(?<![0-9/.-])(?P<y>[0-9]{4})[-/](?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})(?![0-9/-])"
)
_NUMERIC = re.compile(
    r"(?<![0-9/.-])(?P<d>[0-9]{1,2})(?P<sep> ?[/.-] ?)(?P<m>[0-9]{1,2})(?P=sep)"
    r"(?P<y>[0-9]{4}|[0-9]{2})(?![0-9/-])"
)
_DAY_MONTH = re.compile(
    r"(?<![0-9/.-])(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})"
    r"(?![0-9/.-]| ?(?:an? )?(?:hour|day|week|of\b))"
)
# What may follow a number or month for it to stand as a date: not "stage 2 may apply".
_AFTER = r"(?=$|[,.;:!?)]|-| (?:at|in|on|and|or|when|by|about|around|to|i|we|they|'?[0-9]))"
_STANDS = re.compile(_AFTER)
_ALSO_WORDS = frozenset({"may", "march", "mar"})
_NAMED = re.compile(
    rf"(?<![0-9/.:-])(?:(?P<other>[0-9]{{1,2}}){_ORD} ?(?:-|to|and|or|/) ?)?(?:the )?"
    rf"(?P<d>[0-9]{{1,2}})(?P<ordinal>(?:st|nd|rd|th)(?: day)?(?: of)?)?[ -]?"
    rf"(?P<m>{MONTH})\b\.?(?:{_YEAR}(?![0-9]))?"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<m>{MONTH})\b\.?[ -]?(?:the )?(?P<d>[0-9]{{1,2}})(?![0-9:]| ?[ap]\.?m\b)"
    rf"(?:(?:st|nd|rd|th)\b|{_AFTER})"
    rf"(?:{_YEAR}(?![0-9]))?"
)
_FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "new year's day": (1, 1),
    "new years day": (1, 1),
}
_EASTERS = {"good friday": -2, "easter sunday": 0, "easter monday": 1}
_FEAST = re.compile(rf"\b(?P<name>{'|'.join([*_FEASTS, *_EASTERS])})\b(?: (?P<year>[0-9]{{4}}))?")
# "the 12th", "Monday 9th", "Monday 9": the weekday stays in the text, as a check.
_MONTH_DAY = re.compile(
    rf"(?:(?:^|\bon )the |^|\b{WEEKDAY},? (?:the )?)(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)"
    r"(?=$|[,.;]| at\b)"
    rf"|\b{WEEKDAY},? (?P<plain>[0-9]{{1,2}})(?=$|[,;]| at\b)"
)


def find(text: str, today: date) -> Iterator[tuple[int, int, Found]]:
    """Every date by day and month in the text: where it begins and ends, what it may mean.

    A date that no calendar has ("31 February") is found with no days.
    """
    for match in _ISO.finditer(text):
        yield *match.span(), _exactly(day_of(int(match["y"]), int(match["m"]), int(match["d"])))
    for match in _NUMERIC.finditer(text):
        yield *match.span(), _numeric(match, today)
    for match in _DAY_MONTH.finditer(text):
        # "They are there 24/7."
        if match[0] != "24/7" or match[0] == text or text[: match.start()].endswith("on "):
            yield *match.span(), _day_month(int(match["d"]), int(match["m"]), today)
    for match in _NAMED.finditer(text):
        if match["m"] not in _ALSO_WORDS or match["ordinal"] or _STANDS.match(text, match.end()):
            yield *match.span(), _named(match, today)
    for match in _MONTH_FIRST.finditer(text):
        yield *match.span(), _named(match, today)
    for match in _FEAST.finditer(text):
        yield *match.span(), _feast(match["name"], match["year"], today)
    for match in _MONTH_DAY.finditer(text):
        group = "d" if match["d"] else "plain"
        yield match.start(group), match.end(), _day_of_month(int(match[group]), today)


def _exactly(*days: date | None, why: str = "") -> Found:
    kept = tuple(dict.fromkeys(day for day in days if day))
    return Found(kept, why if len(kept) > 1 else "", calendar=True)


def _year(written: str) -> int:
    digits = written.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _numeric(match: re.Match[str], today: date) -> Found:
    year, first, second = _year(match["y"]), int(match["d"]), int(match["m"])
    british, american = day_of(year, second, first), day_of(year, first, second)
    if british is None:
        return _exactly(american)
    if american and american <= today < british:
        return _exactly(british, american, why="The day and the month could be either way round.")
    return _exactly(british)


def _day_month(first: int, second: int, today: date) -> Found:
    british, american = (day_of(today.year, m, d) for m, d in ((second, first), (first, second)))
    if british and american and american <= today < british:
        found = _without_year(second, first, today)
        return _exactly(
            american, *found.days, why="The day and the month could be either way round."
        )
    found = _without_year(second, first, today)
    return found if found.days else _without_year(first, second, today)


def _named(match: re.Match[str], today: date) -> Found:
    groups = match.groupdict()
    month, days = MONTHS[match["m"]], [int(match["d"])]
    if groups.get("other"):
        days.insert(0, int(groups["other"]))
    if match["year"]:
        exact = [day_of(_year(match["year"]), month, day) for day in days]
        return _exactly(*exact, why="You gave more than one date.")
    if len(days) == 1:
        return _without_year(month, days[0], today)
    latest = (_without_year(month, day, today).days for day in days)
    return _exactly(*(some[0] for some in latest if some), why="You gave more than one date.")


def _without_year(month: int, day: int, today: date) -> Found:
    # Eight years hold a 29 February, whatever the century.
    years = range(max(today.year - 8, 1), min(today.year + 8, 9999) + 1)
    return _latest([when for year in years if (when := day_of(year, month, day))], today)


def _latest(days: list[date], today: date) -> Found:
    """The last of the days that has been, with the next one if that comes soon."""
    been = [day for day in days if day <= today]
    coming = [day for day in days if day > today][:1]
    if not been:
        return _exactly(*coming)
    if coming and coming[0] - today <= SOON:
        return _exactly(been[-1], coming[0], why="You did not say which year.")
    return _exactly(been[-1])


def _feast(name: str, year: str | None, today: date) -> Found:
    years = [int(year)] if year else range(max(today.year - 1, 1), min(today.year + 1, 9999) + 1)
    if name in _FEASTS:
        days = [day_of(each, *_FEASTS[name]) for each in years]
    else:
        # dateutil reckons Easter for these years only.
        shift = timedelta(days=_EASTERS[name])
        days = [easter(each) + shift for each in years if 1583 <= each <= 4099]
    known = [day for day in days if day]
    return _exactly(*known) if year else _latest(known, today)


def _day_of_month(day: int, today: date) -> Found:
    months = [today.year * 12 + today.month - 1 + shift for shift in range(-3, 4)]
    days = [day_of(month // 12, month % 12 + 1, day) for month in months]
    found = _latest([each for each in days if each], today)
    return _exactly(*found.days, why="You did not say which month.")
