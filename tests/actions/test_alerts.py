import pytest
from sqlalchemy import select

from actions.alerts import note_protection, raise_from_message, raise_from_question, settle
from bot.records.tables import RiskAlertRow


def rows(around):
    with around.database.reading() as session:
        return list(session.scalars(select(RiskAlertRow)))


@pytest.fixture
def raised(around, conversation, walk_of):
    """A conversation with one open alert."""
    talk = conversation(walk_of("sandwell", imminent="no"))
    risk = {"tier": "high", "score": 0.9, "matched": ["weapon: has a knife"]}
    tracker = talk.hears("he has a knife", risk=risk, message_id="m1")
    raise_from_message(around, tracker, talk.walk, "high", "typed")
    return tracker, talk.walk


def test_an_alert_says_what_set_it_off_and_under_which_policy(around, raised):
    (row,) = rows(around)
    assert (row.tier, row.source, row.matched) == ("high", "typed", "weapon: has a knife")
    assert (row.policy_id, row.score, row.call_made) == ("sandwell", 0.9, "not_said")
    assert row.settled_at is None


def test_the_same_message_again_makes_no_second_alert(around, raised):
    tracker, walk = raised
    raise_from_message(around, tracker, walk, "high", "typed")
    assert len(rows(around)) == 1


@pytest.mark.parametrize(
    ("fact", "value", "count"),
    [
        ("imminent", "yes", 1),
        ("imminent", "not_sure", 1),
        ("imminent", "no", 0),
        ("area", "yes", 0),
    ],
)
def test_the_first_question_raises_an_alert_unless_the_answer_is_no(
    around, conversation, walk_of, fact, value, count
):
    talk = conversation(walk_of())
    raise_from_question(around, talk.hears(tap=(fact, value)), talk.walk, fact, value)
    assert len(rows(around)) == count


@pytest.mark.parametrize(
    ("value", "settled_as", "call_made"),
    [
        ("yes", "in_danger", "yes"),
        ("no", None, "no"),
        ("not_needed", "not_in_danger", "not_said"),
        ("advice_given", "advice_given", "not_said"),
    ],
)
def test_what_became_of_it_is_kept(around, raised, value, settled_as, call_made):
    settle(around, raised[0], value)
    (row,) = rows(around)
    assert (row.settled_as, row.call_made) == (settled_as, call_made)


def test_with_no_alert_open_there_is_nothing_to_settle(around, conversation):
    settle(around, conversation().hears("yes"), "yes")
    assert rows(around) == []


def test_only_the_protective_action_settles_an_alert(around, raised):
    note_protection(around, raised[0], "stage", "yes")
    assert rows(around)[0].settled_as is None
    note_protection(around, raised[0], "protected", "yes")
    assert rows(around)[0].settled_as == "in_danger"
