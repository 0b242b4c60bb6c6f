"""What a newer version of a policy changes for a case, in sentences, from its stage onwards.

Pure, and only as good as the files: things are compared by the ids that both versions give them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from bot.escalation.clocks import chain
from bot.escalation.ladder import stage_called
from bot.policy.ladder import Clock, Duty, Ending, Reading, Stage
from bot.policy.model import Policy

Kept = TypeVar("Kept")

UNITS = {"working_days": "working day", "elapsed_hours": "hour", "calendar_months": "month"}
FORCES = {
    "final": "final",
    "recommendation": "a recommendation",
    "for_consideration": "for consideration",
    "not_stated": "not called final",
}


def differences(old: Policy, new: Policy, stage: str) -> tuple[str, ...]:
    """How `new` differs from `old` at the stage with that id and at those after it.

    Stages and who acts, time limits, duties, how it may end, immediate danger, bank holidays.
    Nothing but the stages is said where `new` has no such stage.
    """
    before, after = from_here(old, stage), from_here(new, stage)
    both = [(mine, stage_called(new, mine.id)) for mine in before if mine.id in ids(after)]
    return (
        *_stages(new, before, after),
        *(said for mine, other in both for said in _stage(old, new, mine, other)),
        *(_duties(old, new, ids(before), ids(after)) if both else ()),
        *_ends(old, new, ids(before) & ids(after)),
        *_everywhere(old, new),
    )


def from_here(policy: Policy, stage: str) -> tuple[Stage, ...]:
    """The stage with that id and every one that can be reached from it, in the policy's order."""
    ways = [(each.id, each.next) for each in policy.stages]
    ways += [(each.id, fork.stage) for each in policy.stages for fork in each.fork]
    found: set[str | None] = set()
    edge: set[str | None] = {stage}
    while edge:
        found |= edge
        edge = {target for source, target in ways if source in edge} - found
    return tuple(each for each in policy.stages if each.id in found)


def ids(stages: Iterable[Stage]) -> set[str]:
    """The ids of stages."""
    return {stage.id for stage in stages}


def _stages(new: Policy, before: tuple[Stage, ...], after: tuple[Stage, ...]) -> Iterator[str]:
    for stage in after:
        if stage.id not in ids(before):
            yield f"New: {_named(stage)}. Who acts: {_who(new, stage)}."
    for stage in before:
        if stage.id not in ids(new.stages):
            yield f"{_named(stage)} is no longer part of the policy."
        elif after and stage.id not in ids(after):
            yield f"{_named(stage)} does not follow any more."


def _stage(old: Policy, new: Policy, mine: Stage, other: Stage) -> Iterator[str]:
    if _named(mine) != _named(other):
        yield f"{_named(mine)} is now called {_named(other)}."
    if _who(old, mine) != _who(new, other):
        yield _changed(f"{other.label}, who acts", _who(new, other), _who(old, mine))
    if _what_follows(old, mine) != _what_follows(new, other):
        yield _changed(
            f"{other.label}, what follows it", _what_follows(new, other), _what_follows(old, mine)
        )
    yield from _limits(old, new, mine, other)


def _limits(old: Policy, new: Policy, mine: Stage, other: Stage) -> Iterator[str]:
    before = {id_: old.clocks[id_] for id_ in mine.clocks}
    after = {id_: new.clocks[id_] for id_ in other.clocks}
    for clock in _only(after, before):
        yield f"{other.label}, new time limit to {clock.what}: {_amount(clock)}."
    for clock in _only(before, after):
        yield f"{other.label}: no time limit any more to {clock.what}."
    for id_ in [id_ for id_ in before if id_ in after]:
        head = f"{other.label}, to {after[id_].what}"
        yield from _told(head, _clock(old, before[id_]), _clock(new, after[id_]))


def _clock(policy: Policy, clock: Clock) -> Mapping[str, str]:
    starts = (f"“{policy.events[event].ask}”" for event in chain(policy, clock)[-1].start)
    after = f"after the time limit to {policy.clocks[clock.after].what}" if clock.after else ""
    return {
        "": _amount(clock),
        "for whom": policy.roles[clock.owner].name,
        "how binding": clock.strength,
        "counted from the answer to": after or " or ".join(starts),
        "an indication only": "yes" if clock.indicative else "no",
        "when it applies": _condition(policy, clock.when),
    }


def _duties(old: Policy, new: Policy, before: set[str], after: set[str]) -> Iterator[str]:
    mine = {duty.id: duty for duty in old.duties if _ahead(duty, before)}
    others = {duty.id: duty for duty in new.duties if _ahead(duty, after)}
    for duty in _only(others, mine):
        yield f"New duty ({duty.strength}): {_duty_line(new, duty)}"
    for duty in _only(mine, others):
        yield f"No longer asked for: {duty.what.rstrip('.')}."
    for id_ in [id_ for id_ in mine if id_ in others]:
        head = f"“{others[id_].what.rstrip('.')}”"
        yield from _told(head, _duty(old, mine[id_]), _duty(new, others[id_]))


def _duty_line(policy: Policy, duty: Duty) -> str:
    said = _duty(policy, duty)
    to = f" To: {said['to']}." if duty.to else ""
    return f"{duty.what.rstrip('.')}. Who: {said['who']}.{to}"


def _duty(policy: Policy, duty: Duty) -> Mapping[str, str]:
    return {
        "what": duty.what.rstrip("."),
        "how binding": duty.strength,
        "who": policy.roles[duty.who].name,
        "to": ", ".join(policy.roles[role].name for role in duty.to) or "nobody",
        "form": policy.forms[duty.form].title if duty.form else "none",
        "time limit": _amount(policy.clocks[duty.clock]) if duty.clock else "none",
        "when it applies": _condition(policy, duty.when),
    }


def _ahead(duty: Duty, stages: set[str]) -> bool:
    """Whether a duty may still come up: at one of these stages, on leaving one, or at any."""
    bound = {*duty.when.get("stage", ()), *duty.when.get("leaving", ())}
    return not bound or bool(bound & stages)


def _ends(old: Policy, new: Policy, stages: set[str]) -> Iterator[str]:
    for stage in [each for each in new.stages if each.id in stages]:
        mine, other = _endings(old, stage.id), _endings(new, stage.id)
        if mine != other:
            yield _changed(f"{stage.label}, how it may end", other, mine)


def _endings(policy: Policy, stage: str) -> str:
    return "; ".join(
        _ending(policy, ending) for ending in policy.endings if ending.stage == stage
    ) or "not said"  # fmt: skip


def _ending(policy: Policy, ending: Ending) -> str:
    return f"by the {policy.roles[ending.by].name}, {FORCES[ending.force]}"


def _everywhere(old: Policy, new: Policy) -> Iterator[str]:
    dangers = [
        [(each.do, each.strength, each.names_999) for each in policy.routes.imminent]
        for policy in (old, new)
    ]
    if dangers[0] != dangers[1]:
        steps = " ".join(f"{each.do.rstrip('.')}." for each in new.routes.imminent)
        yield f"Immediate danger. Now: {steps or 'the policy names no step.'}"
    if old.routes.ladder.rule != new.routes.ladder.rule:
        yield f"Going faster. Now: {new.routes.ladder.words}"
    if old.place.calendar != new.place.calendar:
        yield "Time limits are counted by the bank holidays of another place."


def _told(head: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each part that differs."""
    for part, said in after.items():
        if said != before[part]:
            yield _changed(f"{head}, {part}" if part else head, said, before[part])


def _changed(what: str, now: str, before: str) -> str:
    return f"{what}. Now: {now}. Before: {before}."


def _only(these: Mapping[str, Kept], those: Mapping[str, object]) -> list[Kept]:
    return [each for id_, each in these.items() if id_ not in those]


def _named(stage: Stage) -> str:
    return f"{stage.label} ({stage.title})" if stage.title else stage.label


def _who(policy: Policy, stage: Stage) -> str:
    other = f", with the {policy.roles[stage.counterpart].name}" if stage.counterpart else ""
    return f"the {policy.roles[stage.actor].name}{other}"


def _what_follows(policy: Policy, stage: Stage) -> str:
    if stage.next is None:
        return "nothing, it is the last stage"
    return _named(stage_called(policy, stage.next))


def _amount(clock: Clock) -> str:
    return " and ".join(_reading(each) for each in clock.readings)


def _reading(reading: Reading) -> str:
    """The number and its unit; only where there is none, the policy's words."""
    if reading.kind == "same_working_day":
        return "the same working day"
    if reading.kind == "words_only" or reading.n is None:
        return f"“{reading.words}”, without a number"
    unit = UNITS[reading.kind]
    return f"{reading.n} {unit}" if reading.n == 1 else f"{reading.n} {unit}s"


def _condition(policy: Policy, when: Mapping[str, tuple[str, ...]]) -> str:
    return " and ".join(_one(policy, fact, values) for fact, values in when.items()) or "always"


def _one(policy: Policy, fact: str, values: tuple[str, ...]) -> str:
    if fact == "resolved":
        return "once it is settled" if values == ("yes",) else "while it is not settled"
    if fact in ("stage", "leaving"):
        stages = " or ".join(stage_called(policy, value).label for value in values)
        return f"at {stages}" if fact == "stage" else f"when you move on from {stages}"
    asked = policy.facts.get(fact)
    labels = {option.value: option.label for option in asked.options} if asked else {}
    answers = " or ".join(f"“{labels.get(value, value)}”" for value in values)
    return f"the answer to “{asked.ask if asked else fact}” is {answers}"
