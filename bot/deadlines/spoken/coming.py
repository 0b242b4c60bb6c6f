"""Days still to come, as people say them: "next Friday", "the 12th", "4 December", "Monday week".

What `read_date` takes for the past is moved on to the next such day, never to a day before today.
"""

import re
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from bot.deadlines.spoken.read import DateRead, DateUnclear, NoDate, Reading, local_now, read_date
from bot.deadlines.spoken.words import MONTH, NUMBER, WEEKDAY, ready

LONGEST_AHEAD = relativedelta(years=1)
FROM_WHICH_DAY = (
    "I cannot tell from which day to count that. Give the day itself, for example 4 December."
)
_COUNTED = re.compile(
    rf"\b(?:{NUMBER}|few|couple(?: of)?) (?:more |extra |further |working |calendar )*"
    r"(?:days?|weeks?|fortnights?|months?)\b(?! ago)|\bfortnight\b(?! ago)"
)
_NEXT = re.compile(rf"\bnext {WEEKDAY}\b")
_WEEKDAY = re.compile(rf"\b{WEEKDAY}\b")
_OF_THE_PAST = re.compile(
    r"\b(?:yesterday|ago|last|today|tonight|tomorrow|weekend)\b|\b(?:19|20)[0-9]{2}\b"
)
_DAY_OF_THE_MONTH = re.compile(rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)?\b(?![/.-])(?! (?:of )?{MONTH})")
_MONTH = re.compile(rf"\b{MONTH}\b|[0-9][/.-][0-9]")


def read_coming(text: str, now: datetime, *, timezone: str) -> Reading:
    """The day that a sentence gives for something still to happen; any text, and none raises.

    Raises:
        ValueError: `now` has no offset.
    """
    today = local_now(now, timezone).date()
    if _COUNTED.search(ready(text)) and not _WEEKDAY.search(ready(text)):
        return NoDate(FROM_WHICH_DAY)
    match read_date(text, now, timezone=timezone):
        case DateRead() as read:
            return _one_of(_meant(read.on, text, today), read.at)
        case DateUnclear(candidates=candidates, at=at):
            return _one_of({day for each in candidates for day in _meant(each, text, today)}, at)
        case NoDate() as nothing:
            return nothing


def _one_of(days: set[date], at: time | None) -> Reading:
    if len(days) == 1:
        return DateRead(days.pop(), at)
    return DateUnclear(tuple(sorted(days)), "That could be more than one day.", at)


def _meant(day: date, text: str, today: date) -> set[date]:
    """The days that one read as of the past may be ahead; "next Friday" in this week may be two."""
    moved = _moved_on(day, text, today)
    of_this_week = moved.isocalendar()[:2] == today.isocalendar()[:2]
    if of_this_week and _NEXT.search(ready(text)):
        return {moved, moved + timedelta(days=7)}
    return {moved}


def problem_ahead(read: DateRead, now: datetime, *, timezone: str) -> str | None:
    """Why a day that was read cannot be one to come, in a plain sentence; or None.

    Raises:
        ValueError: `now` has no offset.
    """
    local = local_now(now, timezone)
    if read.on < local.date():
        return "That day has passed. Give a day still to come."
    if read.on == local.date() and read.at is not None and read.at <= local.time():
        return "That time has passed. Give a time still to come."
    if read.on > local.date() + LONGEST_AHEAD:
        return "That is more than a year ahead. Check the year."
    return None


def _moved_on(day: date, text: str, today: date) -> date:
    """The next such day: of the week, of the month, or of the year, where no more is given."""
    plain = ready(text)
    if day >= today or _OF_THE_PAST.search(plain):
        return day
    by_date = _MONTH.search(plain) or not _WEEKDAY.search(plain)
    if not by_date:
        return day + timedelta(days=7 * ((today - day).days // 7 + 1))
    of_month = _DAY_OF_THE_MONTH.search(plain) and not _MONTH.search(plain)
    count, moved = 0, day
    while moved < today:
        count += 1 if of_month else 12
        moved = day + relativedelta(months=count)
    return moved
