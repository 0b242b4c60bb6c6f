from datetime import UTC, datetime

import pytest

from actions.greet import ActionGreet, ActionNotUnderstood
from bot.records.drafts import save_draft


def test_hello_puts_safety_first_and_offers_both_sides(run_action, conversation):
    outcome = run_action(ActionGreet(), conversation(in_form=False).hears("hello"))
    assert outcome.responses == ["utter_conversation_greet"]
    assert outcome.titles == [
        "I disagree with a decision",
        "We have received an escalation",
        "Practise on an invented case",
    ]


def test_who_has_a_draft_may_carry_on(run_action, conversation, around):
    talk = conversation(in_form=False)
    with around.database.session() as session:
        save_draft(
            session,
            draft=None,
            person=talk.person,
            policy_id="jersey",
            policy_version="October 2014",
            phase="walk",
            answers=(("policy", "jersey"),),
            now=datetime(2026, 11, 18, tzinfo=UTC),
        )
    assert "Carry on where I stopped" in run_action(ActionGreet(), talk.hears("hello")).titles
    stranger = conversation(in_form=False)
    assert "Carry on where I stopped" not in run_action(ActionGreet(), stranger.hears("hi")).titles


def turn(said: str | None) -> list[dict]:
    """A message, and the response that it got."""
    bot = {"event": "bot", "text": "words", "metadata": {"utter_action": said}}
    return [{"event": "user", "text": "blub", "parse_data": {}}, bot]


MISSED = turn("utter_conversation_not_understood")


def test_what_was_not_understood_is_said_with_the_likeliest_ways_on(run_action, conversation):
    ranking = {"nlu_fallback": 0.7, "ask_form": 0.2, "ask_contact": 0.15, "greet": 0.1, "x": 0.1}
    tracker = conversation(in_form=False).hears("blub", ranking=ranking)
    outcome = run_action(ActionNotUnderstood(), tracker)
    assert outcome.responses == ["utter_conversation_not_understood"]
    assert outcome.titles[:2] == ["Which form?", "Who do I contact?"]
    assert outcome.titles[-1] == "What can you do?"


def test_what_is_not_likely_at_all_is_not_offered(run_action, conversation):
    tracker = conversation(in_form=False).hears("blub", ranking={"ask_form": 0.01})
    assert "Which form?" not in run_action(ActionNotUnderstood(), tracker).titles


@pytest.mark.parametrize(
    ("earlier", "response"),
    [
        pytest.param([], "utter_conversation_not_understood", id="the first time"),
        pytest.param(MISSED, "utter_conversation_not_understood", id="the second time"),
        pytest.param(MISSED * 2, "utter_conversation_ask_a_person", id="the third time"),
        pytest.param(
            [*MISSED * 2, *turn("utter_conversation_ask_a_person")],
            "utter_conversation_ask_a_person",
            id="and every time after",
        ),
        pytest.param(
            [*MISSED * 2, *turn("utter_question_help")],
            "utter_conversation_not_understood",
            id="not after an answer",
        ),
        pytest.param(
            [*MISSED, *turn("utter_walk_not_an_answer")],
            "utter_conversation_ask_a_person",
            id="a miss inside a walk counts too",
        ),
    ],
)
def test_a_third_time_in_a_row_it_says_whom_to_ask(run_action, conversation, earlier, response):
    tracker = conversation(in_form=False).hears("blub", earlier=earlier)
    assert run_action(ActionNotUnderstood(), tracker).responses == [response]
