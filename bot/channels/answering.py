"""One message in, the replies out: never silence, never the same message twice."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from bot.channels import received, shown
from bot.channels.received import Kind, Received
from bot.channels.refusal import RefusedError
from bot.channels.sealed import Sealer, Tap, TapExpiredError, TapRefusedError
from bot.channels.turns import Place

log = logging.getLogger(__name__)

NO_ANSWER = (
    "Something went wrong and I have no answer. Your answers so far are kept. "
    "Try again, or speak to your designated safeguarding lead. "
    "If someone is in immediate danger, call 999 now."
)
NO_WORDS = "I did not get any words. Type your message, or choose one of the buttons."
OLD_BUTTON = "This button is too old to use. Reload the page and choose again."
WRONG_BUTTON = "This button does not belong to this conversation. Reload the page and choose again."

RISK = Tap("Someone is at risk now", "report_risk")
AT_RISK = {"tier": "high", "score": 1.0, "matched": ["button"]}
BEGIN = Tap("Hello", "greet")
START_AGAIN = Tap("Start again", "start_again")
NEWS = Tap("What is new", "choose", {"q": "rehearsal", "raw": "news"})
FIXED = {Kind.RISK: RISK, Kind.BEGIN: BEGIN, Kind.START_AGAIN: START_AGAIN, Kind.NEWS: NEWS}
OF_THE_PAGE = {Kind.BEGIN, Kind.NEWS}
"""What the page says by itself: no person said it, so it is not shown as if somebody had."""


@dataclass
class Reply:
    """What one message brought back.

    Attributes:
        messages: Ready for the page, never empty unless `duplicate`, or there was no news.
        duplicate: The message had been taken before; these are the replies it got then.
        failed: There is no real answer; the page offers to try again.
    """

    messages: list[dict[str, Any]] = field(default_factory=list)
    duplicate: bool = False
    failed: bool = False

    def as_json(self) -> dict[str, Any]:
        """The body of the HTTP response."""
        return {"messages": self.messages, "duplicate": self.duplicate, "failed": self.failed}


async def stored_events(app: Sanic, sender: str) -> list[Any]:
    """The events of this sender's conversation; none before the first message."""
    tracker = await app.ctx.agent.tracker_store.retrieve(sender)
    return list(tracker.events) if tracker is not None else []


class Answering:
    """Hands messages of the page to Rasa and makes sure that each gets an answer."""

    def __init__(
        self, sealer: Sealer, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> None:
        self._sealer = sealer
        self._on_new_message = on_new_message

    async def answer(self, app: Sanic, place: Place, sender: str, taken: Received) -> Reply:
        """Answer one message; the caller holds the sender's place.

        Raises:
            RefusedError: The button is too old or was made for somebody else.
        """
        earlier = await self._earlier_reply(app, place, sender, taken)
        if earlier is not None:
            return earlier
        output = shown.Collected()
        message = self._user_message(taken, sender, output)
        if message is None:
            return Reply([{"from": "guide", "text": NO_WORDS}])
        reply = Reply()
        try:
            await self._on_new_message(message)
        except Exception:
            log.exception("A turn failed. The page was told so in plain words.")
            reply.failed = True
        for said in output.messages:
            try:
                visible = shown.as_shown(said, self._sealer, sender)
            except ValueError:
                log.exception("A message of the assistant could not be shown.")
                reply.failed = True
            else:
                reply.messages += [visible] if visible is not None else []
        nothing_new = taken.kind is Kind.NEWS and not reply.messages
        if reply.failed or not (reply.messages or nothing_new):
            reply.failed = True
            reply.messages.append({"from": "guide", "text": NO_ANSWER})
        else:
            place.remember(taken.id)
        return reply

    async def _earlier_reply(
        self, app: Sanic, place: Place, sender: str, taken: Received
    ) -> Reply | None:
        """What this message got when it was sent before, or None when it is new.

        The ids of this process are in memory; those of before a restart are in the tracker.
        A message that was stored and never answered counts as new: what it writes is guarded by
        its id a second time, in the records.
        """
        known = taken.id in place.answered
        if place.looked_back and not known and taken.kind is not Kind.BEGIN:
            return None
        events = await stored_events(app, sender)
        place.looked_back = True
        replies = shown.replies_to(events, taken.id, self._sealer, sender)
        # A page that opens twice at once must not be greeted twice: it reads the history instead.
        begun = taken.kind is Kind.BEGIN and bool(shown.history(events, self._sealer, sender))
        return Reply(replies, duplicate=True) if known or replies or begun else None

    def _user_message(
        self, taken: Received, sender: str, output: shown.Collected
    ) -> UserMessage | None:
        metadata: dict[str, Any] = {"message_id": taken.id, "tapped": taken.kind is not Kind.TEXT}
        parse_data: dict[str, Any] | None = None
        if taken.kind is Kind.TEXT:
            text = received.as_plain_words(taken.content)
            if not received.has_words(text):
                return None
            if text != taken.content:
                metadata["shown"] = taken.content
        else:
            tap = self._tap(taken, sender)
            text, parse_data = tap.title, tap.parse_data()
            if taken.kind is Kind.RISK:
                parse_data["risk"] = dict(AT_RISK)
            elif taken.kind in OF_THE_PAGE:
                metadata["shown"] = ""
        return UserMessage(
            text,
            output,
            sender,
            parse_data=parse_data,
            input_channel=output.name(),
            message_id=taken.id,
            metadata=metadata,
        )

    def _tap(self, taken: Received, sender: str) -> Tap:
        if taken.kind in FIXED:
            return FIXED[taken.kind]
        try:
            return self._sealer.unseal(taken.content, sender)
        except TapExpiredError as error:
            raise RefusedError(403, OLD_BUTTON) from error
        except TapRefusedError as error:
            raise RefusedError(403, WRONG_BUTTON) from error
