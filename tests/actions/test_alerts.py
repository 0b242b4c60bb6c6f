import pytest
from sqlalchemy import select

from actions.alerts import raise_from_message, raise_from_question, settle, upgrade
from actions.validate import note_risk
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
    alert = raise_from_message(around, tracker, talk.walk, "high", "typed")
    return tracker, talk.walk.alerted(alert.id)


def test_an_alert_says_what_set_it_off_and_under_which_policy(around, raised):
    (row,) = rows(around)
    assert (row.tier, row.source, row.matched) == ("high", "typed", "weapon: has a knife")
    assert (row.policy_id, row.score, row.call_made) == ("sandwell", 0.9, "not_said")
    assert row.settled_at is None


def test_the_same_message_again_makes_no_second_alert(around, raised):
    tracker, walk = raised
    raise_from_message(around, tracker, walk, "high", "typed")
    assert len(rows(around)) == 1


@pytest.mark.parametrize(("value", "count"), [("yes", 1), ("not_sure", 1), ("no", 0)])
def test_the_first_question_raises_an_alert_unless_the_answer_is_no(
    around, conversation, walk_of, value, count
):
    talk = conversation(walk_of())
    walk = note_risk(around, talk.hears(tap=("imminent", value)), talk.walk, "imminent", value)
    assert [row.id for row in rows(around)] == list(walk.alerts)
    assert len(walk.alerts) == count


def test_the_first_question_raises_no_second_alert_while_one_is_open(around, raised):
    tracker, walk = raised
    assert raise_from_question(around, tracker, walk) == walk.alerts[0]
    assert len(rows(around)) == 1


def test_no_after_all_settles_what_was_raised(around, raised):
    tracker, walk = raised
    note_risk(around, tracker, walk, "imminent", "no")
    assert rows(around)[0].settled_as == "not_in_danger"


def test_a_doubtful_alert_can_become_certain(around, conversation, walk_of):
    talk = conversation(walk_of("sandwell"))
    low = {"tier": "low", "score": 0.5, "matched": ["worry"]}
    alert = raise_from_message(around, talk.hears("x", risk=low), talk.walk, "low", "typed")
    high = {"tier": "high", "score": 0.95, "matched": ["weapon: has a knife"]}
    upgrade(around, talk.hears("y", risk=high, message_id="m2"), alert.id)
    (row,) = rows(around)
    assert row.tier == "high"
    assert "worry" in row.matched
    assert "knife" in row.matched


@pytest.mark.parametrize(
    ("value", "settled_as", "call_made"),
    [
        ("yes", "in_danger", "yes"),
        ("no", None, "no"),
        ("not_needed", "not_in_danger", "not_said"),
        ("not_confirmed", "in_danger", "no"),
        ("advice_given", "advice_given", "not_said"),
    ],
)
def test_what_became_of_it_is_kept(around, raised, value, settled_as, call_made):
    assert settle(around, raised[0], raised[1].alerts, value)
    (row,) = rows(around)
    assert (row.settled_as, row.call_made) == (settled_as, call_made)


def test_with_no_alert_open_there_is_nothing_to_settle(around, conversation):
    assert not settle(around, conversation().hears("yes"), ["none"], "yes")
    assert rows(around) == []


def test_only_the_alerts_that_are_meant_are_settled(around, raised):
    assert not settle(around, raised[0], ["another"], "yes")
    assert rows(around)[0].settled_as is None
