"""Runs one action against a conversation made by hand, with real policies and a real record."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.rehearsing import ActionRehearse
from actions.rooms import RehearsalSurroundings, set_up_rehearsals
from actions.state import Walk
from actions.surroundings import Surroundings, set_up
from actions.writing import new_escalation
from bot.escalation.decide import decide
from bot.policy.library import Library, load_library
from bot.records.database import Database, open_database
from bot.records.store import record_escalation
from bot.rehearsal.shelf import Shelf, load_shelf
from bot.rooms.rooms import open_rooms
from bot.settings import Settings

REHEARSED = "jersey_before_christmas"
WEDNESDAY = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


@dataclass
class Outcome:
    """What an action said and did."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def responses(self) -> list[str]:
        """The names of the responses that were uttered."""
        return [m["response"] for m in self.messages if m["response"]]

    @property
    def texts(self) -> list[str]:
        """What was said in words of its own."""
        return [m["text"] for m in self.messages if m["text"]]

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards that were shown."""
        return [m["custom"]["card"] for m in self.messages if "card" in m["custom"]]

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files that were given."""
        return [file for m in self.messages for file in m["custom"].get("files", ())]

    @property
    def titles(self) -> list[str]:
        """The buttons of the last message that has some."""
        shown = [m["buttons"] for m in self.messages if m["buttons"]]
        return [button["title"] for button in shown[-1]] if shown else []

    @property
    def everything(self) -> str:
        """All that was said in words of its own, and every card."""
        return "\n".join([*self.texts, *(str(card) for card in self.cards)])

    @property
    def every_title(self) -> list[str]:
        """The buttons of all messages."""
        return [button["title"] for message in self.messages for button in message["buttons"]]

    def said(self, response: str) -> dict[str, Any]:
        """The message that uttered that response."""
        return next(m for m in self.messages if m["response"] == response)

    def slots(self) -> dict[str, Any]:
        """The slots that were set, the last value of each."""
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def answers(self) -> dict[str, str]:
        """The answers of the walk as they were left."""
        return dict(self.slots()["walk_answers"])

    @property
    def followup(self) -> str | None:
        """The action that is to come next."""
        return next((e["name"] for e in self.events if e["event"] == "followup"), None)


@dataclass
class Conversation:
    """A conversation up to one message of the practitioner."""

    walk: Walk = field(default_factory=Walk)
    person: str = field(default_factory=lambda: f"person-{uuid4()}")
    in_form: bool = True
    alert: dict[str, Any] | None = None
    rehearsal: dict[str, Any] | None = None

    def hears(
        self,
        text: str = "",
        *,
        intent: str = "nlu_fallback",
        confidence: float = 0.3,
        tap: tuple[str, str] | None = None,
        risk: Mapping[str, Any] | None = None,
        entities: Mapping[str, str] | None = None,
        message_id: str | None = None,
        since: Sequence[dict[str, Any]] = (),
        earlier: Sequence[dict[str, Any]] = (),
        ranking: Mapping[str, float] | None = None,
    ) -> Tracker:
        """The tracker as an action gets it after this message.

        `earlier` are events before the message, `since` those after it.
        """
        message: dict[str, Any] = {
            "text": text,
            "intent": {
                "name": "choose" if tap else intent,
                "confidence": 1.0 if tap else confidence,
            },
            "entities": [{"entity": n, "value": v} for n, v in (entities or {}).items()],
            "intent_ranking": [{"name": n, "confidence": c} for n, c in (ranking or {}).items()],
            "message_id": message_id or str(uuid4()),
        }
        if tap:
            message["choice"] = {"q": tap[0], "raw": tap[1]}
        if risk:
            message["risk"] = dict(risk)
        slots = {e["name"]: e["value"] for e in self.walk.events() if e["event"] == "slot"}
        before = [{"event": "slot", "timestamp": 0, **s} for s in as_events(slots)]
        user = {"event": "user", "text": text, "parse_data": message, "timestamp": time.time()}
        return Tracker(
            self.person,
            {**slots, "risk_alert": self.alert, "rehearsal": self.rehearsal},
            message,
            [*before, *earlier, user, *since],
            False,
            None,
            {"name": "walk_form"} if self.in_form else {},
            "action_listen",
        )


def as_events(slots: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in slots.items()]


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(Settings.from_environment(os.environ).policies_dir)


@pytest.fixture
def database(empty_records: Path, tmp_path: Path) -> Iterator[Database]:
    path = shutil.copy(empty_records, tmp_path / "escalations.db")
    with open_database(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def around(library: Library, database: Database) -> Iterator[Surroundings]:
    given = Surroundings(library, database, now=lambda: WEDNESDAY)
    set_up(given)
    yield given
    set_up(None)


@pytest.fixture(scope="session")
def shelf(library: Library) -> Shelf:
    return load_shelf(Settings.from_environment(os.environ).rehearsals_dir, library)


@pytest.fixture
def rehearsals(
    library: Library, shelf: Shelf, empty_rooms: Path, tmp_path: Path
) -> Iterator[RehearsalSurroundings]:
    """The rooms, empty; nothing of the records is in reach of what uses them."""
    path = shutil.copy(empty_rooms, tmp_path / "rehearsals.db")
    with open_rooms(f"sqlite:///{path}") as rooms:
        given = RehearsalSurroundings(library, shelf, rooms, lambda: WEDNESDAY)
        set_up_rehearsals(given)
        yield given
        set_up_rehearsals(None)


@pytest.fixture
def run_action(around: Surroundings) -> Callable[[Action, Tracker], Outcome]:
    """Runs an action and gives what it said and did."""

    def run(action: Action, tracker: Tracker) -> Outcome:
        dispatcher = CollectingDispatcher()
        events = action.run(dispatcher, tracker, {})
        for message in dispatcher.messages:
            for button in message["buttons"]:
                assert json.loads(button["payload"])["intent"], button
        return Outcome(dispatcher.messages, list(events))

    return run


@pytest.fixture
def conversation() -> type[Conversation]:
    return Conversation


@pytest.fixture
def walk_of(around: Surroundings) -> Callable[..., Walk]:
    """A walk with these answers, as the validator would have left it."""

    def make(policy: str | None = None, **answers: str) -> Walk:
        walk = Walk()
        if policy is not None:
            version = around.library.get(policy).document.label
            walk = Walk(answers=(("policy", policy),), version=version)
        for fact, value in answers.items():
            walk = walk.taking(around, fact, value)
        return walk

    return make


@pytest.fixture
def raised(around: Surroundings) -> Callable[..., str]:
    """Records a case for a person, and gives its reference."""

    def write(
        policy: str = "sandwell", stage: str = "s2", person: str = "me", **answers: str
    ) -> str:
        found = around.library.get(policy)
        first = found.facts["matter"].options[0].value
        said = [("imminent", "no"), ("matter", first), ("stage", stage), *answers.items()]
        now = around.now()
        new = new_escalation(found, "hash", decide(found, dict(said), now), said, None, now)
        with around.database.session() as session:
            key = f"{person}:{policy}:{stage}"
            return record_escalation(session, key=key, person=person, now=now, new=new).reference

    return write


@pytest.fixture
def world(rehearsals):
    return rehearsals.shelf.get(REHEARSED)


@pytest.fixture
def rehearse(run_action, rehearsals):
    """What a tap of a rehearsal brings, each message with its own id."""
    return lambda talk, what: run_action(ActionRehearse(), talk.hears(tap=("rehearsal", what)))


@pytest.fixture
def going(conversation, rehearse):
    """A conversation in which a rehearsal was begun."""
    talk = conversation(in_form=False, rehearsal={"reference": "REH-2026-0001"})
    rehearse(talk, f"start:{REHEARSED}")
    return talk
