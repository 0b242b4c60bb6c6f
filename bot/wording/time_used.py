"""The time that a rehearsal used: of the limit of a decision, and of each clock of a stage."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.deadlines.calendar import calendar_for
from bot.policy.ladder import Reading
from bot.policy.model import Policy
from bot.rehearsal.debrief import ClockUse, Debrief
from bot.rehearsal.expectations import expectations
from bot.rehearsal.judge import Judgement
from bot.rehearsal.scenario import Limit
from bot.rehearsal.world import World
from bot.wording.dates import plural, say_date, say_moment, say_overdue
from bot.wording.force import say_cites

END_OF_DAY = (23, 59)
"""A limit in days runs to here: `bot.rehearsal.time.after`."""
NO_LIMIT = "No time limit."
GUIDE = "a guide"


def say_time(found: Debrief, judgement: Judgement) -> str:
    """When something was done, and how much of its time that used; nothing if it never came up."""
    if judgement.at is None:
        return "" if judgement.opened is None else _say_undone(found, judgement)
    done = f"Done on {say_moment(judgement.at)}."
    if judgement.opened is None:
        return done
    if judgement.at < judgement.opened:
        return f"{done.removesuffix('.')}, before it was expected."
    if judgement.due is None:
        closed = _closed(found, judgement.id) if judgement.late else None
        if closed is not None:
            return f"{done} It was too late from {say_moment(closed)}."
        return f"{done} {NO_LIMIT}"
    if judgement.late:
        passed = "was over" if judgement.at > judgement.due else "passed before this was settled"
        limit = _limit(found.world, judgement.id)
        return f"{done} {_say_limit(limit)} {passed} ({say_by(judgement.due)})."
    return _say_of_limit(found.world, judgement, judgement.opened, judgement.at, judgement.due)


def say_clock(world: World, use: ClockUse) -> str:
    """How much of a stage's time limit was used when the case left the stage, or at the end."""
    policy = world.policies[use.stay.policy]
    clock, target = use.clock, use.clock.target
    if clock.started is None or clock.due is None or target is None:
        raise ValueError(f"No date to measure by: the clock {clock.id!r} has not begun.")
    if use.until < clock.started:
        return f"It had not begun. It was due on {say_moment(clock.due)}."
    if clock.overdue is not None:
        left = "the case left the stage" if use.stay.until else "the rehearsal ended"
        late = say_overdue(clock.overdue)
        return f"It ran out on {say_moment(clock.due)}. When {left}, it was {late}."
    used = _used_of(policy, target.reading, clock.started, use.until)
    return f"Used {used} (due {say_moment(clock.due)})."


def say_clock_name(world: World, use: ClockUse) -> str:
    """The stage and what its limit is for, with the policy's words, its force and its clause."""
    policy = world.policies[use.stay.policy]
    clock, target = use.clock.clock, use.clock.target
    if target is None:
        raise ValueError(f"No date to measure by: the clock {use.clock.id!r} has not begun.")
    whose = f"{policy.publisher}, " if world.mixed else ""
    parts = (
        clock.strength,
        say_cites(policy, target.reading.cite),
        GUIDE if clock.indicative else "",
    )
    source = "; ".join(part for part in parts if part)
    return f"{whose}{use.stage}, to {clock.what}: “{target.reading.words}” ({source})"


def say_by(due: datetime) -> str:
    """By when: a day where its end is meant, else the moment."""
    ends_a_day = (due.hour, due.minute) == END_OF_DAY
    return say_date(due.date()) if ends_a_day else say_moment(due)


def working_days_used(world: World, judgement: Judgement) -> int | None:
    """How many working days went by from when it came up until it was done; none if sooner."""
    if judgement.opened is None or judgement.at is None:
        return None
    if judgement.at < judgement.opened:
        return 0
    return world.calendar.working_days_between(judgement.opened.date(), judgement.at.date())


def _say_undone(found: Debrief, judgement: Judgement) -> str:
    due, now = judgement.due, found.state.now
    if due is not None and due <= now:
        return f"{_say_limit(_limit(found.world, judgement.id))} passed: {say_by(due)}."
    closed = _closed(found, judgement.id)
    if closed is not None:
        return f"Not done before {say_moment(closed)}, when it became too late."
    still = "Still open when the rehearsal ended" if found.state.ended else "Still open"
    if due is None:
        return f"{still}. {NO_LIMIT}"
    return f"{still} ({_say_due(_limit(found.world, judgement.id), due)})."


def _say_of_limit(
    world: World, judgement: Judgement, opened: datetime, at: datetime, due: datetime
) -> str:
    """The part of its time that was used, in the unit of the limit."""
    limit = _limit(world, judgement.id)
    if due < opened:
        return f"{_say_limit(limit)} had passed before this came up: {say_by(due)}."
    if limit.hours is not None or (due.hour, due.minute) != END_OF_DAY:
        used, of, unit, least = _hours(opened, at), _hours(opened, due), "hour", "less than 1"
    elif limit.days is not None:
        used, of, unit, least = (at.date() - opened.date()).days, limit.days, "day", "0"
    else:
        days = world.calendar.working_days_between
        used, of = days(opened.date(), at.date()), days(opened.date(), due.date())
        unit, least = "working day", "0"
    if not of:
        last = "in its last hour" if unit == "hour" else "on its last day"
        return f"Done {last} ({_say_due(limit, due)})."
    left = f" that {'was' if of == 1 else 'were'} left" if limit.clock is not None else ""
    return f"Used {_of(used, of, unit, least=least)}{left} ({_say_due(limit, due)})."


def _say_limit(limit: Limit) -> str:
    """What ran out. Time that only the story gives is never called the policy's."""
    return "The time limit" if limit.clock is not None else "The time in this story"


def _say_due(limit: Limit, due: datetime) -> str:
    by = say_by(due)
    return f"due {by}" if limit.clock is not None else f"in this story until {by}"


def amount_used(policy: Policy, reading: Reading, started: datetime, until: datetime) -> int:
    """How much of a limit went by, in its own unit: working days, hours, else days."""
    zone = ZoneInfo(policy.place.timezone)
    since, day = started.astimezone(zone).date(), until.astimezone(zone).date()
    match reading.kind:
        case "elapsed_hours":
            return _hours(started, until)
        case "working_days":
            return calendar_for(policy.place.calendar).working_days_between(since, day)
        case _:
            return (day - since).days


def _used_of(policy: Policy, reading: Reading, started: datetime, until: datetime) -> str:
    used = amount_used(policy, reading, started, until)
    match reading.kind, reading.n:
        case "elapsed_hours", int(n):
            return _of(used, n, "hour", least="less than 1")
        case "working_days", int(n):
            return _of(used, n, "working day")
        case "calendar_months", int(n):
            return f"{plural(used, 'day')} of {plural(n, 'calendar month')}"
        case _:
            return "part of the same working day"


def _of(used: int, of: int, unit: str, *, least: str = "0") -> str:
    return f"{used or least} of {plural(of, unit)}"


def _hours(since: datetime, until: datetime) -> int:
    return (until.astimezone(UTC) - since.astimezone(UTC)) // timedelta(hours=1)


def _limit(world: World, id_: str) -> Limit:
    expectation = dict(expectations(world))[id_]
    if expectation.by is None:
        raise ValueError(f"{id_!r} has a time but no limit in {world.scenario.id}.")
    return expectation.by


def _closed(found: Debrief, id_: str) -> datetime | None:
    """When it became too late, where an event decides that and has happened."""
    limit = dict(expectations(found.world))[id_].by
    return found.state.done.get(limit.before) if limit and limit.before else None
