"""What no single key can show: references that dangle, numbers that words cannot carry.

Every check yields the place and what to do, so that `load` can report all problems at once.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.policy.contradiction import Contradiction, Key
from bot.policy.ladder import Clock, Fact
from bot.policy.model import Policy
from bot.policy.problems import nearest
from bot.policy.terms import Agency, Entry

BUILT_IN_FACTS = {
    "stage": (),
    "leaving": (),
    "resolved": ("yes", "no"),
    "side": ("raising", "challenged"),
    "imminent": ("yes", "no", "not_sure"),
    "protected": ("yes", "no", "not_confirmed"),
    "our_agency": get_args(Agency),
    "their_agency": get_args(Agency),
}
YES_NO = ("yes", "no")


def contradictions(policy: Policy) -> Iterator[Contradiction]:
    """Everything in `policy` that its parts, taken together, do not bear out."""
    yield from _dates(policy)
    yield from _facts(policy)
    yield from _clocks(policy)
    yield from _stages(policy)
    yield from _references(policy)
    yield from _citations(policy)
    yield from _conditions(policy, policy, ())


def _dates(policy: Policy) -> Iterator[Contradiction]:
    for name in ("issued", "withdrawn", "review_due"):
        text = getattr(policy.document, name)
        try:
            date.fromisoformat(
                text if text is None or len(text) > 7 else f"{text}-01"
            ) if text else None
        except ValueError:
            yield Contradiction(
                ("document", name), f"found {text!r}, which is no day of the calendar",
                remedy="Write the date that the document bears, or null if it bears none.",
            )  # fmt: skip
    try:
        ZoneInfo(policy.place.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Contradiction(
            ("place", "timezone"), f"found {policy.place.timezone!r}, which is no time zone",
            remedy="Write 'Europe/London' or 'Europe/Jersey'.",
        )  # fmt: skip


def _facts(policy: Policy) -> Iterator[Contradiction]:
    if "matter" not in policy.facts:
        yield Contradiction(
            ("facts",), "has no fact 'matter'",
            remedy="Add the question that settles whether the policy is for this matter at all.",
        )  # fmt: skip
    for id_, fact in policy.facts.items():
        if fact.kind == "choice" and len(fact.options) < 2:
            yield Contradiction(
                ("facts", id_, "options"), "a choice needs two options or more", absence=True
            )
        if fact.kind != "choice" and fact.options:
            yield Contradiction(("facts", id_, "options"), f"a {fact.kind} question has no options")
        values = [option.value for option in fact.options]
        for value in {value for value in values if values.count(value) > 1}:
            yield Contradiction(("facts", id_, "options"), f"the value {value!r} is there twice")
        if id_ in BUILT_IN_FACTS and id_ != "imminent":
            yield Contradiction(("facts", id_), "is asked by the program", remedy="Remove it.")
        if id_ in policy.events:
            yield Contradiction(("facts", id_), "is also an event", remedy="Rename one of them.")


def _clocks(policy: Policy) -> Iterator[Contradiction]:
    for id_, clock in policy.clocks.items():
        if bool(clock.start) == bool(clock.after):
            yield Contradiction(
                ("clocks", id_), "needs either 'start' (events) or 'after' (another clock)",
                absence=True,
            )  # fmt: skip
        for at, reading in enumerate(clock.readings):
            here = ("clocks", id_, "readings", at, "n")
            if reading.kind in ("words_only", "same_working_day"):
                if reading.n is not None:
                    yield Contradiction(
                        here, f"found {reading.n}, but {reading.kind} never carries a number",
                        remedy="Remove it, or choose the kind that the policy's words name.",
                    )  # fmt: skip
            elif reading.n is None:
                yield Contradiction(
                    here, f"is missing: {reading.kind} needs a number", absence=True
                )
        if _chain(policy, id_, clock) is None:
            yield Contradiction(("clocks", id_, "after"), "runs in a circle")


def _chain(policy: Policy, id_: str, clock: Clock) -> list[str] | None:
    """The clocks that `clock` runs after, or None where they come round to it again."""
    seen = [id_]
    while clock.after is not None and clock.after in policy.clocks:
        if clock.after in seen:
            return None
        seen.append(clock.after)
        clock = policy.clocks[clock.after]
    return seen


def _stages(policy: Policy) -> Iterator[Contradiction]:
    ids = [stage.id for stage in policy.stages]
    for at, stage in enumerate(policy.stages):
        if ids.index(stage.id) != at:
            yield Contradiction(("stages", at, "id"), f"{stage.id!r} is there twice")
        if stage.enter_if and stage.otherwise is None:
            yield Contradiction(
                ("stages", at, "otherwise"), "is missing beside 'enter_if'",
                remedy="Say what to do when the condition is not met.", absence=True,
            )  # fmt: skip
    duties = [duty.id for duty in policy.duties]
    for at, id_ in enumerate(duties):
        if duties.index(id_) != at:
            yield Contradiction(("duties", at, "id"), f"{id_!r} is there twice")


def _references(policy: Policy) -> Iterator[Contradiction]:
    roles, clocks, forms = set(policy.roles), set(policy.clocks), set(policy.forms)
    stages = {stage.id for stage in policy.stages}
    for id_, clock in policy.clocks.items():
        at: Key = ("clocks", id_)
        yield from _dangling((*at, "owner"), [clock.owner], roles, "role")
        yield from _dangling((*at, "start"), clock.start, set(policy.events), "event")
        yield from _dangling((*at, "after"), [clock.after], clocks, "clock")
    for n, stage in enumerate(policy.stages):
        at = ("stages", n)
        yield from _dangling((*at, "actor"), [stage.actor], roles, "role")
        yield from _dangling((*at, "counterpart"), [stage.counterpart], roles, "role")
        yield from _dangling((*at, "clocks"), stage.clocks, clocks, "clock")
        yield from _dangling((*at, "next"), [stage.next], stages, "stage")
        for m, fork in enumerate(stage.fork):
            yield from _dangling((*at, "fork", m, "stage"), [fork.stage], stages, "stage")
    for n, duty in enumerate(policy.duties):
        at = ("duties", n)
        yield from _dangling((*at, "who"), [duty.who], roles, "role")
        yield from _dangling((*at, "to"), duty.to, roles, "role")
        yield from _dangling((*at, "form"), [duty.form], forms, "form")
        yield from _dangling((*at, "clock"), [duty.clock], clocks, "clock")
    for n, step in enumerate(policy.routes.imminent):
        yield from _dangling(("routes", "imminent", n, "to"), [step.to], roles, "role")
        yield from _dangling(("routes", "imminent", n, "clock"), [step.clock], clocks, "clock")
    for n, ending in enumerate(policy.endings):
        yield from _dangling(("endings", n, "stage"), [ending.stage], stages, "stage")
        yield from _dangling(("endings", n, "by"), [ending.by], roles, "role")
        yield from _dangling(("endings", n, "clock"), [ending.clock], clocks, "clock")
    for id_, form in policy.forms.items():
        for n, field in enumerate(form.fields):
            yield from _dangling(
                ("forms", id_, "fields", n, "filled_by"), [field.filled_by], roles, "role"
            )

    for n, ambiguity in enumerate(policy.ambiguities):
        at = ("ambiguities", n, "touches")
        yield from _dangling(at, ambiguity.touches, _parts(policy), "part")


def _parts(policy: Policy) -> set[str]:
    """Everything that an ambiguity may bear on."""
    return {
        "imminent", "scope", "contacts",
        *policy.clocks, *policy.forms, *policy.events, *policy.facts,
        *(stage.id for stage in policy.stages),
        *(duty.id for duty in policy.duties),
        *(exclusion.id for exclusion in policy.routes.excluded),
    }  # fmt: skip


def _dangling(
    key: Key, names: Iterable[str | None], known: Collection[str], kind: str
) -> Iterator[Contradiction]:
    for name in names:
        if name is not None and name not in known:
            yield Contradiction(
                key, f"{name!r} is no {kind} of this file", known, nearest(name, known)
            )


def _citations(policy: Policy) -> Iterator[Contradiction]:
    used: set[str] = set()
    for key, cite in _walk(policy, (), "cite"):
        used.update(cite)
        yield from _dangling(key, cite, set(policy.cites), "citation")
    for name in sorted(set(policy.cites) - used):
        yield Contradiction(
            ("cites", name), "is cited nowhere", remedy="Cite it or remove it.", absence=True
        )


def _walk(node: object, at: Key, name: str) -> Iterator[tuple[Key, Any]]:
    """Every value called `name` below `node`, with its place."""
    if isinstance(node, Entry):
        for field in type(node).model_fields:
            value = getattr(node, field)
            if field == name:
                yield (*at, field), value
            else:
                yield from _walk(value, (*at, field), name)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(value, (*at, key), name)
    elif isinstance(node, tuple):
        for index, value in enumerate(node):
            yield from _walk(value, (*at, index), name)


def _conditions(policy: Policy, node: object, at: Key) -> Iterator[Contradiction]:
    for name in ("when", "enter_if"):
        for key, condition in _walk(node, at, name):
            for fact, values in condition.items():
                allowed = _values(policy, fact)
                if allowed is None:
                    known = {*policy.facts, *BUILT_IN_FACTS}
                    yield Contradiction(
                        (*key, fact), f"{fact!r} is no declared fact", known,
                        nearest(fact, known) or "Declare it under 'facts' with its question.",
                    )  # fmt: skip
                else:
                    yield from _dangling((*key, fact), values, allowed, f"answer to {fact!r}")


def _values(policy: Policy, fact: str) -> Collection[str] | None:
    """The answers that `fact` can have, or None if nobody declares it."""
    if fact in ("stage", "leaving"):
        return {stage.id for stage in policy.stages}
    if fact in BUILT_IN_FACTS:
        return BUILT_IN_FACTS[fact]
    declared: Fact | None = policy.facts.get(fact)
    if declared is None or declared.kind == "text":
        return None
    return YES_NO if declared.kind == "yes_no" else {option.value for option in declared.options}
