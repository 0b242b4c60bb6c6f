"""What a reminder says, and what it keeps to itself."""

from datetime import date
from typing import get_args

import pytest

from bot.policy.terms import Strength
from bot.records.words import ReminderKind
from bot.reminders.words import body_of, subject_of

GIVEN = {
    "reference": "ESC-2026-0007", "stage": "Stage 2", "kind": "overdue",
    "due": date(2026, 11, 19), "strength": "must", "indicative": False, "recipient": "person",
}  # fmt: skip


@pytest.mark.parametrize("kind", get_args(ReminderKind))
def test_the_subject_has_nothing_of_the_case_but_its_reference(kind):
    subject = subject_of("ESC-2026-0007", kind)
    assert subject.startswith("ESC-2026-0007: a time limit ")
    assert "Stage" not in subject
    assert "2026-11" not in subject


@pytest.mark.parametrize("kind", get_args(ReminderKind))
@pytest.mark.parametrize("strength", get_args(Strength))
def test_a_should_is_never_a_must(kind, strength):
    body = body_of(**{**GIVEN, "kind": kind, "strength": strength})
    assert ("must" in body) == (strength == "must")
    assert ("should" in body) == (strength == "should")
    assert "Thursday 19 November 2026" in body
    assert "Stage 2" in body


def test_a_guide_is_called_one():
    assert "This date is a guide." in body_of(**{**GIVEN, "indicative": True})
    assert "guide" not in body_of(**GIVEN)


def test_only_what_is_late_asks_to_act_now():
    assert "Act now and tell your manager." in body_of(**GIVEN)
    assert "Act now" not in body_of(**{**GIVEN, "kind": "due_soon"})
    assert "your manager" not in body_of(**{**GIVEN, "recipient": "manager"})
