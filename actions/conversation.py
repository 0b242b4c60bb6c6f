"""A conversation as the tracker holds it, read into plain values."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid5

from rasa_sdk import Tracker

NAMESPACE = UUID("6f0f3f0e-4a0b-4f0a-9c55-2f1f7f1f2b11")


def intent(tracker: Tracker) -> str:
    """The name of the intent of the last message."""
    name = (tracker.latest_message.get("intent") or {}).get("name")
    return str(name or "")


def confidence(tracker: Tracker) -> float:
    """How sure the classifier is of that intent, from 0 to 1."""
    return float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)


def text(tracker: Tracker) -> str:
    """The words of the last message."""
    return str(tracker.latest_message.get("text") or "")


def tap(tracker: Tracker) -> tuple[str, str] | None:
    """The question and the value of the button that was tapped, if the message was a tap."""
    choice = (tracker.latest_message.get("choice")) or {}
    return (str(choice["q"]), str(choice["raw"])) if "q" in choice and "raw" in choice else None


def intent_tapped(tracker: Tracker) -> bool:
    """Whether the message was a tap on a button that stands for an intent: nothing classified it.

    The classifier ranks every intent that it knows; such a button names one, and is sure of it.
    """
    ranking = tracker.latest_message.get("intent_ranking") or []
    return len(ranking) == 1 and ranking[0]["confidence"] == 1.0


def limit_tapped(tracker: Tracker) -> str:
    """The time limit that the button was about: it stands after the reference of its case."""
    return (tap(tracker) or ("", ""))[1].partition(" ")[2]


def risk(tracker: Tracker) -> dict[str, Any]:
    """What the risk screen wrote about the last message."""
    return tracker.latest_message.get("risk") or {}


def entity(tracker: Tracker, name: str) -> str | None:
    """The value of the first entity of that name in the last message."""
    return next(tracker.get_latest_entity_values(name), None)


def once(tracker: Tracker, purpose: str) -> str:
    """A key that is the same whenever the same message is taken again."""
    message = tracker.latest_message.get("message_id") or len(tracker.events)
    return str(uuid5(NAMESPACE, f"{tracker.sender_id}:{message}:{purpose}"))


def since_last_message(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """The events after the practitioner's last message, newest first."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return
        yield event


def already_dealt_with(tracker: Tracker) -> bool:
    """Whether another action took this message: a form that resumes reads it a second time."""
    actions = (event["name"] for event in since_last_message(tracker) if event["event"] == "action")
    return any(name != "walk_form" for name in actions)


def newly_answered(tracker: Tracker) -> set[str]:
    """The facts that the last message answered, or answered anew."""
    since = len(list(since_last_message(tracker)))
    after = answers_in(tracker.events[len(tracker.events) - since :])
    before = answers_in(tracker.events[: len(tracker.events) - since]) or {}
    return {fact for fact, value in (after or {}).items() if before.get(fact) != value}


def answers_in(events: Sequence[dict[str, Any]]) -> dict[str, str] | None:
    """The answers of the walk as the last of these events left them, if one of them set any."""
    for event in reversed(events):
        if event["event"] == "slot" and event["name"] == "walk_answers":
            return dict(event["value"] or ())
    return None
