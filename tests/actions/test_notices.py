"""Reminders shown in the conversation: each once, and again where that could not be written."""

import json
from datetime import UTC, datetime

import pytest

from actions import notices
from actions.greet import ActionGreet
from bot.records.errors import DatabaseUnavailableError
from bot.records.post import Notice

NOTICE = Notice(
    id=7, reference="ESC-2026-0001", stage="s1", key="reply", kind="overdue", subject="late",
    body="ESC-2026-0001, Stage 1. It was due yesterday.",
    sent_at=datetime(2026, 11, 18, tzinfo=UTC),
)  # fmt: skip


@pytest.fixture
def marked(monkeypatch):
    """The ids that were remembered as shown, with one notice waiting."""
    seen = []
    monkeypatch.setattr(notices, "notices_for", lambda session, person: (NOTICE,))
    monkeypatch.setattr(
        notices, "mark_seen", lambda session, person, notices, now: seen.extend(notices)
    )
    return seen


def test_a_waiting_reminder_comes_before_the_greeting(run_action, conversation, marked):
    outcome = run_action(ActionGreet(), conversation(in_form=False).hears("hello"))
    assert outcome.responses == ["utter_case_reminder", "utter_conversation_greet"]
    reminder = outcome.said("utter_case_reminder")
    assert reminder["reminder"] == NOTICE.body
    assert [button["title"] for button in reminder["buttons"]] == [
        "Mark as met", "Not agreed", "Remind me tomorrow",
    ]  # fmt: skip
    about = {json.loads(button["payload"])["choice"]["raw"] for button in reminder["buttons"]}
    assert about == {"ESC-2026-0001 s1/reply"}
    assert marked == [7]


def test_a_reminder_can_be_answered_in_a_walk_too(run_action, conversation, marked):
    outcome = run_action(ActionGreet(), conversation(in_form=True).hears("hello"))
    assert len(outcome.said("utter_case_reminder")["buttons"]) == 3


def test_where_it_cannot_be_remembered_the_greeting_still_comes(
    run_action, conversation, marked, monkeypatch, caplog
):
    def fails(*_args, **_named):
        raise DatabaseUnavailableError("locked")

    monkeypatch.setattr(notices, "mark_seen", fails)
    outcome = run_action(ActionGreet(), conversation(in_form=False).hears("hello"))
    assert outcome.responses[-1] == "utter_conversation_greet"
    assert "notices.not_marked" in caplog.text
