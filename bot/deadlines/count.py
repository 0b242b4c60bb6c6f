"""How a policy's limit becomes a date: one rule for each kind of limit.

Every result carries its convention in words, to be shown beside the date.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta

from bot.deadlines.calendar import Holiday, WorkingCalendar

Kind = Literal["working_days", "elapsed_hours", "calendar_months", "same_working_day", "words_only"]
KINDS: tuple[str, ...] = get_args(Kind)
_NUMBERED = ("working_days", "elapsed_hours", "calendar_months")


@dataclass(frozen=True)
class Counted:
    """When a limit falls due.

    `due` is a day (its end is meant), an instant with its offset for hours, or None where
    no date may be given. `skipped` are the bank holidays passed over. `projected` says that
    bank holidays not yet published could move the date.
    """

    due: date | datetime | None
    skipped: tuple[Holiday, ...]
    projected: bool
    convention: str


@dataclass(frozen=True)
class Overdue:
    """How long ago a limit passed.

    `working_days` and `calendar_days` count the days after the due day, today included, so
    both can be 0 for an instant missed today and `working_days` is 0 over a weekend.
    `hours` is the whole hours elapsed since an instant, None for a day.
    """

    working_days: int
    calendar_days: int
    hours: int | None = None


def count(
    kind: Kind, n: int | None, start: datetime, calendar: WorkingCalendar, timezone: str
) -> Counted:
    """When a limit of `n` of a kind, which began at `start`, falls due.

    Args:
        kind: How the policy counts; one of `KINDS`.
        n: The number of working days, hours or months, 1 or more. Not used by
            `same_working_day` and `words_only`.
        start: The instant of the event, with its offset. Its local day is day 0.
        calendar: Whose bank holidays count.
        timezone: The IANA zone in which days begin and end, such as Europe/Jersey.

    Raises:
        ValueError: the kind or zone is unknown, `n` is missing or below 1, `start` has no
            offset, or the count leaves the calendar.
    """
    if kind not in KINDS:
        raise ValueError(f"Unknown kind of limit {kind!r}. Use one of: {', '.join(KINDS)}.")
    local = _local(start, timezone, "start")
    if kind == "same_working_day":
        return _same_working_day(local.date(), calendar)
    if kind == "words_only":
        return Counted(None, (), False, "The policy gives no number here, so there is no date.")
    if n is None or n < 1:
        raise ValueError(
            f"A limit of kind {kind} needs a number of 1 or more, not {n!r}. "
            f"Only these need a number: {', '.join(_NUMBERED)}."
        )
    if kind == "working_days":
        return _working_days(n, local.date(), calendar)
    return _elapsed_hours(n, local) if kind == "elapsed_hours" else _months(n, local.date())


def overdue(
    due: date | datetime, now: datetime, calendar: WorkingCalendar, timezone: str
) -> Overdue | None:
    """How long ago `due` passed, or None while there is still time.

    A day is missed only once it has ended in `timezone`; an instant once it has passed.

    Raises:
        ValueError: `now`, or an instant `due`, has no offset; the zone is unknown; a day
            lies outside the calendar.
    """
    today = _local(now, timezone, "now").date()
    if not isinstance(due, datetime):
        if today <= due:
            return None
        return Overdue(calendar.working_days_between(due, today), (today - due).days)
    due_day = _local(due, timezone, "due").date()
    # Two times of one zone are subtracted by their clock faces: real hours need UTC.
    late = now.astimezone(UTC) - due.astimezone(UTC)
    if late <= timedelta(0):
        return None
    return Overdue(
        working_days=calendar.working_days_between(due_day, today),
        calendar_days=(today - due_day).days,
        hours=late // timedelta(hours=1),
    )


def _working_days(n: int, start: date, calendar: WorkingCalendar) -> Counted:
    counted = calendar.add(start, n)
    convention = (
        f"Day 1 is the first working day after {_say(start)}. "
        "Weekends and bank holidays are not counted."
    )
    if counted.projected:
        convention += (
            f" Bank holidays are published to {_say(calendar.known_until)}: "
            "later ones are projected."
        )
    return Counted(counted.due, counted.skipped, counted.projected, convention)


def _elapsed_hours(n: int, start: datetime) -> Counted:
    # Adding to a local time would move its clock face, and lose or gain the hour by which
    # the clocks change: real hours are added in UTC.
    due = (start.astimezone(UTC) + timedelta(hours=n)).astimezone(start.tzinfo)
    hours = "1 hour runs" if n == 1 else f"{n} hours run"
    convention = (
        f"{hours} from {start:%H:%M} on {_say(start.date())}. "
        "Nights, weekends and bank holidays are counted."
    )
    if due.utcoffset() != start.utcoffset():
        convention += " The clocks change in between: these are hours as they pass."
    return Counted(due, (), False, convention)


def _months(n: int, start: date) -> Counted:
    months = "1 calendar month" if n == 1 else f"{n} calendar months"
    due = start + relativedelta(months=n)
    convention = f"{months} after {_say(start)}. Weekends and bank holidays are counted."
    if due.day != start.day:
        convention += f" There is no day {start.day} in that month, so it ends on the last day."
    return Counted(due, (), False, convention)


def _same_working_day(start: date, calendar: WorkingCalendar) -> Counted:
    projected = start > calendar.known_until
    if calendar.is_working_day(start):
        convention = f"Due before the end of the same working day, {_say(start)}."
        return Counted(start, (), projected, convention)
    name = calendar.holiday_on(start)
    reason = f" ({name})" if name and start.weekday() < 5 else ""
    return Counted(
        None,
        (),
        projected,
        f"{_say(start)}{reason} is not a working day. "
        "Act now: do not wait for the next working day.",
    )


def _local(instant: datetime, timezone: str, what: str) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(
            f"The time {what}={instant.isoformat()} has no offset, so the day is not certain. "
            f"Give it with its zone, for example {instant.isoformat()}+00:00."
        )
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(
            f"Unknown time zone {timezone!r}. Use an IANA name such as Europe/London."
        ) from error
    return instant.astimezone(zone)


def _say(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B} {day.year}"
