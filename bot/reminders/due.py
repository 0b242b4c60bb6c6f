"""Which reminder of a time limit is due now. No database, no clock: `now` is an argument.

The four kinds follow one another, and only the last one that has come is due. So after a day
switched off there is one reminder of a limit, not one of each kind that was missed.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.records.words import ReminderKind
from bot.reminders.hours import WorkingHours

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often a limit is reminded of, in working days, 1 or more.

    `days_before` is how long before its date it is due soon, `days_between` how often it is told
    again once it is overdue.
    """

    days_before: int = 1
    days_between: int = 5


@dataclass(frozen=True)
class Reminder:
    """What is due; `nth` counts the repeats of `overdue_again` from 1 and is 0 otherwise."""

    kind: ReminderKind
    nth: int = 0


def due_reminder(
    due: date | datetime, now: datetime, hours: WorkingHours, pace: Pace
) -> Reminder | None:
    """The reminder of a running limit at this moment; none if it is too early.

    Outside working hours nothing is due: it waits for the next working hour, and is then whatever
    is due by that time. A day is over when it has ended in that place, an instant once it has
    passed; a day counts as `due_today` from the start of its working hours.

    Args:
        due: the limit's date, or its instant with an offset.
        now: the present instant, with its offset.
        hours: of the policy's place.
        pace: how often to remind.

    Raises:
        OutsideCalendarError: a day lies in a year without known bank holidays.
    """
    if not hours.open_at(now):
        return None
    missed = hours.next_open(_end(due, hours))
    if missed <= now:
        since = hours.calendar.working_days_between(hours.day_of(missed), hours.day_of(now))
        repeats = since // pace.days_between
        return Reminder("overdue_again", repeats) if repeats else Reminder("overdue")
    today, day = hours.day_of(now), _day(due, hours)
    if day <= today:
        return Reminder("due_today")
    # today counts and the due day does not: on the Friday before a Monday one is left
    left = hours.calendar.working_days_between(today - DAY, day - DAY)
    return Reminder("due_soon") if left <= pace.days_before else None


def put_off_until(
    due: date | datetime, now: datetime, hours: WorkingHours, pace: Pace
) -> datetime | None:
    """When a reminder of a running limit comes again that is put off now: the next working day.

    None where nothing is due by then, so that nobody waits for what will not come. The arguments
    and what is raised are those of `due_reminder`.
    """
    until = hours.next_working_day(now)
    return until if due_reminder(due, until, hours, pace) is not None else None


def last_near(now: datetime, hours: WorkingHours, pace: Pace) -> date:
    """The last due day of which a reminder can be due at this moment."""
    return hours.calendar.add(hours.day_of(now) - DAY, pace.days_before + 1).due


def _day(due: date | datetime, hours: WorkingHours) -> date:
    return hours.day_of(due) if isinstance(due, datetime) else due


def _end(due: date | datetime, hours: WorkingHours) -> datetime:
    """The first moment at which it is too late."""
    if isinstance(due, datetime):
        return due + datetime.resolution
    return datetime.combine(due + DAY, time.min, hours.zone)
