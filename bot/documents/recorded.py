"""What a case holds, read with the policy that it was recorded under."""

from bot.escalation.agencies import OneSide, agency_on
from bot.escalation.conditions import Facts, holds
from bot.escalation.journey import facts_of
from bot.policy.ladder import Ending, Stage
from bot.policy.model import Policy
from bot.records.cases import Duty, Escalation, StageEntry


class OtherPolicyError(ValueError):
    """The case was not recorded under the policy that came with it."""


def check_policy(escalation: Escalation, policy: Policy) -> None:
    """Raise `OtherPolicyError` unless the case was recorded under this version of this policy."""
    kept, given = (
        f"{escalation.policy_id} {escalation.policy_version}",
        f"{policy.id} {policy.document.label}",
    )
    if kept != given:
        raise OtherPolicyError(
            f"{escalation.reference} was recorded under {kept}, and the policy given is {given}. "
            "Give the policy and the version that it was recorded under."
        )
    known = [stage.id for stage in policy.stages]
    for entry in escalation.stages:
        if entry.stage not in known:
            raise OtherPolicyError(
                f"{escalation.reference} is at the stage {entry.stage!r}, which {given} does not "
                f"have. Allowed: {', '.join(known)}. Has the file been edited since?"
            )


def stage_of(policy: Policy, entry: StageEntry) -> Stage:
    """The stage of the policy that was entered."""
    return next(stage for stage in policy.stages if stage.id == entry.stage)


def facts_in(escalation: Escalation) -> Facts:
    """The answers that were given, as conditions take them."""
    given = [(each.fact, each.value) for each in escalation.answers]
    return facts_of([(fact, value) for fact, value in given if isinstance(value, str)])


def agencies_on(escalation: Escalation, side: OneSide) -> tuple[str, ...]:
    """The agencies of one side, each once: the kind that was answered, then those beside roles.

    A stage may have no role on a side, so that only the answer tells it.
    """
    answered = agency_on(facts_in(escalation), side)
    beside = (each.agency for each in escalation.participants if each.side == side)
    found: dict[str, str] = {}
    for words in (" ".join((each or "").split()) for each in (answered, *beside)):
        if words:
            found.setdefault(words.casefold(), words)
    return tuple(found.values())


def endings_at(escalation: Escalation, policy: Policy, stage_id: str) -> tuple[Ending, ...]:
    """How the policy lets a stage end, without the ways that the facts rule out."""
    facts = facts_in(escalation)
    return tuple(
        each
        for each in policy.endings
        if each.stage == stage_id and holds(each.when, facts) is not False
    )


def still_to_do(escalation: Escalation) -> tuple[Duty, ...]:
    """What the policy says must or should be done and is open, each once: no mere choices.

    Where two stages ask for the same, it is the later one.
    """
    binding = ("must", "should")
    owed = [d for d in escalation.duties if d.status == "owed" and d.strength in binding]
    return tuple({duty.key: duty for duty in owed}.values())
