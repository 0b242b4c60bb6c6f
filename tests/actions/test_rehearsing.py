"""Commands and words of a rehearsal, and what is refused in it."""

import pytest

from actions.rehearsing import ActionRehearse
from bot.rehearsal.state import Entry

TAKES_IT = "jersey_before_christmas"


def test_the_policies_are_offered_and_then_their_cases(rehearse, conversation, rehearsals):
    talk = conversation(in_form=False)
    offered = rehearse(talk, "list").every_title
    assert "Jersey Safeguarding Partnership Board" in offered
    assert {"Join with a code", "More than one policy"} <= {*offered}
    cases = rehearse(talk, "list:jersey").every_title
    assert len(cases) == len(rehearsals.shelf.under("jersey")) + 1
    assert cases[-1] == "Another policy"


def test_a_start_shows_the_briefing_and_what_can_be_done(rehearse, conversation, world):
    talk = conversation(in_form=True)
    outcome = rehearse(talk, f"start:{TAKES_IT}")
    assert world.scenario.briefing in outcome.everything
    assert outcome.cards[0]["title"].startswith("REHEARSAL")
    assert "In the group" not in outcome.everything
    assert outcome.slots()["rehearsal"] == {"reference": "REH-2026-0001"}
    assert {"event": "active_loop", "timestamp": None, "name": None} in outcome.events
    assert all("rehearsal" in message["custom"] for message in outcome.messages)


@pytest.mark.parametrize(
    ("what", "hears"),
    [
        pytest.param("ask:weight", "not gained weight", id="a fact"),
        pytest.param("say:say_reasons", "has run its course", id="a topic"),
        pytest.param("do:write_down", "You write it into", id="a step"),
        pytest.param("choose:to_stage_two", "Stage 2", id="a decision, with the guide's own card"),
        pytest.param("wait", "Friday 18 December 2026 at 09:00", id="a working day"),
        pytest.param("guide", "Jersey Safeguarding Partnership Board", id="the guide"),
        pytest.param("choose:act_now", "not open now", id="what is not possible"),
        pytest.param("more:ask", "What do you want to know?", id="more to ask"),
        pytest.param("more:wait", "Time limits run on", id="how long to wait"),
        pytest.param("leave", "End the rehearsal here?", id="leaving is asked back"),
        pytest.param("news", "Thursday 17 December 2026 at 14:00", id="where it stands"),
    ],
)
def test_a_tap_does_what_it_says(rehearse, going, what, hears):
    assert hears in rehearse(going, what).everything


def test_the_same_message_is_played_once(run_action, going):
    message = going.hears(tap=("rehearsal", "wait"))
    first, second = (run_action(ActionRehearse(), message) for _ in range(2))
    assert first.everything == second.everything
    later = run_action(ActionRehearse(), going.hears(tap=("rehearsal", "news")))
    assert "Friday 18 December" in later.everything


def test_the_end_brings_the_debrief_and_real_work(rehearse, going):
    outcome = rehearse(going, "leave_now")
    assert "debrief" in outcome.everything
    assert outcome.responses == ["utter_rehearsal_debrief_file", "utter_rehearsal_over"]
    assert [file["name"] for file in outcome.files] == ["REH-2026-0001-debrief.docx"]
    assert outcome.slots()["rehearsal"] is None


def test_a_rehearsal_is_deleted_once_that_was_asked(rehearse, going, rehearsals):
    place = rehearsals.rooms.place_of(holder=going.person)
    rehearse(going, "leave_now")
    asked = rehearse(going, f"forget:{place.id}")
    assert asked.every_title == ["Yes, delete it", "No, keep it"]
    assert rehearse(going, "keep").responses == ["utter_rehearsal_kept"]
    assert rehearsals.rooms.places_of(holder=going.person)
    assert rehearse(going, f"forget_now:{place.id}").responses == ["utter_rehearsal_forgotten"]
    assert rehearsals.rooms.places_of(holder=going.person) == ()
    assert "no such place" in rehearse(going, f"forget:{place.id}").everything


def test_a_debrief_is_read_again_and_a_rehearsal_of_ones_own_kept(rehearse, going, rehearsals):
    place = rehearsals.rooms.place_of(holder=going.person)
    over = rehearse(going, "leave_now")
    assert "Keep it longer" in over.every_title
    assert "Debrief of REH-2026-0001" in rehearse(going, "list").every_title
    kept = rehearse(going, f"keep_longer:{place.id}")
    assert kept.responses == ["utter_rehearsal_kept_longer"]
    again = rehearse(going, f"debrief:{place.id}")
    assert "debrief" in again.everything
    assert again.responses[-1] == "utter_rehearsal_looked_back"  # perhaps from another rehearsal
    assert "Keep it longer" not in again.every_title


@pytest.mark.parametrize("old", ["more:ask", "leave", "ask:weight", "choose:to_stage_two", "look"])
def test_an_old_button_after_the_end_shows_the_debrief_and_holds_nobody(rehearse, going, old):
    rehearse(going, "leave_now")
    outcome = rehearse(going, old)
    assert "debrief" in outcome.everything
    assert outcome.slots()["rehearsal"] is None


def test_a_second_one_is_not_begun_over_the_first(rehearse, going):
    outcome = rehearse(going, "start:jersey_liberation_day")
    assert "REH-2026-0001" in outcome.everything
    assert outcome.every_title == ["Go on with it", "End it"]


def test_what_is_refused_in_a_rehearsal_is_marked_as_part_of_it(rehearse, going):
    refused = [rehearse(going, what) for what in ("start:jersey_liberation_day", "join:ZZZ-999")]
    customs = [message["custom"] for outcome in refused for message in outcome.messages]
    assert customs == [{"rehearsal": "REH-2026-0001"}] * 2


def test_a_button_of_real_work_does_nothing(run_action, going, around):
    outcome = run_action(ActionRehearse(), going.hears(tap=("imminent", "no")))
    assert outcome.responses == ["utter_rehearsal_real_button"]
    assert outcome.events == []


def test_an_old_button_of_a_rehearsal_that_is_gone_says_so(rehearse, conversation):
    outcome = rehearse(conversation(in_form=False), "wait")
    assert outcome.responses == ["utter_rehearsal_gone"]
    assert outcome.slots()["rehearsal"] is None


@pytest.mark.parametrize(
    ("what", "hears"),
    [
        ("start:no_such_case", "no scenario here"),
        ("join:ZZZ-999", "No session has this code"),
        ("join:", ""),
    ],
)
def test_what_cannot_be_is_said_plainly(rehearse, conversation, what, hears):
    outcome = rehearse(conversation(in_form=False), what)
    assert hears in outcome.everything
    assert outcome.messages


def test_a_room_is_joined_and_what_the_facilitator_says_is_told(
    run_action, rehearse, conversation, rehearsals, world
):
    opened = rehearsals.rooms.open_led(world=world, now=rehearsals.now())
    talk = conversation(in_form=False, rehearsal={"reference": "REH-2026-0001"})
    outcome = run_action(ActionRehearse(), talk.hears(f"join {opened.room.code}"))
    assert world.scenario.briefing in outcome.everything
    place = rehearsals.rooms.place_of(holder=talk.person)
    assert f"You are {place.alias}." in outcome.everything
    rehearsals.rooms.lead(
        room_id=opened.room.id, key=opened.key, now=rehearsals.now(), library=rehearsals.library,
        entry=Entry("announce", "Five more minutes."),
    )  # fmt: skip
    assert "Five more minutes." in rehearse(talk, "news").everything
    assert "Five more minutes." not in rehearse(talk, "news").everything


def test_when_the_facilitator_ends_it_the_next_words_bring_the_debrief(
    run_action, conversation, rehearsals, world
):
    opened = rehearsals.rooms.open_led(world=world, now=rehearsals.now())
    talk = conversation(in_form=False, rehearsal={"reference": "REH-2026-0001"})
    run_action(ActionRehearse(), talk.hears(f"join {opened.room.code}"))
    rehearsals.rooms.end(
        room_id=opened.room.id, key=opened.key, now=rehearsals.now(), library=rehearsals.library
    )
    outcome = run_action(ActionRehearse(), talk.hears("how is the baby growing?"))
    assert "debrief" in outcome.everything
    assert outcome.slots()["rehearsal"] is None
    later = conversation(in_form=False, person=talk.person).hears("rehearse")
    assert not any("Go on" in title for title in run_action(ActionRehearse(), later).every_title)
