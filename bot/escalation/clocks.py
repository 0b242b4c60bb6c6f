"""The clocks of a stage: what starts each, and when each reading of its limit is due."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.deadlines.calendar import Holiday, WorkingCalendar, calendar_for
from bot.deadlines.count import Overdue, count, overdue
from bot.escalation.conditions import Facts, holds, unknown
from bot.escalation.questions import NOT_KNOWN, NOT_YET
from bot.policy.ladder import Clock, Reading
from bot.policy.model import Policy

Due = date | datetime
NO_TIME_GIVEN = "No time of day was given, so the hours are counted from the start of that day."


@dataclass(frozen=True)
class Limit:
    """One reading of a clock's limit and what it comes to; no due date where words alone count."""

    reading: Reading
    due: Due | None
    skipped: tuple[Holiday, ...]
    convention: str
    projected: bool


@dataclass(frozen=True)
class RunningClock:
    """A clock in a case. Without `started` it waits for an event of its root to happen.

    `counts` tells whether a date can come of it: words alone, or what follows them, give none.
    """

    id: str
    clock: Clock
    event: str | None
    started: datetime | None
    limits: tuple[Limit, ...]
    due: Due | None
    overdue: Overdue | None
    counts: bool

    @property
    def target(self) -> Limit | None:
        """The limit that `due` comes from: the earliest of the readings."""
        return next((limit for limit in self.limits if limit.due == self.due), None)

    @property
    def skipped(self) -> tuple[Holiday, ...]:
        """Bank holidays passed over on the way to the due date."""
        return self.target.skipped if self.target else ()


def run_clocks(
    policy: Policy,
    ids: tuple[str, ...],
    facts: Facts,
    now: datetime,
    *,
    unsettled: bool = False,
) -> tuple[RunningClock, ...]:
    """The clocks `ids` that apply in this situation, each started by its event if that happened.

    A date that is needed by a chained clock is worked out on the way. A clock whose condition is
    not known yet is left out, unless `unsettled` asks for it: then it is counted as if it applied.
    """
    runs: dict[str, RunningClock] = {}
    for id_ in ids:
        applies = applying(policy, policy.clocks[id_], facts)
        if applies or (applies is None and unsettled):
            _run(policy, id_, facts, now, runs)
    return tuple(runs[id_] for id_ in ids if id_ in runs)


def chain(policy: Policy, clock: Clock) -> tuple[Clock, ...]:
    """`clock` and the clocks that it follows, back along `after` to the one an event starts."""
    links = [clock]
    while links[-1].after is not None:
        links.append(policy.clocks[links[-1].after])
    return tuple(links)


def root_of(policy: Policy, clock: Clock) -> Clock:
    """The clock that starts the chain of `clock`, in this stage or an earlier one; perhaps itself.

    Its `start` names the events to ask for.
    """
    return chain(policy, clock)[-1]


def applying(policy: Policy, clock: Clock, facts: Facts) -> bool | None:
    """Whether `clock` applies; one that follows another never starts where that does not apply."""
    found = [holds(each.when, facts) for each in chain(policy, clock)]
    if False in found:
        return False
    return None if None in found else True


def unsettled_facts(policy: Policy, clock: Clock, facts: Facts) -> tuple[str, ...]:
    """The facts that tell whether `clock` applies, while that is not known."""
    if applying(policy, clock, facts) is not None:
        return ()
    links = chain(policy, clock)
    return tuple(dict.fromkeys(fact for each in links for fact in unknown(each.when, facts)))


def _run(
    policy: Policy, id_: str, facts: Facts, now: datetime, runs: dict[str, RunningClock]
) -> RunningClock:
    if id_ in runs:
        return runs[id_]
    clock = policy.clocks[id_]
    zone = ZoneInfo(policy.place.timezone)
    event: str | None = None
    dated_only = False
    started: datetime | None = None
    if clock.after is not None:
        before = _run(policy, clock.after, facts, now, runs).due
        started = at_midnight(before, zone) if before is not None else None
        dated_only = True
    else:
        event = started_by(clock, facts, zone)
        if event is not None:
            started, dated_only = moment(facts[event], zone)
    limits = _limits(clock, started, policy, dated_only=dated_only)
    due = min((limit.due for limit in limits if limit.due is not None),
              key=lambda due: _end(due, zone), default=None)  # fmt: skip
    calendar = calendar_for(policy.place.calendar)
    runs[id_] = RunningClock(
        id=id_,
        clock=clock,
        event=event,
        started=started,
        limits=limits,
        due=due,
        overdue=overdue(due, now, calendar, policy.place.timezone) if due is not None else None,
        counts=all(
            any(reading.kind != "words_only" for reading in each.readings)
            for each in chain(policy, clock)
        ),
    )
    return runs[id_]


def _limits(
    clock: Clock, started: datetime | None, policy: Policy, *, dated_only: bool
) -> tuple[Limit, ...]:
    if started is None:
        return tuple(Limit(reading, None, (), "", projected=False) for reading in clock.readings)
    calendar: WorkingCalendar = calendar_for(policy.place.calendar)
    limits = []
    for reading in clock.readings:
        counted = count(reading.kind, reading.n, started, calendar, policy.place.timezone)
        convention = counted.convention
        if reading.kind == "elapsed_hours" and dated_only:
            convention = f"{convention} {NO_TIME_GIVEN}"
        limits.append(
            Limit(reading, counted.due, counted.skipped, convention, projected=counted.projected)
        )
    return tuple(limits)


def started_by(clock: Clock, facts: Facts, zone: ZoneInfo) -> str | None:
    """The event that started `clock`: the first of its events to have happened."""
    known = [event for event in clock.start if happened(event, facts)]
    return min(known, key=lambda event: moment(facts[event], zone)[0], default=None)


def happened(event: str, facts: Facts) -> bool:
    """Whether a date was given for `event`."""
    return facts.get(event, NOT_KNOWN) not in (NOT_YET, NOT_KNOWN)


def moment(text: str, zone: ZoneInfo) -> tuple[datetime, bool]:
    """A date or an instant in ISO form, in local time, and whether only the day was given.

    Raises:
        ValueError: it is neither.
    """
    if len(text) == 10:
        return at_midnight(date.fromisoformat(text), zone), True
    given = datetime.fromisoformat(text)
    return (given.astimezone(zone) if given.tzinfo else given.replace(tzinfo=zone)), False


def at_midnight(day: Due, zone: ZoneInfo) -> datetime:
    """The start of a local day; an instant stays what it is."""
    if isinstance(day, datetime):
        return day.astimezone(zone)
    return datetime.combine(day, time.min, zone)


def _end(due: Due, zone: ZoneInfo) -> datetime:
    """The last moment of a due date, so that dates and instants can be compared."""
    return due if isinstance(due, datetime) else datetime.combine(due, time.max, zone)
