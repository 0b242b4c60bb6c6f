"""How long each stage took, and how its time limits were kept: pure, working days of the place."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from bot.deadlines.calendar import calendar_for
from bot.deadlines.count import overdue
from bot.documents.rungs import Climb, Ladder, Rung
from bot.documents.standing import due_of
from bot.documents.suppression import SMALL, Breakdown, Counts, exact, held_back, publishable
from bot.escalation.clocks import chain
from bot.policy.ladder import Clock as Rule
from bot.policy.model import Policy
from bot.policy.terms import Strength
from bot.records.cases import Clock
from bot.wording.force import say_cites
from bot.wording.lateness import late_entry

State: TypeAlias = Literal[
    "met", "missed", "extended", "running", "overdue", "stopped", "not_started", "none"
]
STATES: Mapping[State, str] = {
    "met": "Met",
    "missed": "Missed",
    "extended": "Extended",
    "running": "Running, in time",
    "overdue": "Running, past its date",
    "stopped": "Stopped",
    "not_started": "Not started",
    "none": "No date, or not recorded",
}
ANYTHING_ELSE = "Anything else"
WOULD_TELL = "Not shown, so that nobody can work out a small number in the tables above."
TOO_FEW = "not shown: too few cases, or it would give away a number"
NO_CASES = "not known: there is no case to count"
IN_HOURS = "not known: the limit is in hours, and only the day was kept"
NO_NUMBER = "not counted: the policy gives no number"


@dataclass(frozen=True)
class Median:
    """A median in working days; for internal use, of how many cases. `why_not` if there is none."""

    days: float | None
    of: int | None = None
    why_not: str = ""


@dataclass(frozen=True, kw_only=True)
class TimeLimit:
    """How one limit was kept by those who got as far as its stage.

    `breakdown` is None where the policy gives no number: nothing can be kept or missed. `median`
    is of the working days from its start to the day on which it was met.
    """

    what: str
    words: str
    strength: Strength
    citation: str
    breakdown: Breakdown | None
    median: Median


@dataclass(frozen=True, kw_only=True)
class StageTimes:
    """One stage: working days from raising it to entering, from entering to leaving; its limits.

    `got_so_far` is how many cases got at least so far, None where that is not to be told. `late` is
    how many entered it late, for internal use: beside the limits it could tell a small number. It
    is None too where the policy gives no number to count from.
    """

    label: str
    got_so_far: int | None
    late: int | None
    to_reach: Median
    stay: Median
    limits: tuple[TimeLimit, ...]


@dataclass(frozen=True, kw_only=True)
class Openness:
    """What the tables of cases leave open, so that nothing here closes it.

    `suppress` is off for internal use. `known` are the stages of `Ladder.known_from`. `stages`,
    `outcomes` and `kinds` tell whether every number of those tables is shown; `kinds` are the area
    and the side, on which a limit may depend.
    """

    suppress: bool
    known: frozenset[str]
    stages: bool
    outcomes: bool
    kinds: bool


def stage_times(ladder: Ladder, openness: Openness, now: datetime) -> tuple[StageTimes, ...]:
    """The times of every stage, in the order of the ladder.

    Args:
        ladder: the stages and the cases.
        openness: what may be shown.
        now: by which running limits are late, with its zone.

    Raises:
        OutsideCalendarError: a date before 1980 or after 2100.
    """
    return tuple(_times(rung, ladder.at_least(rung.label), openness, now) for rung in ladder.rungs)


def _times(rung: Rung, climbs: Sequence[Climb], openness: Openness, now: datetime) -> StageTimes:
    entries = [
        (climb.case.raised_on, at, entry)
        for climb in climbs
        for at, (label, entry) in enumerate(climb.steps)
        if label == rung.label
    ]
    # where a case was first recorded, earlier stages are not known: that is no time to reach it
    reached = [(raised_on, entry.entered_on) for raised_on, at, entry in entries if at]
    stays = [(entry.entered_on, entry.left_on) for _, _, entry in entries if entry.left_on]
    shown = openness.stages and openness.outcomes
    return StageTimes(
        label=rung.label,
        got_so_far=_told(len(climbs), rung, openness),
        late=None if openness.suppress else _late(rung, climbs),
        to_reach=_median(rung.policy, reached, openness, shown=shown),
        stay=_median(rung.policy, stays, openness, shown=shown),
        limits=tuple(
            _limit(rung, rung.policy.clocks[key], _recorded(rung, key, climbs), openness, now)
            for key in rung.stage.clocks
        ),
    )


def _late(rung: Rung, climbs: Iterable[Climb]) -> int | None:
    """How many entered it late; None where no limit has a number, so that none could be."""
    entered = [
        (each, entry) for each in climbs for label, entry in each.steps if label == rung.label
    ]
    dated = any(clock.due_on or clock.due_at for each, _ in entered for clock in each.case.clocks)
    if not dated:
        return None
    return sum(late_entry(each.case, each.policy, entry) is not None for each, entry in entered)


def _told(count: int, rung: Rung, openness: Openness) -> int | None:
    """How many got so far, where everybody can work it out and it is not small."""
    if not openness.suppress:
        return count
    return count if rung.label in openness.known and not 0 < count < SMALL else None


def _recorded(rung: Rung, key: str, climbs: Iterable[Climb]) -> list[Clock | None]:
    """For each case this limit as it was recorded, or None."""
    found = []
    for climb in climbs:
        ids = {stage.id for stage in climb.policy.stages if stage.label == rung.label}
        kept = (each for each in climb.case.clocks if each.key == key and each.stage in ids)
        found.append(next(kept, None))
    return found


def _limit(
    rung: Rung, rule: Rule, clocks: Sequence[Clock | None], openness: Openness, now: datetime
) -> TimeLimit:
    found = Counter(_state(rung.policy, clock, now) for clock in clocks)
    counts = [(words, found[state]) for state, words in STATES.items()]
    breakdown = None if _words_only(rung.policy, rule) else _shown(rung, rule, counts, openness)
    cites = (name for reading in rule.readings for name in reading.cite)
    return TimeLimit(
        what=rule.what,
        words="; ".join(dict.fromkeys(reading.words for reading in rule.readings)),
        strength=rule.strength,
        citation=say_cites(rung.policy, cites),
        breakdown=breakdown,
        median=_median_met(rung.policy, rule, clocks, breakdown, openness),
    )


def _state(policy: Policy, clock: Clock | None, now: datetime) -> State:
    if clock is None or clock.status == "no_number":
        return "none"
    if clock.status != "running":
        return clock.status
    due, place = due_of(policy, clock), policy.place
    late = due is not None and overdue(due, now, calendar_for(place.calendar), place.timezone)
    return "overdue" if late else "running"


def _words_only(policy: Policy, rule: Rule) -> bool:
    """Whether no date can come of a limit: it, or one that it follows, has words alone."""
    return any(
        all(reading.kind == "words_only" for reading in link.readings)
        for link in chain(policy, rule)
    )


def _shown(rung: Rung, rule: Rule, counts: Counts, openness: Openness) -> Breakdown:
    """How the limit was kept, in as much detail as may be shown.

    A running limit belongs to an open case, and every limit to a case that got so far: such
    numbers could tell what another table hides. So all rows are shown only where neither they nor
    the outcomes hide anything; otherwise there are three rows that no other table bounds.
    """
    if not openness.suppress:
        return exact(counts)
    depends = any(link.when for link in chain(rung.policy, rule))
    if rung.label not in openness.known or (depends and not openness.kinds):
        return Breakdown((), held_back("Total"), WOULD_TELL)
    if openness.outcomes and not any(0 < count < SMALL for _, count in counts):
        return exact(counts)
    rest = sum(count for _, count in counts[2:])
    return publishable([*counts[:2], (ANYTHING_ELSE, rest)])


def _median_met(
    policy: Policy,
    rule: Rule,
    clocks: Iterable[Clock | None],
    breakdown: Breakdown | None,
    openness: Openness,
) -> Median:
    if breakdown is None:
        return Median(None, why_not=NO_NUMBER)
    if any(reading.kind == "elapsed_hours" for reading in rule.readings):
        return Median(None, why_not=IN_HOURS)
    zone = ZoneInfo(policy.place.timezone)
    spans = [
        (clock.event_at.astimezone(zone).date(), clock.settled_on)
        for clock in clocks
        if clock and clock.status == "met" and clock.event_at and clock.settled_on
    ]
    return _median(policy, spans, openness, shown=breakdown.count_of(STATES["met"]) is not None)


def _median(
    policy: Policy,
    spans: Iterable[tuple[date, date | None]],
    openness: Openness,
    *,
    shown: bool,
) -> Median:
    """The median of the working days from one day to another; days that run back are left out."""
    calendar = calendar_for(policy.place.calendar)
    days = [
        calendar.working_days_between(start, end)
        for start, end in spans
        if end is not None and end >= start
    ]
    if openness.suppress:
        if shown and len(days) >= SMALL:
            return Median(median(days))
        return Median(None, why_not=TOO_FEW)
    return Median(median(days), len(days)) if days else Median(None, 0, NO_CASES)
