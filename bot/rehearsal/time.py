"""The virtual clock: when what happens next, counted by the real calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from bot.escalation.clocks import run_clocks
from bot.policy.model import Policy
from bot.rehearsal.expectations import is_open
from bot.rehearsal.scenario import Expected, Happens, Limit, Point, Span
from bot.rehearsal.standing import facts_at
from bot.rehearsal.state import State
from bot.rehearsal.world import World

MORNING = time(9, 0)
What = Literal["event", "limit", "end"]
ORDER: tuple[What, ...] = ("event", "limit", "end")


@dataclass(frozen=True)
class Due:
    """Something whose time comes: an event, a limit that runs out, or the end of the rehearsal."""

    at: datetime
    what: What
    id: str


def start_of(world: World) -> datetime:
    """When the rehearsal begins, in virtual time."""
    return world.scenario.start.replace(tzinfo=world.zone)


def end_of(world: World) -> datetime:
    """When the rehearsal runs out, in virtual time."""
    return after(world, start_of(world), world.scenario.lasts)


def after(world: World, base: datetime, span: Span, at: time | None = None) -> datetime:
    """The moment a span after another: at the end of that day unless an hour is given."""
    if span.hours is not None:
        # elapsed hours: a clock change in between must not stretch them
        return (base.astimezone(UTC) + timedelta(hours=span.hours)).astimezone(world.zone)
    if span.working_days is not None:
        day = world.calendar.add(base.date(), span.working_days).due
    else:
        day = base.date() + timedelta(days=span.days or 0)
    return datetime.combine(day, at or time(23, 59), world.zone)


def next_morning(world: World, now: datetime) -> datetime:
    """Nine o'clock of this working day if that is to come, else of the next working day."""
    today = datetime.combine(now.date(), MORNING, world.zone)
    if now < today and world.calendar.is_working_day(now.date()):
        return today
    return datetime.combine(world.calendar.add(now.date(), 1).due, MORNING, world.zone)


def mornings_on(world: World, now: datetime, working_days: int) -> datetime:
    """Nine o'clock of the day that many working days from now."""
    return datetime.combine(world.calendar.add(now.date(), working_days).due, MORNING, world.zone)


def next_due(world: World, state: State) -> Due:
    """What happens next: of one moment an event first, then a limit, and the end last."""
    coming = [*_events(world, state), *_limits(state), Due(end_of(world), "end", "time_up")]
    return min(coming, key=lambda due: (due.at.timestamp(), ORDER.index(due.what)))


def is_later(one: datetime, other: datetime) -> bool:
    """Whether a moment is later: where clocks go back, an hour comes twice and looks the same."""
    return one.timestamp() > other.timestamp()


def event_time(world: World, state: State, event: Happens) -> datetime | None:
    """When an event will happen; none while nothing says when."""
    if event.span is None:
        return None
    base = start_of(world) if event.since is None else state.done.get(event.since)
    if base is None:
        return None
    return after(world, base, event.span, time.fromisoformat(event.at))


def due_of(world: World, state: State, expectation: Point | Expected) -> datetime | None:
    """Until when something that is expected from now on has to be done, where time decides."""
    limit: Limit | None = expectation.by
    if limit is None or limit.before is not None:
        return None
    if limit.clock is None:
        return after(world, state.now, limit)
    policy = policy_with(world, state, limit.clock)
    facts = facts_at(world, state, policy.id)
    running = run_clocks(policy, (limit.clock,), facts, state.now, unsettled=True)
    due = running[0].due if running else None
    if due is None:
        return None
    if isinstance(due, datetime):
        return due.astimezone(world.zone)
    return datetime.combine(due, time(23, 59), world.zone)


def policy_with(world: World, state: State, clock: str) -> Policy:
    """The policy that the case is under, or the other one of the scenario that has this clock."""
    policies = (world.policies[state.policy], *world.policies.values())
    return next(policy for policy in policies if clock in policy.clocks)


def _events(world: World, state: State) -> Iterator[Due]:
    for event in world.scenario.events:
        if event.id in state.done or event.id in state.lapsed:
            continue
        at = event_time(world, state, event)
        if at is not None:
            yield Due(at, "event", event.id)


def _limits(state: State) -> Iterator[Due]:
    for id_, opened in state.opened.items():
        if opened.due is not None and is_open(state, id_):
            yield Due(opened.due, "limit", id_)
