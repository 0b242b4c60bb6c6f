"""What a sentence says about when something happened: a date, two possible ones, or none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.deadlines.spoken import dates, stamps, times, weekdays
from bot.deadlines.spoken.words import MONTH, Found, days_before, ready

LONGEST = 200  # characters; a longer text is a story, not an answer to "when?"
MOST = 4  # days to choose from


@dataclass(frozen=True)
class DateRead:
    """A day, and the local time of day if one was given."""

    on: date
    at: time | None = None


@dataclass(frozen=True)
class DateUnclear:
    """What could be two to four days; `why` says so in a plain sentence.

    `at` is the local time of day if one was given, whichever day it was.
    """

    candidates: tuple[date, ...]
    why: str
    at: time | None = None


@dataclass(frozen=True)
class NoDate:
    """Nothing that can be read as a date; `why` says what to do about it."""

    why: str


Reading = DateRead | DateUnclear | NoDate

_NOTHING = "I cannot find a date in that. Give the day, for example 12 November or last Thursday."
_TOO_LONG = "That is too long to look for a date in. Give only the day, for example 12 November."
_NO_SUCH_DAY = "There is no such day in the calendar. Check the date."
_TOO_MANY = "You gave more than one date. Give only one."
_DAY_OF_WEEK = "Give the day of that week."
_BANK_HOLIDAY = "Give the date of the bank holiday."
_VAGUE = tuple(
    (re.compile(pattern), why)
    for pattern, why in (
        (r"\bworking days?\b", "Give the date itself, not a number of working days."),
        (r"\bbank holiday\b", _BANK_HOLIDAY),
        (r"\b(?:last|this|next) week\b|\bweek before last\b", _DAY_OF_WEEK),
        (
            rf"\b(?:last|this) month\b|\b(?:in|early|late|mid|last) {MONTH}\b"
            rf"|^{MONTH}(?: [0-9]{{4}})?$",
            "Give the day of that month.",
        ),
        (
            r"\b(?:few|several|some|hundred|dozen|and) .*ago\b|\brecently\b|\bthe other day\b",
            "Give the day as nearly as you can, for example 12 November or 3 days ago.",
        ),
    )
)
# "·" stands where a day has been taken out of the text.
_NOT_THE_DAY = tuple(
    (re.compile(pattern), why)
    for pattern, why in (
        (r"·,? bank holiday|bank holiday,? ·", _BANK_HOLIDAY),
        (
            r"\b(?:before|after|until|till|not|wasn't) (?:on |the )?·(?!'s)",
            "Give the day itself, not a day before or after it.",
        ),
        (
            r"\b(?:week (?:of|beginning|commencing|starting|ending)|w/[ce]) (?:the )?·",
            _DAY_OF_WEEK,
        ),
    )
)


def read_date(text: str, now: datetime, *, timezone: str) -> Reading:
    """The day, and perhaps the time, that a sentence gives for something that happened.

    Args:
        text: What somebody typed. Any text is allowed and none raises.
        now: The present instant, with its offset.
        timezone: The IANA zone in which "today" is meant, such as Europe/Jersey.

    Raises:
        ValueError: `now` has no offset.
    """
    local = local_now(now, timezone)
    if len(text) > LONGEST:
        return NoDate(_TOO_LONG)
    plain = ready(text).replace("·", " ")
    left, found, exact = _take(plain, local)
    said = times.times(left, plain)
    for not_the_day, why in _NOT_THE_DAY:
        if not_the_day.search(left):
            return NoDate(why)
    if not found:
        return _without_day(plain, said, local.date())
    reading = _combine(found)
    if exact is not None:
        return reading if isinstance(reading, NoDate) else replace(reading, at=exact)
    # Two times may be two events: neither is taken.
    return _with_time(reading, said[0], plain) if len(said) == 1 else reading


def problem(read: DateRead, now: datetime, *, timezone: str) -> str | None:
    """Why a date that was read cannot be taken as it is, in a plain sentence; or None.

    Raises:
        ValueError: `now` has no offset.
    """
    local = local_now(now, timezone)
    if read.on > local.date():
        return "That is in the future. Give the date on which it happened."
    if read.on == local.date() and read.at is not None and read.at > local.time():
        return "That is later today. Give the time at which it happened."
    if read.on < local.date() - relativedelta(years=10):
        return "That is more than ten years ago. Check the year."
    return None


def local_now(now: datetime, timezone: str) -> datetime:
    """The instant in that zone.

    Raises:
        ValueError: `now` has no offset.
    """
    if now.utcoffset() is None:
        raise ValueError(f"now={now.isoformat()} has no offset, so today is not certain.")
    return now.astimezone(ZoneInfo(timezone))


def _take(plain: str, local: datetime) -> tuple[str, list[Found], time | None]:
    """The text without its days, what was found, and the time if an instant was given."""
    left, kept, exact = plain, [], None
    for taken in (stamps.stamp(plain), times.instant(plain, local.astimezone(UTC))):
        if taken:
            start, end, instant = taken
            there = instant.astimezone(local.tzinfo)
            left = _blank(left, start, end)
            kept.append(Found((there.date(),), calendar=True))
            exact = there.time().replace(second=0, microsecond=0)
    for start, end, found in _found(plain, local.date()):
        if "·" not in left[start:end]:
            left = _blank(left, start, end)
            kept.append(found)
    return re.sub("·+", "·", left), kept, exact


def _found(plain: str, today: date) -> Iterator[tuple[int, int, Found]]:
    yield from dates.find(plain, today)
    yield from weekdays.find(plain, today)


def _blank(text: str, start: int, end: int) -> str:
    """The text with a day taken out, and every place in it kept."""
    return text[:start] + "·" * (end - start) + text[end:]


def _combine(found: list[Found]) -> Reading:
    """One day if all that was found agrees on it, otherwise what it leaves to choose from."""
    if not all(each.days for each in found):
        return NoDate(_NO_SUCH_DAY)
    by_date = any(each.calendar for each in found)
    checks = {each.weekday for each in found if by_date and each.weekday is not None}
    telling = [each for each in found if not by_date or each.weekday is None]
    every = sorted({day for each in telling for day in each.days})
    days = [day for day in every if all(day in each.days for each in telling)]
    why = next((each.why for each in telling if each.why), "")
    if not days:
        days, why = every, _TOO_MANY
    if checks:
        agreeing = [day for day in days if day.weekday() in checks]
        if not agreeing:
            stated = days[-1]
            why = f"{stated.day} {stated:%B} {stated.year} was not that day of the week."
            agreeing = sorted({*days, *_nearest(stated, checks)})
        days = agreeing
    if len(days) > MOST:
        return NoDate(_TOO_MANY)
    return DateRead(days[0]) if len(days) == 1 else DateUnclear(tuple(days), why)


def _nearest(day: date, weekdays_: set[int]) -> Iterator[date]:
    for weekday in weekdays_:
        near = days_before(day, (day.weekday() - weekday + 3) % 7 - 3)
        if near:
            yield near


def _with_time(reading: Reading, at: time, plain: str) -> Reading:
    """The reading with its time, in doubt if the time puts the day in doubt."""
    if isinstance(reading, NoDate):
        return reading
    if isinstance(reading, DateRead) and (after := days_before(reading.on, -1)):
        if at == time(0) and "midnight" in plain:
            return DateUnclear((reading.on, after), "Midnight lies between two days.", at)
        if at.hour < 5 and "last night" in plain:
            return DateUnclear((reading.on, after), "After midnight it was the next day.", at)
    return replace(reading, at=at)


def _without_day(plain: str, said: tuple[time, ...], today: date) -> Reading:
    if said:
        at = said[0] if len(said) == 1 else None
        days = (today - timedelta(days=1), today)
        return DateUnclear(days, "You gave a time but not the day.", at)
    return NoDate(next((why for vague, why in _VAGUE if vague.search(plain)), _NOTHING))
