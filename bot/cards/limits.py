"""The time limits of a decision: each with its date or its words, its clause and its count."""

from bot.cards.card import Row, Section
from bot.escalation.clocks import Limit, RunningClock
from bot.escalation.decision import Decision
from bot.policy.model import Policy
from bot.wording.dates import say_due, say_moment, say_overdue, say_skipped
from bot.wording.force import BASIS, capital, say_source

NO_LIMIT = "The policy gives no time limit for this stage."


def by_when(decision: Decision) -> tuple[Row, ...]:
    """One row for each clock of the stage, or that the policy gives none."""
    if not decision.clocks:
        return (Row("By when", NO_LIMIT),)
    return tuple(
        Row(capital(clock.clock.what), say_clock(decision, clock)) for clock in decision.clocks
    )


def say_clock(decision: Decision, clock: RunningClock) -> str:
    """A clock in full: its date, where it stands, the policy's words and whose it is."""
    policy = decision.policy
    parts = [_date(policy, clock), *_caveats(clock)]
    if decision.stage is not None and clock.clock.owner != decision.stage.actor:
        parts.append(f"For: {policy.roles[clock.clock.owner].name}.")
    return " ".join(parts)


def conventions(decision: Decision) -> Section:
    """How the dates were counted, and every bank holiday that was passed over."""
    said = [
        sentence
        for clock in decision.clocks
        if clock.due is not None
        for sentence in (
            clock.target.convention if clock.target else "",
            say_skipped(clock.skipped),
        )
        if sentence
    ]
    return Section("How the dates are counted", tuple(dict.fromkeys(said)), "note")


def _date(policy: Policy, clock: RunningClock) -> str:
    """The date with the words it comes from; the words alone where no date can be given."""
    if not clock.counts:
        cites = [name for limit in clock.limits for name in limit.reading.cite]
        return f"**{say_due(clock)}** {say_source(policy, cites, clock.clock.basis)}."
    if clock.due is None and clock.started is not None:
        at_once = " ".join(limit.convention for limit in clock.limits)
        return f"**Act now.** {at_once} {_readings(policy, clock)}"
    if clock.due is None:
        return f"**No date yet.** {_awaited(policy, clock)} {_readings(policy, clock)}"
    late = (
        f" This is {say_overdue(clock.overdue)}. Act now and tell your manager."
        if clock.overdue
        else ""
    )
    return f"**{say_due(clock)}**.{late}\n\n{_readings(policy, clock)}"


def _awaited(policy: Policy, clock: RunningClock) -> str:
    """What has to be known before there is a date."""
    if clock.clock.after is not None:
        return f"It follows from the time limit to {policy.clocks[clock.clock.after].what}."
    events = " or ".join(f"“{policy.events[event].ask}”" for event in clock.clock.start)
    return f"I need to know: {events}"


def _readings(policy: Policy, clock: RunningClock) -> str:
    """Every reading with its clause; where there are several, the earlier counts."""
    said = "; ".join(_reading(policy, clock, limit) for limit in clock.limits)
    if len(clock.limits) == 1:
        return f"The policy says {said}."
    return f"The policy can be read in more than one way, and the earlier date counts: {said}."


def _reading(policy: Policy, clock: RunningClock, limit: Limit) -> str:
    reading = limit.reading
    gives = f" gives {say_moment(limit.due)}" if limit.due and len(clock.limits) > 1 else ""
    if reading.unit_basis != "stated":
        unit = reading.kind.replace("_", " ")
        caveat = f"{unit}: {BASIS[reading.unit_basis]}"
        return f"“{reading.words}”{gives} {say_source(policy, reading.cite, caveat=caveat)}"
    # What a gap leaves open is the start, and the note says so; two readings speak for themselves.
    explained = (clock.clock.basis == "gap" and clock.clock.note is not None) or (
        clock.clock.basis == "conflict" and len(clock.limits) > 1
    )
    basis = "stated" if explained else clock.clock.basis
    return f"“{reading.words}”{gives} {say_source(policy, reading.cite, basis)}"


def _caveats(clock: RunningClock) -> list[str]:
    guide = "This date is a guide. Never wait for it if the risk would grow."
    return [
        *([guide] if clock.clock.indicative else []),
        *([clock.clock.note] if clock.clock.note else []),
    ]
