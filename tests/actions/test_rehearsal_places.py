"""A place in a rehearsal holds nobody: it can be put aside, left while paused, lost."""

from dataclasses import replace

import pytest

from actions.rehearsing import ActionRehearse
from actions.rooms import set_up_rehearsals
from bot.databases.errors import DatabaseUnavailableError
from bot.rehearsal.state import Entry


def test_it_is_put_aside_and_taken_up_again(run_action, rehearse, going):
    outcome = rehearse(going, "aside")
    assert outcome.responses == ["utter_rehearsal_put_aside"]
    assert outcome.slots()["rehearsal"] is None
    assert "Go on with REH-2026-0001" in rehearse(going, "list").every_title
    assert rehearse(going, "resume").slots()["rehearsal"] == {"reference": "REH-2026-0001"}


def test_what_a_page_asks_for_by_itself_draws_nobody_into_it_again(rehearse, going):
    going.rehearsal = None  # put aside in another window
    outcome = rehearse(going, "news")
    assert (outcome.messages, outcome.events) == ([], [])


def test_a_button_for_an_intent_is_of_real_work(run_action, going):
    tapped = going.hears(
        "Back to real work", intent="greet", confidence=1.0, ranking={"greet": 1.0}
    )
    outcome = run_action(ActionRehearse(), tapped)
    assert outcome.responses == ["utter_rehearsal_real_button"]
    assert outcome.every_title[1] == "Put it aside for now"


@pytest.mark.parametrize("what", ["look", "leave_now", "more:ask", "choose:to_stage_two"])
def test_a_rehearsal_whose_policy_is_gone_holds_nobody(rehearse, going, rehearsals, what):
    others = {id_: found for id_, found in rehearsals.library.versions.items() if id_ != "jersey"}
    set_up_rehearsals(replace(rehearsals, library=replace(rehearsals.library, versions=others)))
    outcome = rehearse(going, what)
    assert outcome.responses == ["utter_rehearsal_cannot_go_on"]
    assert outcome.slots()["rehearsal"] is None
    assert outcome.every_title == ["Rehearse something else", "Delete this rehearsal"]
    assert "Go on with" not in str(rehearse(going, "list").every_title)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"text": "stop"}, id="words"),
        pytest.param({"tap": ("rehearsal", "leave_now")}, id="a button"),
    ],
)
def test_while_the_rehearsals_are_out_of_reach_there_is_a_way_to_real_work(
    run_action, rehearse, going, rehearsals, monkeypatch, message
):
    def unavailable(**_):
        raise DatabaseUnavailableError("The disk is full.")

    monkeypatch.setattr(rehearsals.rooms, "place_of", unavailable)
    outcome = run_action(ActionRehearse(), going.hears(**message))
    assert outcome.responses == ["utter_rehearsal_out_of_reach"]
    assert outcome.messages[-1]["custom"] == {"rehearsal": "REH-2026-0001"}
    assert outcome.every_title == ["Try again", "Back to real work"]
    assert rehearse(going, "aside").slots()["rehearsal"] is None


# --- paused


@pytest.fixture
def paused(run_action, rehearsals, world, conversation):
    """A conversation in a room that its facilitator has paused."""
    opened = rehearsals.rooms.open_led(world=world, now=rehearsals.now())
    talk = conversation(in_form=False, rehearsal={"reference": "REH-2026-0001"})
    run_action(ActionRehearse(), talk.hears(f"join {opened.room.code}"))
    rehearsals.rooms.lead(
        room_id=opened.room.id, key=opened.key, now=rehearsals.now(), library=rehearsals.library,
        entry=Entry("pause"),
    )  # fmt: skip
    return talk


@pytest.mark.parametrize("what", ["news", "look", "more:ask", "choose:to_stage_two"])
def test_while_it_is_paused_nothing_is_offered_that_cannot_be_done(rehearse, paused, what):
    outcome = rehearse(paused, what)
    assert outcome.every_title == ["See whether it goes on", "End the rehearsal"]
    assert "What do you do?" not in outcome.everything


def test_words_while_it_is_paused_are_told_so(run_action, paused):
    outcome = run_action(ActionRehearse(), paused.hears("how is the baby growing?"))
    assert "has paused the rehearsal" in outcome.everything
    assert outcome.responses == []


def test_whoever_has_to_go_can_end_a_paused_rehearsal(rehearse, paused):
    outcome = rehearse(paused, "leave_now")
    assert outcome.slots()["rehearsal"] is None
    assert outcome.responses == [
        "utter_rehearsal_debrief_file",
        "utter_rehearsal_over",
    ]


def test_an_old_debrief_that_cannot_be_made_again_leaves_what_goes_on_alone(
    rehearse, going, rehearsals
):
    rehearse(going, "leave_now")
    [old] = rehearsals.rooms.places_of(holder=going.person)
    rehearse(going, "start:plymouth_end_of_the_plan")
    others = {id_: found for id_, found in rehearsals.library.versions.items() if id_ != "jersey"}
    set_up_rehearsals(replace(rehearsals, library=replace(rehearsals.library, versions=others)))
    outcome = rehearse(going, f"debrief:{old.id}")
    assert "policy is not here any more" in outcome.everything
    assert outcome.every_title == ["Delete this rehearsal"]
    assert outcome.events == []
    assert rehearsals.rooms.place_of(holder=going.person).reference == "REH-2026-0002"
