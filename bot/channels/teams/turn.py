"""One message of Teams to the activities that answer it: never none, and never a turn twice."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from bot.channels import received, shown
from bot.channels.answering import (
    AT_RISK,
    BEGIN,
    NEWS,
    NO_ANSWER,
    NO_WORDS,
    RISK,
    START_AGAIN,
    stored_events,
)
from bot.channels.refusal import CALL_999
from bot.channels.rooms.sources import no_rehearsals
from bot.channels.sealed import Sealer, Tap, TapExpiredError, TapRefusedError
from bot.channels.teams.fixed import as_text, words
from bot.records.teams import Waiting
from bot.records.teams_outbox import NewActivity
from bot.reminders.words import ANSWERS, what_of

log = logging.getLogger(__name__)

MOST_TRIES = 5
"""A message that ended the program so often is not given to Rasa again."""
OLD_BUTTON = (
    "This button is too old to use. Choose one of the latest buttons, or type what you want to do. "
    f"{CALL_999}"
)
WRONG_BUTTON = (
    "This button is not one that I can take from you. Choose one of the latest buttons, or type "
    f"what you want to do. {CALL_999}"
)
COMMANDS = {
    "new": START_AGAIN,
    "start again": START_AGAIN,
    "help": Tap("Help", "ask_help"),
    "my escalations": Tap("My escalations", "list_cases"),
    "stop": Tap("Stop", "stop_walk"),
    "someone is at risk now": RISK,
}
"""What the app offers as commands in Teams: no classifier has to make anything of them."""
ON_A_REMINDER = (("Say what happened", "case_report"), ("Mark or move the date", "case_amend"))
"""What is offered below the answers to a reminder, and what of its case each asks for."""

Message = Mapping[str, Any]
Link = Callable[[Message], str | None]


class Cards(Protocol):
    """How messages are drawn, and what a card sends back: `bot.channels.teams.drawing.cards`."""

    def rendered(
        self, messages: Sequence[Message], sealer: Sealer, sender: str, link: Link
    ) -> list[dict[str, Any]]:
        """The messages of one turn as activities."""

    def submitted(self, value: Any, sealer: Sealer, sender: str) -> Tap:
        """The tap in what a card sent back."""

    def chosen(self, activity: Message, title: str) -> dict[str, Any]:
        """What takes the place of a card whose choice was used."""

    def said_chosen(self, title: str) -> dict[str, Any]:
        """The same as a message."""


class Collected(shown.Collected):
    """Keeps each message of a turn; the tracker is told that it was said in Teams."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in the routes."""
        return "teams"


class Answering:
    """Hands what came in to Rasa, and draws what it says."""

    def __init__(
        self,
        app: Sanic,
        cards: Cards,
        sealer: Sealer,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        link_for: Callable[[str], Link],
        count_news: Callable[[str], int] = no_rehearsals,
    ) -> None:
        """Keep what answers are made of.

        Args:
            app: Holds the agent.
            cards: Draws.
            sealer: Seals and opens buttons.
            on_new_message: Rasa's way in.
            link_for: For a sender, what gives a file its address.
            count_news: How much a facilitator did in a sender's rehearsal meanwhile.
        """
        self._app, self._cards, self._sealer = app, cards, sealer
        self._on_new_message, self._link_for = on_new_message, link_for
        self._count_news = count_news

    async def answer(self, waiting: Waiting, card: Message | None) -> list[NewActivity]:
        """The activities that answer one message.

        Args:
            waiting: The message.
            card: The card that was tapped, if it was one that we still have.
        """
        person, body = waiting.person, waiting.body
        match waiting.kind:
            case "elsewhere":
                return [NewActivity(body=as_text(words(response="utter_teams_personal_only")))]
            case "notice":
                reminder = words(response="utter_case_reminder", reminder=body["text"])
                return self.drawn([{"text": reminder, "buttons": ways_on(body)}], person)
            case "unusable":
                refusal = received.TOO_LONG if body.get("too_long") else NO_WORDS
                return self.drawn([{"text": refusal}], person)
            case "installed":
                welcome = {"text": words(response="utter_teams_welcome")}
                said = await self._said(waiting, BEGIN.title, BEGIN, {"shown": ""})
                return self.drawn([welcome, *said], person)
            case "news":
                return await self._answer_news(waiting)
            case "tap":
                return await self._answer_tap(waiting, card)
            case "message" | "edited":
                return await self._answer_words(waiting)

    def drawn(self, messages: Sequence[Message], person: str) -> list[NewActivity]:
        """Messages of ours as activities; never none."""
        try:
            drawn = self._cards.rendered(messages, self._sealer, person, self._link_for(person))
        except Exception:
            log.exception("teams.not_drawn")
            drawn = []
        return [NewActivity(body=each) for each in drawn or [as_text(NO_ANSWER)]]

    async def _answer_words(self, waiting: Waiting) -> list[NewActivity]:
        typed = waiting.body["text"]
        text = received.as_plain_words(typed)
        said: list[Message] = []
        if waiting.kind == "edited":
            said.append({"text": words(response="utter_teams_edited")})
        if not received.has_words(text):
            said.append({"text": NO_WORDS})
        else:
            shown_as = {"shown": typed} if text != typed else {}
            tap = COMMANDS.get(text.casefold().rstrip(".!? "))
            said += await self._said(waiting, text, tap, shown_as)
        return self.drawn(said, waiting.person)

    async def _answer_news(self, waiting: Waiting) -> list[NewActivity]:
        """What happened in the person's rehearsal; nothing where there is nothing to tell."""
        if not (await self._said_before(waiting) or await self._hears_news(waiting)):
            return []
        said = await self._said(waiting, NEWS.title, NEWS, {"shown": ""})
        return self.drawn(said, waiting.person)

    async def _hears_news(self, waiting: Waiting) -> bool:
        """Whether the person is in a rehearsal, and was not told meanwhile by another answer.

        Where it is asked whether a danger is real, a rehearsal has to wait: the turn would be
        taken for the answer.
        """
        if not shown.in_rehearsal(await stored_events(self._app, waiting.person)):
            return False
        try:
            news = await asyncio.to_thread(self._count_news, waiting.person)
        except Exception:  # a rehearsal that is out of order holds up no message
            log.exception("teams.news_not_counted")
            return False
        # a turn that the program ended in has marked them as told, and told nobody
        return news > 0 or waiting.attempt > 1

    async def _answer_tap(self, waiting: Waiting, card: Message | None) -> list[NewActivity]:
        try:
            tap = self._cards.submitted(waiting.body.get("submitted"), self._sealer, waiting.person)
        except TapExpiredError:
            return self.drawn([{"text": OLD_BUTTON}], waiting.person)
        except TapRefusedError:
            return self.drawn([{"text": WRONG_BUTTON}], waiting.person)
        answer = self.drawn(await self._said(waiting, tap.title, tap, {}), waiting.person)
        # at risk the card asks something else; sent back empty it is asked again: it stays
        if tap.intent == RISK.intent or (tap.choice or {}).get("raw") == "":
            return answer
        return [*self._after_choice(waiting, card, tap.title), *answer]

    def _after_choice(
        self, waiting: Waiting, card: Message | None, title: str
    ) -> list[NewActivity]:
        said = NewActivity(body=self._cards.said_chosen(title))
        if card is None:
            return [said]
        try:
            instead = self._cards.chosen(card, title)
        except (KeyError, IndexError, TypeError, ValueError):
            log.exception("teams.card_not_replaced")
            return [said]
        return [NewActivity(body=instead, replaces=waiting.body["card"]), said]

    async def _said_before(self, waiting: Waiting) -> list[Message]:
        """What Rasa said to a message before the program ended; nothing at a first try."""
        if waiting.attempt == 1:
            return []
        events = await stored_events(self._app, waiting.person)
        return [each.message() for each in shown.uttered_in_reply_to(events, waiting.name)]

    async def _said(
        self, waiting: Waiting, text: str, tap: Tap | None, metadata: dict[str, Any]
    ) -> list[Message]:
        """What Rasa says to a message, once: what it said before the program ended counts."""
        if before := await self._said_before(waiting):
            return before
        if waiting.attempt > MOST_TRIES:
            log.error("teams.given_up message=%s", waiting.name)
            return [{"text": NO_ANSWER}]
        parse_data = None if tap is None else tap.parse_data()
        if parse_data is not None and tap is not None and tap.intent == RISK.intent:
            parse_data["risk"] = dict(AT_RISK)
        output = Collected()
        message = UserMessage(
            text,
            output,
            waiting.person,
            parse_data=parse_data,
            input_channel=output.name(),
            message_id=waiting.name,
            metadata={"message_id": waiting.name, "tapped": tap is not None, **metadata},
        )
        try:
            await self._on_new_message(message)
        except Exception:
            log.exception("A turn failed. The person was told so in plain words.")
            return [*output.messages, {"text": NO_ANSWER}]
        return [*output.messages] or [{"text": NO_ANSWER}]


def ways_on(body: Message) -> list[dict[str, str]]:
    """The buttons below a reminder of a case: Rasa buttons, as actions give them."""
    case = body["case"]
    wishes = [(title, wish, case) for title, wish in ON_A_REMINDER]
    if "limit" in body:  # one that an earlier program put into the inbox has none
        what = what_of(case, body["stage"], body["limit"])
        wishes = [*((title, wish, what) for wish, title in ANSWERS.items()), *wishes]
    taps = [
        (title, {"intent": "choose", "choice": {"q": wish, "raw": about}})
        for title, wish, about in wishes
    ]
    listed = ("Show my escalations", {"intent": "list_cases"})
    return [{"title": title, "payload": json.dumps(what)} for title, what in (*taps, listed)]
