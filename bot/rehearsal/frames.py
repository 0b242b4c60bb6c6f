"""A scenario held against the policies that it is under: versions, facts, stages, clauses."""

from collections.abc import Collection, Iterator

from bot.escalation.decide import decide
from bot.escalation.situation import UnknownFactError, checked
from bot.policy.contradiction import Contradiction, Key
from bot.policy.library import Library, UnknownPolicyError
from bot.policy.model import Policy
from bot.policy.problems import nearest
from bot.rehearsal.parts import clauses, givens, limits, turns
from bot.rehearsal.scenario import Frame, Scenario
from bot.rehearsal.time import start_of
from bot.rehearsal.world import World, staged

ON_THE_LADDER = ("stage", "discuss_first")


def contradictions_of_policies(scenario: Scenario, library: Library) -> Iterator[Contradiction]:
    """Everything in `scenario` that its policies do not bear out."""
    missing = list(_unknown_policies(scenario, library))
    if missing:
        yield from missing
        return
    world = staged(scenario, library)
    for at, frame in enumerate(scenario.under):
        yield from _frame(world, at, frame)
    policies = tuple(world.policies.values())
    stages = {stage.id for policy in policies for stage in policy.stages}
    events = {event for policy in policies for event in policy.events}
    clocks = {clock for policy in policies for clock in policy.clocks}
    for key, given in givens(scenario):
        yield from _unknown((*key, "stage"), given.stage, stages, "stage")
    for key, turn in turns(scenario):
        yield from _unknown((*key, "happens"), turn.happens, events, "event")
        yield from _unknown((*key, "enters"), [turn.enters] if turn.enters else [], stages, "stage")
        frames = [frame.policy for frame in scenario.under]
        yield from _unknown((*key, "under"), [turn.under] if turn.under else [], frames, "policy")
    for key, limit in limits(scenario):
        if limit.clock is not None:
            yield from _unknown((*key, "clock"), [limit.clock], clocks, "clock")
    for key, cite in clauses(scenario):
        for name in cite:
            yield from _clause(world, key, name)


def _unknown_policies(scenario: Scenario, library: Library) -> Iterator[Contradiction]:
    for at, frame in enumerate(scenario.under):
        try:
            library.get(frame.policy, frame.version)
        except UnknownPolicyError as error:
            yield Contradiction(("under", at, "policy"), str(error).rstrip("."))


def _frame(world: World, at: int, frame: Frame) -> Iterator[Contradiction]:
    policy = world.policies[frame.policy]
    stages = [stage.id for stage in policy.stages]
    key: Key = ("under", at)
    unknown = [
        *_unknown((*key, "stage"), [frame.stage], stages, "stage"),
        *_unknown((*key, "began"), frame.began, policy.events, "event"),
    ]
    yield from unknown
    facts = {**frame.situation, **frame.began, "stage": frame.stage}
    try:
        checked(policy, facts)
    except UnknownFactError as error:
        yield Contradiction((*key, "situation"), str(error).rstrip("."))
        return
    if unknown:
        return
    decision = decide(policy, facts, start_of(world))
    if decision.status not in ON_THE_LADDER or decision.stage is None:
        needed = ", ".join(question.fact for question in decision.questions)
        yield Contradiction(
            (*key, "situation"), f"the policy says {decision.status!r} of this situation",
            remedy=f"Add the facts {needed}." if needed else
            "A rehearsal begins at a stage: change the facts or the stage.",
        )  # fmt: skip
    elif decision.stage.id != frame.stage:
        yield Contradiction(
            (*key, "stage"),
            f"found {frame.stage!r}, but these facts lead to {decision.stage.id!r}",
            remedy="Write that stage, or change the facts.",
        )  # fmt: skip


def _unknown(
    key: Key, found: Collection[str], known: Collection[str], what: str
) -> Iterator[Contradiction]:
    for each in found:
        if each not in known:
            said = f"{each!r} is no {what} of this scenario's policies"
            yield Contradiction(key, said, known, nearest(each, known))


def _clause(world: World, key: Key, name: str) -> Iterator[Contradiction]:
    policy, cite = clause_of(world, name)
    if policy is None:
        yield Contradiction(
            key, f"found {name!r}, but the scenario is not under that policy", list(world.policies)
        )
    elif cite not in policy.cites:
        yield Contradiction(
            key, f"{cite!r} is no clause of {policy.id}", remedy=nearest(cite, policy.cites)
        )


def clause_of(world: World, name: str) -> tuple[Policy | None, str]:
    """The policy and the clause that `clause` (of the first policy) or `policy:clause` means."""
    policy, colon, cite = name.rpartition(":")
    return (world.policies.get(policy) if colon else world.policies[world.first.policy]), cite
