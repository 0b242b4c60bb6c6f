"""An answer of a recorded case put right: what the policy then says of the stage it is at."""

from datetime import datetime

from bot.escalation.conditions import Facts
from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.ladder import stage_called
from bot.policy.model import Policy


class ElsewhereError(ValueError):
    """With the answer put right, the case would not be at the stage that it is at."""


def corrected(
    policy: Policy, facts: Facts, stage: str, left: str | None, now: datetime
) -> Decision:
    """What the policy says of `stage` with these facts; `left` is the stage before it, if any.

    What came with leaving that stage is part of it: it is owed here, and not undone.

    Raises:
        ElsewhereError: says where the answer leads instead, and what to do.
    """
    # a risk that was told when the case was recorded says nothing of now
    given = {**facts, "imminent": "no"}
    here = decide(policy, {**given, "stage": stage}, now)
    led = decide(policy, {**given, "stage": left, "resolved": "no"}, now) if left else here
    for decision in (here, led):
        if decision.stage is None or decision.stage.id != stage:
            raise ElsewhereError(_elsewhere(policy, stage, decision))
    return led


def _elsewhere(policy: Policy, stage: str, decision: Decision) -> str:
    label = stage_called(policy, stage).label
    if decision.excluded is not None:
        return (
            f"With that answer this policy is not for the matter. {decision.excluded.go_to} I have "
            "not changed the record. If the answer is right, take the case no further here."
        )
    where = f"to {decision.stage.label}" if decision.stage else "to a question that is still open"
    return (
        f"With that answer the policy leads {where}, not to {label}. I have not changed the "
        "record. If the answer is right, take the last step back, or record it anew."
    )
