"""What a person sees of a message in Teams, and what they can tap on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from card_rules import actions, elements
from chats import Received

AT_RISK = "Someone is at risk now"


@dataclass(frozen=True)
class Choice:
    """One thing to tap: the card it is on, what it sends, and what must be filled in with it."""

    title: str
    message: Received
    action: Mapping[str, Any]
    inputs: Mapping[str, str] = field(default_factory=dict)


def words(activity: Mapping[str, Any]) -> str:
    """All words that a message shows."""
    found = [activity.get("text") or ""]
    for card in cards_of(activity.get("attachments") or ()):
        for element in elements(card):
            found += [element[name] for name in ("text", "label") if element.get(name)]
            found += [f"{fact['title']}: {fact['value']}" for fact in element.get("facts") or ()]
            found += ["".join(run if isinstance(run, str) else run["text"]
                              for run in element.get("inlines") or ())]  # fmt: skip
    return "\n".join(part for part in found if part)


def cards_of(attachments: Any) -> Iterator[Mapping[str, Any]]:
    for attachment in attachments:
        if "card.adaptive" in attachment["contentType"]:
            yield attachment["content"]


def inputs_of(attachments: Any) -> Iterator[Mapping[str, Any]]:
    for card in cards_of(attachments):
        for element in elements(card):
            if element["type"].startswith("Input."):
                yield element


def sends_inputs(action: Mapping[str, Any]) -> bool:
    return action.get("associatedInputs", "auto").lower() != "none"


def choices_of(taken: Received) -> list[Choice]:
    """What can be tapped on one message: buttons, and the choices of a list with its button."""
    found = []
    for card in cards_of(taken.activity.get("attachments") or ()):
        submits = [action for action in actions(card) if action["type"] == "Action.Submit"]
        sending = [action for action in submits if sends_inputs(action)]
        for element in elements(card):
            if element["type"] == "Input.ChoiceSet" and sending:
                found += [
                    Choice(one["title"], taken, _submit_of(sending), {element["id"]: one["value"]})
                    for one in element["choices"]
                ]
        found += [Choice(action["title"], taken, action) for action in submits]
    return found


def _submit_of(submits: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The button that sends the choice of a list: the first that is not the safety button."""
    return next((action for action in submits if action["title"] != AT_RISK), submits[0])
