"""Faults of ours: plain words, the place kept, nothing called recorded, the next try works."""

import os
import re

import pytest
import sqlalchemy as sa
from talk import Talk

from actions import ask, record, risk, validate
from actions.state import Walk
from bot.records.database import Database
from bot.records.errors import DatabaseUnavailableError
from bot.records.tables import EscalationRow

SANDWELL = {"policy": "sandwell", "stage": "s1"}
MESSAGE = "22222222-2222-2222-2222-222222222222"


def escalations(around):
    with around.database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(EscalationRow))


def fails(*_, **__):
    raise RuntimeError("SELECT secret FROM table")


def unavailable(*_, **__):
    raise DatabaseUnavailableError("The disk is full.")


def assert_plain_fault(talk: Talk):
    assert talk.texts
    assert "secret" not in talk.said
    assert "Traceback" not in talk.said
    assert "Recorded as" not in talk.said


@pytest.fixture
def breaks(assistant, monkeypatch):
    """Makes an action fail as a whole, wherever in it the fault may be."""

    def break_action(name: str) -> None:
        monkeypatch.setitem(assistant.action_endpoint._executor.actions, name, fails)

    return break_action


@pytest.mark.parametrize(
    "broken", ["action_start_walk", "action_ask_walk_answer", "validate_walk_form"]
)
async def test_a_fault_as_the_form_begins_is_said_and_the_next_try_works(
    walker, monkeypatch, breaks, broken
):
    await walker.talk.say("hello")
    breaks(broken)
    await walker.talk.tap("I disagree")
    assert_plain_fault(walker.talk)
    assert "went wrong" in walker.talk.said
    monkeypatch.undo()
    await walker.talk.say("I want to start an escalation")
    walker.heed()
    assert (await walker.asked()).fact == "imminent"
    assert await walker.talk.loop() == "walk_form"
    await walker.to("check", SANDWELL)


@pytest.mark.parametrize(
    "fact", ["imminent", "policy", "area", "manager_aware", "summary", "check"]
)
async def test_a_fault_in_the_validator_keeps_the_place(walker, monkeypatch, fact):
    await walker.begin()
    asked = await walker.to(fact, SANDWELL)
    answers = await walker.answers()
    monkeypatch.setattr(validate, "read", fails)
    await walker.talk.say("yesterday")
    assert_plain_fault(walker.talk)
    assert "Something went wrong on my side" in walker.talk.said
    assert (await walker.asked(), await walker.answers()) == (asked, answers)
    assert await walker.talk.loop() == "walk_form"
    monkeypatch.undo()
    prefer = {**SANDWELL, "check": "record"}
    await walker.answer(asked, prefer)
    assert (await walker.answers())[fact]


@pytest.mark.parametrize("fact", ["imminent", "policy", "area", "summary"])
async def test_a_fault_in_the_asking_action_keeps_the_answer_and_the_place(
    walker, monkeypatch, fact
):
    await walker.begin()
    asked = await walker.to(fact, SANDWELL)
    monkeypatch.setattr(ask, "buttons_of", fails)
    await walker.answer(asked, SANDWELL)
    assert_plain_fault(walker.talk)
    assert fact in await walker.answers()
    assert await walker.talk.loop() == "walk_form"
    now = await walker.asked()
    monkeypatch.undo()
    await walker.talk.say("what do you mean by that")
    assert await walker.talk.loop() == "walk_form"
    if now.kind == "choice":
        assert now.ask in walker.talk.texts
        assert walker.talk.buttons


async def test_a_fault_in_the_recording_action_records_nothing_and_keeps_the_answers(
    walker, monkeypatch, around
):
    await walker.begin()
    await walker.to("check", SANDWELL)
    answers = await walker.answers()
    monkeypatch.setattr(record, "write", fails)
    await walker.talk.choose("check", "record")
    assert_plain_fault(walker.talk)
    assert "Nothing has been recorded" in walker.talk.said
    assert escalations(around) == 0
    assert await walker.answers() == answers
    assert (await walker.asked()).fact == "check"
    assert (await walker.asked()).ask in walker.talk.texts
    monkeypatch.undo()
    await walker.tap("check", "record")
    assert walker.reference()
    assert escalations(around) == 1


async def test_a_fault_in_the_risk_action_still_says_to_call_for_help(walker, monkeypatch):
    await walker.begin()
    asked = await walker.to("area", SANDWELL)
    monkeypatch.setattr(risk, "begin", fails)
    await walker.talk.say("he has a knife and is in the house")
    assert "999" in walker.talk.said
    assert_plain_fault(walker.talk)
    assert await walker.asked() == asked
    monkeypatch.undo()
    await walker.tap("area", asked.choices[0].value)
    assert "area" in await walker.answers()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("action_answer_question", "what counts as a working day?"),
        ("action_go_back", "back"),
        ("action_change_answer", "change an answer"),
        ("action_start_again", "start again"),
        ("action_stop_walk", "stop"),
    ],
)
async def test_a_fault_in_any_other_action_keeps_the_place(
    walker, monkeypatch, breaks, action, words
):
    await walker.begin()
    asked = await walker.to("area", SANDWELL)
    answers = await walker.answers()
    breaks(action)
    await walker.talk.say(words)
    assert_plain_fault(walker.talk)
    assert "Something went wrong" in walker.talk.said
    monkeypatch.undo()
    assert await walker.talk.loop() == "walk_form"
    assert (await walker.asked(), await walker.answers()) == (asked, answers)
    await walker.talk.choose("area", asked.choices[0].value)
    assert "area" in await walker.answers()


async def test_a_database_that_cannot_be_written_records_nothing_and_then_records_once(
    walker, monkeypatch, around
):
    await walker.begin()
    await walker.to("check", SANDWELL)
    answers = await walker.answers()
    monkeypatch.setattr(record, "record_escalation", unavailable)
    await walker.talk.choose("check", "record")
    assert "Nothing has been recorded" in walker.talk.said
    assert "ESC-" not in walker.talk.said
    assert await walker.answers() == answers
    monkeypatch.undo()
    await walker.tap("check", "record")
    reference = walker.reference()
    await walker.talk.choose("check", "record")
    assert escalations(around) == 1
    assert reference


async def test_a_database_lost_in_the_middle_of_the_walk_loses_no_answer(
    walker, monkeypatch, around
):
    await walker.begin()
    asked = await walker.to("area", SANDWELL)
    answers = await walker.answers()
    monkeypatch.setattr(Database, "session", unavailable)
    await walker.talk.choose("area", asked.choices[0].value)
    assert "Something went wrong on my side" in walker.talk.said
    assert (await walker.asked(), await walker.answers()) == (asked, answers)
    monkeypatch.undo()
    await walker.tap("area", asked.choices[0].value)
    assert await walker.record(SANDWELL)
    assert escalations(around) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write a read-only file")
async def test_a_file_that_becomes_read_only_records_nothing(walker, around, records_file):
    await walker.begin()
    await walker.to("check", SANDWELL)
    records_file.chmod(0o400)
    around.database.close()
    await walker.talk.choose("check", "record")
    records_file.chmod(0o600)
    assert "ESC-" not in walker.talk.said
    assert escalations(around) == 0


async def test_tables_that_are_gone_record_nothing(walker, around):
    await walker.begin()
    await walker.to("check", SANDWELL)
    with around.database.session() as session:
        session.execute(sa.text("ALTER TABLE escalation RENAME TO hidden"))
    await walker.talk.choose("check", "record")
    assert "ESC-" not in walker.talk.said
    assert "Nothing has been recorded" in walker.talk.said
    with around.database.session() as session:
        session.execute(sa.text("ALTER TABLE hidden RENAME TO escalation"))
    await walker.talk.choose("check", "record")
    assert walker.reference()
    assert escalations(around) == 1


async def test_the_confirmation_sent_twice_writes_one_escalation(walker, around):
    await walker.begin()
    await walker.to("check", SANDWELL)
    buttons = walker.talk.messages
    await walker.talk.tap("Yes, record", message_id=MESSAGE)
    reference = walker.reference()
    walker.talk.messages = buttons
    await walker.talk.tap("Yes, record", message_id=MESSAGE)
    walker.heed()
    assert set(re.findall(r"ESC-\d{4}-\d{4}", walker.talk.said)) <= {reference}
    assert escalations(around) == 1


async def test_a_walk_that_lost_its_confirmation_is_never_recorded(walker, around, monkeypatch):
    await walker.begin()
    await walker.to("check", SANDWELL)
    monkeypatch.setattr(
        validate, "completion", lambda *_: [validate.SlotSet("requested_slot", None)]
    )
    await walker.talk.say("hmm")
    assert escalations(around) == 0
    assert "Recorded as" not in walker.talk.said
    assert isinstance(await walker.walk(), Walk)
