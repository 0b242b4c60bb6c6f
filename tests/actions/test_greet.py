from datetime import UTC, datetime

from actions.greet import ActionGreet, ActionNotUnderstood
from bot.records.drafts import save_draft


def test_hello_puts_safety_first_and_offers_both_sides(run_action, conversation):
    outcome = run_action(ActionGreet(), conversation(in_form=False).hears("hello"))
    assert outcome.responses == ["utter_conversation_greet"]
    assert outcome.titles == ["I disagree with a decision", "We have received an escalation"]


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


def test_what_was_not_understood_is_said_with_ways_on(run_action, conversation):
    outcome = run_action(ActionNotUnderstood(), conversation(in_form=False).hears("blub"))
    assert outcome.responses == ["utter_conversation_not_understood"]
    assert "What can you do?" in outcome.titles
