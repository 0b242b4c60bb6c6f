"""Whether a stage was entered late: after the time limit to get that far, where there is a number.

Counted from the case as it was recorded, in working days of the place. Where the policy gives no
number, or the limit ends at an hour of the very day, nothing is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import get_args
from zoneinfo import ZoneInfo

from bot.deadlines.calendar import calendar_for
from bot.policy.model import Policy
from bot.policy.terms import Strength
from bot.records.cases import Clock, Escalation, StageEntry
from bot.wording.dates import plural, say_date

FORCE: tuple[str, ...] = get_args(Strength)
"""The strongest first."""
NOT_KEPT = ("missed", "running", "extended")


@dataclass(frozen=True)
class LateEntry:
    """A limit that had passed when the stage was entered, by so many days after its due day."""

    limit: Clock
    due: date
    working_days: int
    days: int


def late_entry(case: Escalation, policy: Policy, entry: StageEntry) -> LateEntry | None:
    """The limit that had passed when `entry` began; None where it was in time, or none counts.

    First the limit of the stage that was left, then the stage's own, which may run from an earlier
    event. Of several the strongest counts, and of those the last to end: no stage is called late
    while its policy still left time.

    Raises:
        OutsideCalendarError: a date before 1980 or after 2100.
    """
    at = case.stages.index(entry)
    left = case.stages[at - 1].stage if at else None
    for stage in (left, entry.stage):
        governing = _governing((each for each in case.clocks if each.stage == stage), policy)
        if governing is None:
            continue
        limit, due = governing
        if limit.status in NOT_KEPT and due < entry.entered_on:
            calendar = calendar_for(policy.place.calendar)
            working = calendar.working_days_between(due, entry.entered_on)
            return LateEntry(limit, due, working, (entry.entered_on - due).days)
    return None


def say_late_entry(case: Escalation, policy: Policy, entry: StageEntry) -> str:
    """That the stage was entered late, by how much and after which limit; or nothing."""
    late = late_entry(case, policy, entry)
    if late is None:
        return ""
    after = (
        plural(late.working_days, "working day") if late.working_days else plural(late.days, "day")
    )
    return f"entered late: {after} after the limit to {late.limit.what} ({say_date(late.due)})"


def _governing(clocks: Iterable[Clock], policy: Policy) -> tuple[Clock, date] | None:
    dated = [(clock, due) for clock in clocks if (due := _due_day(clock, policy)) is not None]
    strongest = min((FORCE.index(clock.strength) for clock, _ in dated), default=None)
    binding = [pair for pair in dated if FORCE.index(pair[0].strength) == strongest]
    # of several on one day the one that the policy names last: it ends the stage
    return max(reversed(binding), key=lambda pair: pair[1], default=None)


def _due_day(clock: Clock, policy: Policy) -> date | None:
    if clock.due_at is not None:
        return clock.due_at.astimezone(ZoneInfo(policy.place.timezone)).date()
    return clock.due_on
