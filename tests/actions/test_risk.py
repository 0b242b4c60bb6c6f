from dataclasses import replace

import pytest

from actions.alerts import raise_from_message
from actions.risk import ActionRisk
from bot.records.alerts import open_alerts
from bot.records.database import Database
from bot.records.errors import DatabaseUnavailableError

HIGH = {"tier": "high", "score": 0.9, "matched": ["weapon"]}
LOW = {"tier": "low", "score": 0.5, "matched": ["worry"]}
OPEN_HIGH, OPEN_LOW = {"tier": "high", "asked": 1}, {"tier": "low", "asked": 1}
DONE = [
    "Yes, done",
    "Not yet: show me the advice again",
    "I cannot do it now: go on",
    "Nobody is at risk now",
]
IN_DANGER = ["No", "Yes", "I am not sure"]


@pytest.fixture
def risk(run_action):
    return lambda tracker: run_action(ActionRisk(), tracker)


@pytest.fixture
def waiting(around, conversation):
    """A conversation with an alert that is written and waits for its answer."""

    def make(walk=None, *, alert=OPEN_HIGH, **kind):
        talk = conversation(*([walk] if walk else []), **kind)
        tracker = talk.hears("...", risk={**HIGH, "tier": alert["tier"]}, message_id="first")
        raised = raise_from_message(around, tracker, talk.walk, alert["tier"], "typed")
        return replace(talk, alert={**alert, "id": raised.id})

    return make


@pytest.mark.parametrize(("found", "titles"), [(HIGH, DONE), (LOW, IN_DANGER)])
def test_the_advice_comes_first_and_then_one_question(risk, conversation, walk_of, found, titles):
    outcome = risk(conversation(walk_of("jersey")).hears("...", risk=found))
    assert "999" in str(outcome.cards[0])
    assert outcome.titles == titles
    slot = outcome.slots()["risk_alert"]
    assert (slot["tier"], slot["asked"]) == (found["tier"], 1)
    assert slot["id"] in outcome.slots()["walk_case"]["alerts"]


def test_without_a_policy_the_general_advice_is_shown(risk, conversation):
    outcome = risk(conversation(in_form=False).hears("...", risk=HIGH))
    assert "999" in str(outcome.cards[0])


def test_an_alert_that_cannot_be_written_is_owned_up_to_after_the_advice(
    risk, conversation, monkeypatch
):
    def broken(_self, patience=None):
        raise DatabaseUnavailableError("full")

    monkeypatch.setattr(Database, "session", broken)
    outcome = risk(conversation().hears("...", risk=HIGH))
    assert "999" in str(outcome.cards[0])
    assert outcome.responses == ["utter_risk_not_recorded"]
    assert outcome.slots()["risk_alert"]


@pytest.mark.parametrize("said", ["yes", "Nobody is at risk now"])
def test_what_was_done_and_cannot_be_recorded_is_never_called_recorded(
    risk, conversation, monkeypatch, said
):
    def broken(_self, patience=None):
        raise DatabaseUnavailableError("full")

    monkeypatch.setattr(Database, "session", broken)
    outcome = risk(conversation(alert=OPEN_HIGH).hears(said))
    assert outcome.responses == ["utter_risk_not_recorded"]
    assert outcome.slots()["risk_alert"] is None


@pytest.mark.parametrize(
    ("alert", "said", "tier", "titles"),
    [
        (OPEN_LOW, "yes", "high", DONE),
        (OPEN_LOW, "I am not sure", "high", DONE),
        (OPEN_HIGH, "not yet", "high", DONE),
        (OPEN_HIGH, "no", "high", DONE),
        (OPEN_HIGH, "blue", "high", DONE),
        (OPEN_LOW, "blue", "low", IN_DANGER),
    ],
)
def test_an_alert_stays_open_until_it_is_answered(
    risk, waiting, walk_of, alert, said, tier, titles
):
    talk = waiting(walk_of("sandwell", imminent="no"), alert=alert)
    outcome = risk(talk.hears(said))
    assert outcome.slots()["risk_alert"]["tier"] == tier
    assert outcome.titles == titles
    assert bool(outcome.cards) == (said != "blue")


@pytest.mark.parametrize(
    ("alert", "said", "response"),
    [
        (OPEN_LOW, "no", "utter_risk_not_needed"),
        (OPEN_HIGH, "yes", "utter_risk_done"),
        (OPEN_HIGH, "Nobody is at risk now", "utter_risk_not_needed"),
        ({"tier": "high", "asked": 2}, "blue", "utter_risk_not_confirmed"),
        ({"tier": "low", "asked": 2}, "blue", "utter_risk_advice_given"),
    ],
)
def test_an_answer_closes_the_alert(risk, waiting, walk_of, alert, said, response):
    talk = waiting(walk_of("sandwell", imminent="no"), alert=alert)
    outcome = risk(talk.hears(said))
    assert outcome.responses == [response]
    assert outcome.slots()["risk_alert"] is None


def test_a_button_of_the_walk_is_no_answer_to_the_alert(risk, conversation, walk_of):
    talk = conversation(walk_of("sandwell", imminent="no"), alert=OPEN_HIGH)
    outcome = risk(talk.hears("Yes", tap=("matter", "yes")))
    assert outcome.responses == ["utter_risk_ask_first"]


def test_danger_said_to_an_open_question_shows_the_advice_again(risk, conversation, walk_of):
    talk = conversation(walk_of("sandwell", imminent="no"), alert={"tier": "low", "asked": 2})
    outcome = risk(talk.hears("he has a knife", risk=HIGH))
    assert "999" in str(outcome.cards[0])
    assert outcome.slots()["risk_alert"]["tier"] == "high"


def test_the_call_that_was_made_is_kept_among_the_answers(risk, waiting, walk_of):
    walk = walk_of("sandwell", imminent="no", matter="another_agency")
    outcome = risk(waiting(walk, alert=OPEN_HIGH).hears("yes"))
    assert outcome.answers["imminent"] == "yes"
    assert outcome.answers["protected"] == "yes"
    assert outcome.answers["matter"] == "another_agency"


def test_outside_a_walk_the_ways_on_are_offered(risk, waiting):
    outcome = risk(waiting(in_form=False, alert=OPEN_HIGH).hears("yes"))
    assert outcome.responses == ["utter_risk_done", "utter_risk_what_next"]
    assert "I disagree with a decision" in outcome.titles


REHEARSAL = {"reference": "REH-2026-0001"}
WHETHER_REAL = ["It is real", "It is part of the rehearsal", "I am not sure"]


@pytest.mark.parametrize("found", [HIGH, LOW])
def test_in_a_rehearsal_the_advice_is_shown_and_it_asks_whether_this_is_real(
    risk, conversation, around, found
):
    talk = conversation(in_form=False, rehearsal=REHEARSAL)
    outcome = risk(talk.hears("he has a knife", risk=found))
    assert "999" in str(outcome.cards[0])
    assert outcome.titles == WHETHER_REAL
    kept = {"rehearsed": found, "words": "he has a knife", "asked": 1}
    assert outcome.slots()["risk_alert"] == kept
    assert open_alerts_of(around, talk) == ()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"tap": ("risk", "yes")}, id="it is real"),
        pytest.param({"tap": ("risk", "not_sure")}, id="not sure counts as real"),
        pytest.param({"text": "he is at the door", "risk": HIGH}, id="told again"),
    ],
)
def test_what_is_real_is_recorded_though_a_rehearsal_runs(risk, conversation, around, answer):
    talk = conversation(in_form=False, rehearsal=REHEARSAL, alert={"rehearsed": HIGH, "asked": 1})
    outcome = risk(talk.hears(**answer))
    assert "999" in str(outcome.cards[0])
    assert outcome.titles == DONE
    (alert,) = open_alerts_of(around, talk)
    assert (alert.tier, alert.matched) == ("high", "weapon")
    assert outcome.slots()["rehearsal"] is None
    assert "utter_rehearsal_stopped_for_real" in outcome.responses


def test_what_is_part_of_the_rehearsal_is_recorded_nowhere_and_is_a_move_of_it(
    risk, conversation, around, rehearsals
):
    world = rehearsals.shelf.get("jersey_before_christmas")
    alert = {"rehearsed": HIGH, "words": "what has the nursery seen", "asked": 1}
    talk = conversation(in_form=False, rehearsal=REHEARSAL, alert=alert)
    rehearsals.rooms.open_alone(world=world, holder=talk.person, now=rehearsals.now())
    outcome = risk(talk.hears(tap=("risk", "no")))
    assert outcome.responses[0] == "utter_risk_rehearsed"
    assert world.facts["nursery"].says in " ".join(outcome.texts)
    assert outcome.slots()["risk_alert"] is None
    assert open_alerts_of(around, talk) == ()


@pytest.mark.parametrize("words", ["part of the rehearsal", "It's not real", "Rehearsal."])
def test_that_it_is_not_real_can_be_typed(risk, conversation, around, rehearsals, words):
    talk = conversation(in_form=False, rehearsal=REHEARSAL, alert={"rehearsed": HIGH, "asked": 1})
    assert "utter_risk_rehearsed" in risk(talk.hears(words)).responses
    assert open_alerts_of(around, talk) == ()


def test_no_clear_answer_is_asked_once_more_and_then_taken_as_real(risk, conversation, around):
    talk = conversation(in_form=False, rehearsal=REHEARSAL, alert={"rehearsed": LOW, "asked": 1})
    outcome = risk(talk.hears("purple"))
    assert outcome.titles == WHETHER_REAL
    again = replace(talk, alert=outcome.slots()["risk_alert"])
    assert risk(again.hears("purple")).titles == DONE
    assert len(open_alerts_of(around, talk)) == 1


@pytest.mark.parametrize(
    "alert",
    [
        pytest.param({"rehearsed": LOW, "words": "", "asked": 2}, id="is it real"),
        pytest.param({"tier": "high", "asked": 2, "id": None}, id="have you done it"),
    ],
)
def test_what_a_second_window_asks_for_by_itself_answers_no_question_about_risk(
    risk, conversation, around, alert
):
    talk = conversation(in_form=False, rehearsal=REHEARSAL, alert=alert)
    outcome = risk(talk.hears(tap=("rehearsal", "news")))
    assert (outcome.messages, outcome.events) == ([], [])
    assert open_alerts_of(around, talk) == ()


def open_alerts_of(around, talk):
    with around.database.reading() as session:
        return tuple(open_alerts(session, conversation=talk.person))
