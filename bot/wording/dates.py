"""A date, a moment and a due date in words."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.deadlines.calendar import Holiday
from bot.deadlines.count import Overdue
from bot.escalation.clocks import RunningClock
from bot.escalation.questions import NOT_KNOWN, NOT_YET

MOST_HOURS = 48
"""Whoever hears of more hours has to work the days out."""


def say_date(day: date) -> str:
    """Thursday 12 November 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def say_moment(moment: date | datetime) -> str:
    """Thursday 12 November 2026 at 16:45; without a time where only the day is known."""
    if isinstance(moment, datetime):
        return f"{say_date(moment)} at {moment:%H:%M}"
    return say_date(moment)


def say_event(value: str) -> str:
    """The answer to "when did it happen": a date in full, or that it has not."""
    if value == NOT_YET:
        return "It has not happened yet"
    if value == NOT_KNOWN:
        return "Not known"
    if len(value) == 10:
        return say_date(date.fromisoformat(value))
    return say_moment(datetime.fromisoformat(value))


def say_due(clock: RunningClock) -> str:
    """When a clock is due, or the policy's own words where no date can be given."""
    if clock.due is not None:
        return say_moment(clock.due)
    words = "; ".join(f"“{limit.reading.words}”" for limit in clock.limits)
    return f"No date: the policy says {words}" if not clock.counts else words


def say_skipped(skipped: Sequence[Holiday]) -> str:
    """The bank holidays passed over, or nothing."""
    if not skipped:
        return ""
    named = ", ".join(f"{holiday.name} ({say_date(holiday.date)})" for holiday in skipped)
    return f"Bank holidays not counted: {named}."


def say_overdue(late: Overdue) -> str:
    """How long ago a limit passed: in hours for two days after an instant, else in days."""
    if late.hours is not None and late.hours <= MOST_HOURS:
        return (
            f"overdue by {plural(late.hours, 'hour')}"
            if late.hours
            else "overdue by less than an hour"
        )
    if late.working_days:
        return f"overdue by {plural(late.working_days, 'working day')}"
    return f"overdue by {plural(late.calendar_days, 'day')}"


def plural(n: int, thing: str) -> str:
    """1 hour, 2 hours."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"
