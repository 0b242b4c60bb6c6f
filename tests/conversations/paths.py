"""Walks through a conversation the way a practitioner does: a tap, a date in words, a sentence."""

import json
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from talk import Talk

from actions.state import Walk
from actions.surroundings import Surroundings
from bot.escalation.questions import Question

SENTENCE = "We think the threshold for a conference is met and they do not agree"
MOST_TURNS = 40
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


class Walker:
    """A person who answers what is asked: as told by `prefer`, else the first sensible way.

    `taps` counts the buttons pressed; `shown` and `heard` keep the cards and the words so far.
    """

    def __init__(self, talk: Talk, around: Surroundings) -> None:
        self.talk = talk
        self.around = around
        self.taps = 0
        self.shown: list[dict[str, Any]] = []
        self.heard: list[str] = []

    async def walk(self) -> Walk:
        """The walk as the tracker holds it."""
        tracker = await self.talk.agent.tracker_store.retrieve(self.talk.person)
        return Walk.of(tracker)

    async def asked(self) -> Question | None:
        """The question that is open."""
        return (await self.walk()).question(self.around)

    async def answers(self) -> dict[str, str]:
        """Every answer of the walk."""
        return dict((await self.walk()).answers)

    async def begin(self, title: str = "I disagree") -> None:
        """Say hello and begin."""
        await self.talk.say("hello")
        self.heed()
        await self.talk.tap(title)
        self.taps += 1
        self.heed()

    async def to(self, fact: str, prefer: Mapping[str, str] | None = None) -> Question:
        """Answer until the question for `fact` is asked."""
        return await self._until(lambda asked: asked.fact == fact, prefer or {})

    async def to_kind(self, kind: str, prefer: Mapping[str, str] | None = None) -> Question:
        """Answer until a question of that kind is asked that belongs to the policy."""
        return await self._until(lambda asked: asked.kind == kind, prefer or {})

    async def _until(self, reached: Any, prefer: Mapping[str, str]) -> Question:
        for _ in range(MOST_TURNS):
            asked = await self.asked()
            assert asked is not None, f"the walk ended before that: {await self.answers()}"
            if reached(asked):
                return asked
            await self.answer(asked, prefer)
        raise AssertionError(f"not reached in {MOST_TURNS} turns: {await self.answers()}")

    async def answer(self, asked: Question, prefer: Mapping[str, str]) -> None:
        """Answer one question; a date and a sentence are typed, all else is tapped."""
        if asked.kind == "choice":
            values = [b["raw"] for b in buttons_for(self.talk, asked.fact)]
            first = "no" if asked.fact == "imminent" else values[0]
            await self.tap(asked.fact, prefer.get(asked.fact, first))
        else:
            said = "yesterday" if asked.kind == "date" else SENTENCE
            await self.say(prefer.get(asked.fact, said))

    async def tap(self, fact: str, value: str) -> None:
        """Tap a button that is shown now."""
        shown = [b["raw"] for b in buttons_for(self.talk, fact)]
        assert value in shown, f"{fact}: no button {value!r} among {shown}\n{self.talk.said}"
        await self.talk.choose(fact, value)
        self.taps += 1
        self.heed()

    async def say(self, words: str) -> None:
        """Type some words."""
        await self.talk.say(words)
        self.heed()

    async def record(self, prefer: Mapping[str, str] | None = None) -> str:
        """Answer to the end, confirm, and give the reference that was told."""
        await self.to("check", prefer)
        await self.tap("check", "record")
        return self.reference()

    def reference(self) -> str:
        """The reference in the last reply."""
        found = re.findall(r"ESC-\d{4}-\d{4}", self.talk.said)
        assert len(set(found)) == 1, f"no reference in {self.talk.said}"
        return found[0]

    def heed(self) -> None:
        """What no reply may ever be."""
        assert_plain(self.talk)
        self.shown += self.talk.cards
        self.heard += self.talk.texts


def assert_plain(talk: Talk) -> None:
    """A reply has words, and none of them is a gap left open."""
    assert talk.messages, "an empty reply"
    assert talk.said.strip()
    assert not PLACEHOLDER.search(talk.said), talk.said
    for message in talk.messages:
        assert message.get("text") or message.get("custom"), message


def buttons_for(talk: Talk, fact: str) -> list[dict[str, str]]:
    """The choices on screen that answer the question for `fact`."""
    choices = [json.loads(button["payload"]).get("choice") for button in talk.buttons]
    return [choice for choice in choices if choice and choice["q"] == fact]


def mark(talk: Talk) -> int:
    """A place in the conversation to come back to."""
    store = talk.agent.tracker_store
    with store.session_scope() as session:
        return session.scalar(sa.select(sa.func.max(store.SQLEvent.id))) or 0


def rewind(talk: Talk, place: int) -> None:
    """Unsay everything after that place, so that many things can be tried at one question."""
    store = talk.agent.tracker_store
    event = store.SQLEvent
    with store.session_scope() as session:
        session.execute(sa.delete(event).where(event.sender_id == talk.person, event.id > place))
        session.commit()


def is_answer(card: Mapping[str, Any]) -> bool:
    """Whether a card is the answer: stage, who acts, by when, what next."""
    terms = [row["term"] for row in card["rows"]]
    return "Who acts" in terms and bool({"If it is not settled", "How it ends"} & set(terms))
