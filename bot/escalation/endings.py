"""Whose word ends a matter at the last stage, and what the policy calls that word."""

from collections.abc import Iterable

from bot.escalation.conditions import Facts, holds
from bot.policy.ladder import Ending, Stage
from bot.policy.model import Policy

NOUNS = {"final": "decision", "recommendation": "recommendation"}
ANSWER = "answer"
"""Where the policy names no decision, or not one alone: nothing is made stronger than it is."""


def endings_of(policy: Policy, stage: Stage, facts: Facts) -> tuple[Ending, ...]:
    """The ways in which a matter may end at `stage`, as far as the facts tell them apart."""
    return tuple(
        each
        for each in policy.endings
        if each.stage == stage.id and holds(each.when, facts) is not False
    )


def last_word(policy: Policy, endings: Iterable[Ending]) -> str:
    """What ends it and whose it is: "decision of the Chair of the SCSP"; or just "answer"."""
    found = tuple(endings)
    forces = {each.force for each in found}
    noun = NOUNS.get(found[0].force, ANSWER) if len(forces) == 1 else ANSWER
    whose = " or the ".join(dict.fromkeys(policy.roles[each.by].name for each in found))
    return f"{noun} of the {whose}" if whose else noun
