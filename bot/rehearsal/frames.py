"""A scenario held against the policies that it is under: versions, facts, stages, clauses."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.situation import UnknownFactError, checked
from bot.policy.contradiction import Contradiction, Key
from bot.policy.library import Library, UnknownPolicyError
from bot.policy.model import Policy
from bot.policy.problems import nearest
from bot.rehearsal.check import counts_from
from bot.rehearsal.parts import clauses, givens, limits, turns
from bot.rehearsal.scenario import Frame, Scenario, Turn
from bot.rehearsal.time import start_of
from bot.rehearsal.world import World, staged

ON_THE_LADDER = ("stage", "discuss_first")


def contradictions_of_policies(scenario: Scenario, library: Library) -> Iterator[Contradiction]:
    """Everything in `scenario` that its policies do not bear out."""
    missing = list(_policies(scenario, library))
    if missing:
        yield from missing
        return
    world = staged(scenario, library)
    unfit = [found for at, frame in enumerate(scenario.under) for found in _frame(world, at, frame)]
    yield from unfit
    for key, turn in turns(scenario):
        yield from _turn(world, key, turn, stands=not unfit)
    policies = tuple(world.policies.values())
    stages = {stage.id for policy in policies for stage in policy.stages}
    clocks = {clock for policy in policies for clock in policy.clocks}
    for key, given in givens(scenario):
        yield from _unknown((*key, "stage"), given.stage, stages, "stage")
    for key, limit in limits(scenario):
        if limit.clock is not None:
            yield from _unknown((*key, "clock"), [limit.clock], clocks, "clock")
    for key, cite in clauses(scenario):
        for name in cite:
            yield from _clause(world, key, name)


def _policies(scenario: Scenario, library: Library) -> Iterator[Contradiction]:
    often = Counter(frame.policy for frame in scenario.under)
    for at, frame in enumerate(scenario.under):
        if often[frame.policy] > 1:
            yield Contradiction(
                ("under", at, "policy"), f"the policy {frame.policy!r} is there twice",
                remedy="Keep one: the case moves on by 'enters'.",
            )  # fmt: skip
        try:
            library.get(frame.policy, frame.version)
        except UnknownPolicyError as error:
            key = "version" if frame.policy in library.versions else "policy"
            yield Contradiction(("under", at, key), str(error).rstrip("."))


def _frame(world: World, at: int, frame: Frame) -> Iterator[Contradiction]:
    policy = world.policies[frame.policy]
    key: Key = ("under", at)
    stages = [stage.id for stage in policy.stages]
    known = {event: when for event, when in frame.began.items() if event in policy.events}
    unfit = [
        *_unknown((*key, "stage"), [frame.stage], stages, "stage"),
        *_unknown((*key, "began"), frame.began, policy.events, "event"),
        *_undeclared(policy, (*key, "situation"), frame.situation),
        *_undeclared(policy, (*key, "began"), known),
    ]
    yield from unfit
    if not unfit and counts_from(world.scenario.starts):
        decision = _decision(world, frame, frame.stage)
        yield from _off_the_ladder(decision, (*key, "situation"), frame.policy)
        yield from _elsewhere(decision, (*key, "stage"), frame.stage)


def _undeclared(policy: Policy, key: Key, facts: Mapping[str, str]) -> Iterator[Contradiction]:
    for fact, value in facts.items():
        try:
            checked(policy, {fact: value})
        except UnknownFactError as error:
            yield Contradiction((*key, fact), str(error).rstrip("."))


def _turn(world: World, key: Key, turn: Turn, *, stands: bool) -> Iterator[Contradiction]:
    """That a turn's stage and events are its policy's, and that the case can be in that stage."""
    frames = [frame.policy for frame in world.scenario.under]
    if turn.under is not None and turn.under not in frames:
        yield from _unknown((*key, "under"), [turn.under], frames, "policy")
        return
    policies = [world.policies[turn.under]] if turn.under else list(world.policies.values())
    entered = [turn.enters] if turn.enters is not None else []
    has_stage = [{stage.id for stage in policy.stages} for policy in policies]
    has_event = [{*policy.events} for policy in policies]
    unfit = [
        *_unknown((*key, "enters"), entered, set.union(*has_stage), "stage"),
        *_unknown((*key, "happens"), turn.happens, set.union(*has_event), "event"),
    ]
    yield from unfit
    if unfit:
        return
    for name, found, has in (("enters", entered, has_stage), ("happens", turn.happens, has_event)):
        for each in found:
            if each not in set.intersection(*has):
                yield Contradiction(
                    (*key, name), f"not every policy of this scenario has {each!r}", frames,
                    "Say under which policy it is: add 'under'.",
                )  # fmt: skip
                return
    if stands and turn.enters is not None and counts_from(world.scenario.starts):
        for policy in policies:
            decision = _decision(world, world.frame(policy.id), turn.enters)
            yield from _off_the_ladder(decision, (*key, "enters"), policy.id)
            yield from _elsewhere(decision, (*key, "enters"), turn.enters)


def _decision(world: World, frame: Frame, stage: str) -> Decision:
    facts = {**frame.situation, **frame.began, "stage": stage}
    return decide(world.policies[frame.policy], facts, start_of(world))


def _off_the_ladder(decision: Decision, key: Key, policy: str) -> Iterator[Contradiction]:
    if decision.stage is None or decision.status not in ON_THE_LADDER:
        needed = ", ".join(question.fact for question in decision.questions)
        yield Contradiction(
            key, f"{policy} says {decision.status!r} of this situation",
            remedy=f"Add the facts {needed} to the situation." if needed else
            "A rehearsal is played at a stage: change the facts or the stage.",
        )  # fmt: skip


def _elsewhere(decision: Decision, key: Key, stage: str) -> Iterator[Contradiction]:
    found = decision.stage.id if decision.stage is not None else stage
    if decision.status in ON_THE_LADDER and found != stage:
        yield Contradiction(
            key, f"found {stage!r}, but these facts lead to {found!r}",
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
