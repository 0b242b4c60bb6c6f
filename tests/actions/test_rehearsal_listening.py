"""Words typed in a rehearsal: a move, an answer to what was asked, or neither."""

import pytest

from actions.rehearsing import ActionRehearse


@pytest.mark.parametrize(
    ("words", "hears"),
    [
        ("how is the baby growing?", "not gained weight"),
        ("i'd go to my manager", "Is this what you decide?"),
        ("stop", "End the rehearsal here?"),
        ("what is an IRO?", "Independent Reviewing Officer"),
    ],
)
def test_words_are_heard(run_action, going, words, hears):
    assert hears in run_action(ActionRehearse(), going.hears(words)).everything


def test_words_that_are_nothing_are_said_to_be_so(run_action, going):
    outcome = run_action(ActionRehearse(), going.hears("purple"))
    assert outcome.responses == ["utter_rehearsal_not_understood"]
    assert "Ask about the case" in outcome.every_title


@pytest.mark.parametrize(
    ("words", "response"),
    [
        pytest.param("?", "utter_rehearsal_help", id="a question mark"),
        pytest.param("\N{GRINNING FACE}", "utter_rehearsal_help", id="a face"),
        pytest.param("help", "utter_rehearsal_help", id="help"),
        pytest.param("what did the school say?", "utter_rehearsal_no_such_question", id="asked"),
    ],
)
def test_who_is_lost_is_told_what_can_be_done(run_action, going, words, response):
    outcome = run_action(ActionRehearse(), going.hears(words))
    assert response in outcome.responses
    assert outcome.every_title


def test_a_question_that_nobody_can_answer_brings_those_that_somebody_can(run_action, going, world):
    outcome = run_action(ActionRehearse(), going.hears("what did the school say?"))
    assert world.facts["weight"].label in outcome.every_title


@pytest.mark.parametrize("words", ["ok", "yes", "thank you", "rehearse"])
def test_a_nod_is_no_mistake(run_action, going, words):
    outcome = run_action(ActionRehearse(), going.hears(words))
    assert outcome.responses == []
    assert "Thursday 17 December 2026 at 14:00" in outcome.everything


def test_a_wish_of_real_work_is_not_for_a_rehearsal(run_action, going):
    message = going.hears("my escalations", intent="list_cases", confidence=0.9)
    outcome = run_action(ActionRehearse(), message)
    assert outcome.responses == ["utter_rehearsal_real_wish"]
    assert "Put it aside for now" in outcome.every_title


# --- what was asked, answered in words


@pytest.fixture
def answers(run_action):
    """What the next words bring: the slot is as the last message left it."""

    def answer(talk, asked, words):
        talk.rehearsal = run_action(ActionRehearse(), talk.hears(asked)).slots()["rehearsal"]
        return run_action(ActionRehearse(), talk.hears(words))

    return answer


@pytest.mark.parametrize(
    ("words", "hears"),
    [
        pytest.param("yes", "Stage 2", id="yes"),
        pytest.param("ok", "Stage 2", id="ok"),
        pytest.param("no", "Thursday 17 December 2026 at 14:00", id="no"),
        pytest.param("how is the baby growing?", "not gained weight", id="something else"),
    ],
)
def test_a_decision_that_is_asked_back_is_answered_in_words(answers, going, words, hears):
    outcome = answers(going, "i'd go to my manager", words)
    assert hears in outcome.everything
    assert outcome.slots()["rehearsal"] == {"reference": "REH-2026-0001"}


def test_whether_to_end_is_answered_in_words(answers, going):
    assert "debrief" not in answers(going, "stop", "no").everything
    outcome = answers(going, "stop", "yes")
    assert "debrief" in outcome.everything
    assert outcome.slots()["rehearsal"] is None
