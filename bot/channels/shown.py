"""What the assistant says, as the page shows it: one shape for a fresh reply and for history."""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels.sealed import PayloadError, Sealer, Tap, WantedFile

log = logging.getLogger(__name__)

MOST_MESSAGES = 200
_CUSTOM = {"card", "files", "paste"}
_REHEARSAL = "rehearsal"
"""Beside them in `custom`: the reference of the rehearsal that the message is part of."""
_REFERENCE = re.compile(r"REH-\d{4}-\d{4,}")
_FILE = {"document", "reference", "title", "name", "mime"}


class Collected(OutputChannel):
    """Keeps each message of a turn whole and in order.

    Rasa's own collecting channel cuts a text at every empty line and parts a card from its text;
    history, which is read from the tracker, would then differ from what was first shown.
    """

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in the routes."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:  # noqa: ARG002
        """Keep one message."""
        self.messages.append(message)


def as_shown(
    message: Mapping[str, Any], sealer: Sealer, sender: str, *, pending: bool = True
) -> dict[str, Any] | None:
    """One bot message for the page, its buttons and links sealed; None when nothing is to be seen.

    Args:
        message: A Rasa bot message: text, buttons, custom.
        sealer: Seals the buttons and the links.
        sender: Whom they are for.
        pending: Whether the buttons can still be used; if not they are left out.

    Raises:
        PayloadError: A button or a custom message breaks the contract between us and the actions.
    """
    custom = message.get("custom") or {}
    allowed = {*_CUSTOM, _REHEARSAL}
    if not isinstance(custom, Mapping) or not custom.keys() <= allowed:
        raise PayloadError(f"A custom message may have {sorted(allowed)}. Found {custom!r}.")
    shown: dict[str, Any] = {"from": "guide"}
    if (message.get("text") or "").strip():
        shown["text"] = message["text"]
    shown.update({key: custom[key] for key in sorted(_CUSTOM) if custom.get(key)})
    if "files" in shown:
        shown["files"] = [_linked(file, sealer, sender) for file in shown["files"]]
    if pending and message.get("buttons"):
        taps = [Tap.from_button(button) for button in message["buttons"]]
        shown["buttons"] = [{"title": tap.title, "token": sealer.seal(tap, sender)} for tap in taps]
    if len(shown) == 1:
        return None
    if custom.get(_REHEARSAL) is not None:
        shown[_REHEARSAL] = _reference(custom[_REHEARSAL])
    return shown


def _reference(found: Any) -> str:
    """The reference of a rehearsal; anything else would mark a message as what it is not."""
    if not isinstance(found, str) or _REFERENCE.fullmatch(found) is None:
        raise PayloadError(
            f"A rehearsal must be a reference such as REH-2026-0001. Found {found!r}."
        )
    return found


def _linked(file: Mapping[str, Any], sealer: Sealer, sender: str) -> dict[str, Any]:
    """A file with its link, which is new each time that it is shown."""
    if not isinstance(file, Mapping) or file.keys() != _FILE:
        raise PayloadError(f"A file must have {sorted(_FILE)}. Found {file!r}.")
    wanted = WantedFile(document=str(file["document"]), reference=str(file["reference"]))
    named = {key: file[key] for key in ("title", "name", "mime")}
    return {**named, "url": f"files/{sealer.seal_file(wanted, sender)}"}


def history(events: Iterable[Event], sealer: Sealer, sender: str) -> list[dict[str, Any]]:
    """The conversation so far, its latest buttons usable again, at most 200 messages."""
    said = [event for event in events if isinstance(event, UserUttered | BotUttered)]
    said = said[-MOST_MESSAGES:]
    pending = {id(event) for event in _latest_run_of_replies(said)}
    shown = []
    for event in said:
        if isinstance(event, UserUttered):
            metadata = event.metadata or {}
            words = metadata.get("shown", event.text)
            if words:
                shown.append({"from": "you", "text": words})
        elif (message := _past(event, sealer, sender, pending=id(event) in pending)) is not None:
            shown.append(message)
    return shown


def replies_to(
    events: Sequence[Event], message_id: str, sealer: Sealer, sender: str
) -> list[dict[str, Any]]:
    """What was answered to one message; empty when it was never taken or never answered."""
    replies = uttered_in_reply_to(events, message_id)
    past = [_past(event, sealer, sender, pending=True) for event in replies]
    return [message for message in past if message is not None]


def uttered_in_reply_to(events: Sequence[Event], message_id: str) -> list[BotUttered]:
    """The same as it stands in the conversation."""
    replies: list[BotUttered] = []
    found = False
    for event in events:
        if isinstance(event, UserUttered):
            if found:
                break
            found = event.message_id == message_id
        elif found and isinstance(event, BotUttered):
            replies.append(event)
    return replies


def in_rehearsal(events: Sequence[Event]) -> bool:
    """Whether the latest message is part of a rehearsal.

    The advice about a real risk, or what follows a rehearsal, is none, as on the page.
    """
    last = next((each for each in reversed(events) if isinstance(each, BotUttered)), None)
    return last is not None and bool((last.message().get("custom") or {}).get(_REHEARSAL))


def _latest_run_of_replies(said: Sequence[Event]) -> list[Event]:
    run: list[Event] = []
    for event in reversed(said):
        if isinstance(event, BotUttered):
            run.append(event)
        elif run:
            break
    return run


def _past(
    event: BotUttered, sealer: Sealer, sender: str, *, pending: bool
) -> dict[str, Any] | None:
    try:
        return as_shown(event.message(), sealer, sender, pending=pending)
    except PayloadError:
        # An old release may have said it otherwise: the words still count, its buttons do not.
        log.exception("A message of the past has a button or a card that cannot be shown.")
        return {"from": "guide", "text": event.text} if event.text else None
