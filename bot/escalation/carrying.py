"""Whether a case can go on under another version of its policy, and what it takes with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.escalation.conditions import Facts
from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.ladder import stage_called
from bot.escalation.situation import declares
from bot.policy.model import Policy


@dataclass(frozen=True)
class Carried:
    """A case under another version: what that says of its stage, or why it cannot go there.

    `obstacle` is the reason in a sentence; then there is no decision. `lost` are the questions
    whose answers that version does not know: it asks them again where it needs them.
    """

    decision: Decision | None
    obstacle: str | None
    lost: tuple[str, ...] = ()


def carried(
    old: Policy, new: Policy, facts: Facts, stages: Sequence[str], now: datetime
) -> Carried:
    """The case with these facts, at the last of these stages, under `new`.

    Every stage that it went through must be there by its id, because the whole of a case is read
    by one version: its record, its forms and its reminders.
    """
    label = new.document.label
    missing = [each for each in stages if each not in {stage.id for stage in new.stages}]
    if missing:
        here = missing[-1] == stages[-1]
        what = "is at" if here else "went through"
        names = " and ".join(stage_called(old, each).label for each in dict.fromkeys(missing))
        return Carried(None, f"This case {what} {names}, and version {label} has no such stage.")
    known = {fact: value for fact, value in facts.items() if declares(new, fact, value)}
    lost = tuple(_asked(old, fact) for fact in facts if fact not in known)
    # a risk that was told when the case was recorded says nothing of now
    decision = decide(new, {**known, "imminent": "no", "stage": stages[-1]}, now)
    obstacle = _obstacle(decision, new, stages[-1])
    return Carried(None if obstacle else decision, obstacle, lost)


def _obstacle(decision: Decision, new: Policy, stage: str) -> str | None:
    label = new.document.label
    if decision.status == "need":
        asked = " ".join(f"“{each.ask}”" for each in decision.questions)
        return (
            f"Version {label} needs an answer that this case does not have to tell which stage "
            f"applies: {asked}"
        )
    if decision.excluded is not None:
        return f"Version {label} is not for a matter like this one. {decision.excluded.go_to}"
    if decision.stage is None or decision.stage.id != stage:
        here = stage_called(new, stage).label
        return f"With the answers of this case, version {label} does not lead to {here}."
    return None


def _asked(policy: Policy, fact: str) -> str:
    found = policy.facts.get(fact) or policy.events[fact]
    return found.ask
