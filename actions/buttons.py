"""Buttons: each carries the question it belongs to, so that an old one changes its own answer."""

import json
from collections.abc import Iterable
from typing import Any

from bot.escalation.questions import Choice

Button = dict[str, Any]


def answer_button(title: str, fact: str, value: str) -> Button:
    """A button that answers the question for `fact` with `value`."""
    return {
        "title": title,
        "payload": json.dumps({"intent": "choose", "choice": {"q": fact, "raw": value}}),
    }


def answer_buttons(fact: str, choices: Iterable[Choice]) -> list[Button]:
    """One button for each choice."""
    return [answer_button(choice.label, fact, choice.value) for choice in choices]


def intent_button(title: str, intent: str) -> Button:
    """A button that says what a typed sentence of that intent would say."""
    return {"title": title, "payload": json.dumps({"intent": intent})}


BEGIN = (
    intent_button("I disagree with a decision", "start_walk"),
    intent_button("We have received an escalation", "received_escalation"),
)
