"""What a person sees of a message in Teams, and what they can tap on it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from card_rules import actions, elements
from chats import Received

AT_RISK = "Someone is at risk now"
_NUMBERED = re.compile(r"(\d+)\. (.*)")


@dataclass(frozen=True)
class Choice:
    """One thing to tap: the card it is on, what it sends, and what must be filled in with it."""

    title: str
    message: Received
    action: Mapping[str, Any]
    inputs: Mapping[str, str] = field(default_factory=dict)


def words(activity: Mapping[str, Any]) -> str:
    """All words that a message shows."""
    found = [text_of(activity)]
    for card in cards_of(activity.get("attachments") or ()):
        for element in elements(card):
            found += [element[name] for name in ("text", "label") if element.get(name)]
            found += [f"{fact['title']}: {fact['value']}" for fact in element.get("facts") or ()]
            found += ["".join(run if isinstance(run, str) else run["text"]
                              for run in element.get("inlines") or ())]  # fmt: skip
    return "\n".join(part for part in found if part)


def text_of(activity: Mapping[str, Any]) -> str:
    """The words of a message beside its cards, as they are shown."""
    text = activity.get("text") or ""
    if activity.get("textFormat") == "xml":
        lines = text.replace("<br/>", "\n")
        return "".join(ElementTree.fromstring(f"<text>{lines}</text>").itertext())
    return str(text)


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
    """What can be tapped on one message: buttons, and the choices of a list with its button.

    Where a button is numbered and cut short, its title is the line above that has its number.
    """
    found = []
    for card in cards_of(taken.activity.get("attachments") or ()):
        whole = _numbered(card)
        submits = [action for action in actions(card) if action["type"] == "Action.Submit"]
        sending = [action for action in submits if sends_inputs(action)]
        for element in elements(card):
            if element["type"] == "Input.ChoiceSet" and sending:
                send = _submit_of(sending)
                found += [
                    Choice(_title(one, whole), taken, send, {element["id"]: one["value"]})
                    for one in element["choices"]
                ]
        found += [Choice(_title(action, whole), taken, action) for action in submits]
    return found


def _numbered(card: Mapping[str, Any]) -> dict[str, str]:
    """The lines of a card that begin with a number, by that number."""
    lines = ("".join(run["text"] for run in each.get("inlines") or ()) for each in elements(card))
    return {found[1]: found[2] for line in lines if (found := _NUMBERED.match(line))}


def _title(shown: Mapping[str, Any], whole: Mapping[str, str]) -> str:
    """The title as a person understands it."""
    found = _NUMBERED.match(shown["title"])
    return whole.get(found[1], shown["title"]) if found else str(shown["title"])


def _submit_of(submits: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The button that sends the choice of a list: the first that is not the safety button."""
    return next((action for action in submits if action["title"] != AT_RISK), submits[0])
