"""Which stage applies, who acts, by when: one situation against one policy.

Pure: the same policy, facts and moment always give the same decision.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.escalation.clocks import RunningClock, root_of, run_clocks, unsettled_facts
from bot.escalation.conditions import Facts, holds, unknown
from bot.escalation.decision import ConditionalDuty, Decision, Imminent
from bot.escalation.ladder import before, earlier_duties, may_not_skip, stage_called
from bot.escalation.questions import question
from bot.escalation.situation import Situation, checked
from bot.policy.ladder import Duty, Ending, Stage
from bot.policy.model import Ambiguity, Policy
from bot.policy.terms import Note

MUST_KNOW = ("imminent", "matter", "stage")


def decide(policy: Policy, facts: Facts, now: datetime) -> Decision:
    """What `policy` says of a situation at the moment `now` (with its offset).

    Immediate risk comes before everything, then whether the policy is for this matter at all,
    then the stage. Facts that are still needed come back as questions.

    Raises:
        UnknownFactError: a fact or its value is not declared by the policy.
    """
    facts = checked(policy, facts)
    case = Situation(policy, facts, now, _imminent(policy, facts))
    if case.imminent is not None and facts.get("protected", "no") == "no":
        return _at_risk(case, case.imminent)
    for exclusion in policy.routes.excluded:
        if holds(exclusion.when, facts):
            return Decision(
                policy=policy,
                status="outside",
                excluded=exclusion,
                imminent=case.imminent,
                reasons=(Note(text=exclusion.go_to, cite=exclusion.cite, basis=exclusion.basis),),
                ambiguities=_ambiguities(policy, {"scope", exclusion.id, "matter"}),
            )
    missing = [fact for fact in MUST_KNOW if fact not in facts]
    if missing:
        return _need(case, missing)
    return _on_the_ladder(case)


def _on_the_ladder(case: Situation) -> Decision:
    policy, facts = case.policy, case.facts
    stage = stage_called(policy, facts["stage"])
    leaving: Stage | None = None
    branch = _branch(policy, stage, facts)
    if branch is None:
        return _need(case, _fork_facts(stage, facts))
    stage = branch
    if "resolved" in facts:
        if facts["resolved"] == "yes" or stage.next is None:
            return _closed(case, stage)
        leaving, stage = stage, stage_called(policy, stage.next)
        branch = _branch(policy, stage, facts)
        if branch is None:
            return _need(case, _fork_facts(stage, facts))
        stage = branch
    entered = holds(stage.enter_if, facts)
    if entered is None:
        return _need(case, unknown(stage.enter_if, facts))
    if not entered:
        otherwise = (stage.otherwise,) if stage.otherwise else ()
        return _at_stage(case, before(policy, stage), leaving, otherwise)
    return _at_stage(case, stage, leaving)


def _branch(policy: Policy, stage: Stage, facts: Facts) -> Stage | None:
    """The stage that the facts lead to where `stage` forks; None while they do not tell."""
    if not stage.fork:
        return stage
    for fork in stage.fork:
        if holds(fork.when, facts):
            return stage_called(policy, fork.stage)
    return stage if all(holds(fork.when, facts) is False for fork in stage.fork) else None


def _fork_facts(stage: Stage, facts: Facts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for fork in stage.fork for fact in unknown(fork.when, facts)))


def _at_stage(
    case: Situation, stage: Stage, leaving: Stage | None, otherwise: tuple[Note, ...] = ()
) -> Decision:
    policy = case.policy
    here = _here(case.facts, stage, leaving)
    duties = tuple(duty for duty in policy.duties if holds(duty.when, here))
    duties_if = tuple(
        ConditionalDuty(duty, unknown(duty.when, here))
        for duty in policy.duties
        if holds(duty.when, here) is None and _settled_by_asking(policy, duty, here)
    )
    clocks = run_clocks(policy, stage.clocks, here, case.now)
    earlier = earlier_duties(policy, stage, leaving, here)
    shown = (*duties, *(each.duty for each in (*duties_if, *earlier)))
    endings = _endings(policy, stage, here)
    notes = (*otherwise, *(note for note in (*stage.do, *stage.prompts) if holds(note.when, here)))
    return Decision(
        policy=policy,
        status="discuss_first" if otherwise or not stage.formal else "stage",
        side="challenged" if case.facts.get("side") == "challenged" else "raising",
        stage=stage,
        reasons=notes,
        duties=duties,
        duties_if=duties_if,
        earlier=earlier,
        clocks=clocks,
        may_not_skip=may_not_skip(policy, stage),
        imminent=case.imminent,
        next=stage_called(policy, stage.next) if stage.next else None,
        endings=endings,
        final=_final(endings),
        questions=tuple(
            question(policy, fact) for fact in _open(duties_if, clocks, here, policy, stage)
        ),
        ambiguities=_ambiguities(
            policy,
            _touched(policy, stage, shown, clocks, here),
        ),
    )


def _closed(case: Situation, stage: Stage) -> Decision:
    """Settled at this stage, or at the end of the ladder without agreement."""
    leaving = None if case.facts["resolved"] == "yes" else stage
    at_the_end = _at_stage(case, stage, leaving)
    return replace(at_the_end, status="closed", reasons=(), may_not_skip=(), next=None)


def _need(case: Situation, missing: Iterable[str]) -> Decision:
    return Decision(
        policy=case.policy,
        status="need",
        imminent=case.imminent,
        questions=tuple(question(case.policy, fact) for fact in missing),
    )


def _imminent(policy: Policy, facts: Facts) -> Imminent | None:
    """The route, if anybody is or may be at risk now: "not sure" counts as yes."""
    if facts.get("imminent") in ("yes", "not_sure"):
        return Imminent(policy.routes.imminent, done=facts.get("protected") == "yes")
    return None


def _at_risk(case: Situation, imminent: Imminent) -> Decision:
    policy = case.policy
    clocks = imminent_clocks(policy)
    began = {event: case.now.isoformat() for id_ in clocks for event in policy.clocks[id_].start}
    ladder = policy.routes.ladder
    return Decision(
        policy=policy,
        status="imminent",
        imminent=imminent,
        reasons=(Note(text=ladder.words, cite=ladder.cite),),
        clocks=run_clocks(policy, clocks, {**began, **case.facts}, case.now),
        ambiguities=_ambiguities(policy, {"imminent", *clocks}),
    )


def imminent_clocks(policy: Policy) -> tuple[str, ...]:
    """The clocks that the policy's route at imminent risk starts."""
    return tuple(step.clock for step in policy.routes.imminent if step.clock)


def _here(facts: Facts, stage: Stage, leaving: Stage | None) -> Facts:
    """The facts as conditions see them: in this stage, perhaps leaving another unresolved."""
    here: Mapping[str, str] = {**facts, "stage": stage.id, "leaving": leaving.id if leaving else ""}
    if leaving:
        return {**here, "resolved": "no"}
    return here if "resolved" in facts else {**here, "resolved": ""}


def _settled_by_asking(policy: Policy, duty: Duty, here: Facts) -> bool:
    """Whether the facts that are missing are ones the policy has a question for."""
    return all(fact in policy.facts for fact in unknown(duty.when, here))


def _endings(policy: Policy, stage: Stage, here: Facts) -> tuple[Ending, ...]:
    return tuple(
        ending
        for ending in policy.endings
        if ending.stage == stage.id and holds(ending.when, here) is not False
    )


def _final(endings: tuple[Ending, ...]) -> bool:
    """Final only if every way this stage can end is called final by the policy."""
    return bool(endings) and all(ending.force == "final" for ending in endings)


def _open(
    duties_if: tuple[ConditionalDuty, ...],
    clocks: tuple[RunningClock, ...],
    here: Facts,
    policy: Policy,
    stage: Stage,
) -> tuple[str, ...]:
    """The facts still worth asking: which clocks apply, what starts them, what duties depend on.

    What starts a clock may lie in an earlier stage, where the clock that it follows began.
    """
    events = [
        event
        for clock in clocks
        if clock.started is None and clock.counts
        for event in root_of(policy, clock.clock).start
        if event not in here
    ]
    conditions = [fact for each in duties_if for fact in each.depends_on]
    guidance = [
        fact
        for note in (*stage.do, *stage.prompts)
        if holds(note.when, here) is None
        for fact in unknown(note.when, here)
        if fact in policy.facts
    ]
    limits = [
        fact
        for id_ in stage.clocks
        for fact in unsettled_facts(policy, policy.clocks[id_], here)
        if fact in policy.facts
    ]
    return tuple(dict.fromkeys([*limits, *events, *conditions, *guidance]))


def _touched(
    policy: Policy,
    stage: Stage,
    duties: tuple[Duty, ...],
    clocks: tuple[RunningClock, ...],
    here: Facts,
) -> set[str]:
    """The ids of everything that this decision shows."""
    return {
        stage.id,
        *(duty.id for duty in duties),
        *(duty.form for duty in duties if duty.form),
        *(clock.id for clock in clocks),
        *(event for clock in clocks for event in root_of(policy, clock.clock).start),
        *(fact for fact in here if fact not in MUST_KNOW),
    }


def _ambiguities(policy: Policy, touched: set[str]) -> tuple[Ambiguity, ...]:
    return tuple(each for each in policy.ambiguities if touched & set(each.touches))
