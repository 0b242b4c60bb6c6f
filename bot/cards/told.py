"""What was told of a stage, and what follows from it, before it is recorded."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards.card import Card, Row
from bot.escalation.progress import OWN_FACTS, Standing, asked_in_progress, move
from bot.escalation.questions import SKIPPED
from bot.wording.dates import say_event


def told_card(standing: Standing, answers: Sequence[tuple[str, str]], now: datetime) -> Card:
    """The answers in the order they were given, and what the policy makes of them."""
    rows = [
        Row(asked_in_progress(standing, fact).ask, _say(standing, fact, value))
        for fact, value in answers
        if fact not in OWN_FACTS or fact in ("outcome", "outcome_on", "lessons")
    ]
    moved = move(standing, answers, now)
    if moved.entered is not None:
        follows = f"{moved.left.label} ends, and {moved.entered.label} begins."
    elif moved.stays:
        follows = f"It stays at {moved.left.label}: the policy gives no next stage for this."
    else:
        follows = f"{moved.left.label} ends, and the escalation ends with it."
    return Card(title="Is this right?", rows=(*rows, Row("What follows", follows)))


def _say(standing: Standing, fact: str, value: str) -> str:
    if value == SKIPPED:
        return "Skipped"
    asked = asked_in_progress(standing, fact)
    choice = asked.choice(value)
    if choice is not None:
        return choice.label
    return say_event(value) if asked.kind == "date" else value
