"""What a participant does in a rehearsal, what is told then, and what comes of it."""

from itertools import pairwise

import pytest
from valley_rehearsal import MIXED, READ, SECOND_POLICY, Played, at, valley, words

from bot.rehearsal.course import TIME_UP
from bot.rehearsal.play import LEFT, NotPossibleError, play
from bot.rehearsal.state import Entry, Guided, Passed, Told

VALLEY = valley()
GOOD_FRIDAY = "It is Good Friday. Offices are closed until Tuesday."


@pytest.fixture
def played() -> Played:
    return Played(VALLEY)


def test_it_begins_with_the_briefing_and_the_first_decision(played):
    assert words(played.opening) == [VALLEY.scenario.briefing]
    assert played.state.now == at("04-01 15:00")
    assert (played.state.policy, played.state.stage) == ("valley", "a")
    assert {*played.state.opened} == {"no_help", "write_down"}


def test_a_fact_is_told_by_whoever_knows_it(played):
    [told] = played.do("wishes")
    assert (told.manner, told.who) == ("fact", "Your notes")
    assert told.text == "He wants to stay at home, with somebody to cook."
    assert played.state.done["wishes"] == at("04-01 15:00")


def test_a_fact_is_told_again_and_takes_no_time_again(played):
    once, twice = words(played.do("visits")), words(played.do("visits"))
    assert once == twice
    assert played.state.now == at("04-01 16:00")


def test_a_fact_that_nobody_can_tell_yet_is_not_told(played):
    with pytest.raises(NotPossibleError, match="Nobody can tell you that"):
        played.do("letter")


def test_the_other_agency_answers_by_what_has_been(played):
    assert words(played.do("say_visits")) == ["One visit a week is enough."]
    played.do("visits")
    answer, letter = played.do("say_visits")
    assert (answer.manner, answer.who) == ("speech", "The other worker")
    assert answer.text == "I did not know that. I will send you our letter."
    assert letter.text == "They write that one visit a week is enough."
    assert {"say_visits", "they_listened", "letter"} <= {*played.state.done}


def test_what_is_known_is_not_told_a_second_time(played):
    played.do("visits", "say_visits")
    assert words(played.do("say_visits")) == ["I did not know that. I will send you our letter."]


def test_the_other_agency_answers_by_the_stage_too(played):
    assert words(played.do("say_policy")) == ["As you like."]
    assert words(played.do("to_leads", "say_policy")) == ["Then our leads will meet."]


def test_who_is_silent_does_not_speak(played):
    [told] = played.do("say_ring")
    assert (told.manner, told.who) == ("scene", None)


def test_an_answer_moves_the_case_once_however_often_it_is_heard():
    world = valley((
        "          says: As you like.\n",
        "          says: As you like.\n          id: moved\n          enters: b_usual\n"
        "          happens: [form_sent]\n          takes: {hours: 1}\n",
    ))  # fmt: skip
    played = Played(world)
    played.do("say_policy", Entry("move", "1"), Entry("inject", "he_moves"))
    assert len(played.state.stays) == 2
    began = played.state.began["valley"]["form_sent"]
    assert words(played.do("say_policy")) == ["Then our leads will meet."]
    world = valley((
        "          says: As you like.\n",
        "          says: As you like.\n          id: moved\n          happens: [form_sent]\n",
    ))  # fmt: skip
    played = Played(world)
    played.do("say_policy", "wait", "say_policy")
    assert played.state.began["valley"]["form_sent"] == began


def test_a_decision_moves_the_case_and_the_policy_s_own_answer_is_shown(played):
    said, guided = played.do("wishes", "to_leads")
    assert said.text == "Your lead sends the form."
    assert isinstance(guided, Guided)
    assert guided.decision.stage.id == played.state.stage == "b_usual"
    due = {clock.id: clock.due for clock in guided.decision.clocks}
    # Five working days from today, over Easter; writing follows two days later.
    assert due == {"b_meet": at("04-10 00:00").date(), "b_write": at("04-14 00:00").date()}
    assert [stay.until for stay in played.state.stays] == [at("04-01 15:00"), None]


def test_a_decision_is_taken_once(played):
    played.do("to_leads")
    for again in ("to_leads", "talk_again"):
        with pytest.raises(NotPossibleError, match="not open"):
            played.do(again)


def test_a_decision_that_is_not_open_cannot_be_taken(played):
    for name in ("to_director", "ring_team"):
        with pytest.raises(NotPossibleError, match="not open"):
            played.do(name)
    with pytest.raises(NotPossibleError, match="not open"):
        played.do(Entry("choose", "no_such_choice"))


def test_after_a_choice_that_stays_there_is_a_way_back(played):
    played.do("talk_again")
    assert "no_help" not in played.state.done
    with pytest.raises(NotPossibleError):
        played.do("talk_again")
    played.do("wait_for_them", "to_leads")
    taken = played.state.taken["no_help"]
    assert (taken.choice, taken.earlier) == ("to_leads", ("talk_again", "wait_for_them"))


def test_a_choice_takes_its_time_and_what_comes_due_meanwhile_is_told(played):
    told = played.do("wait_for_them")
    assert played.state.now == at("04-07 15:00")
    assert words(told) == ["Two working days go by.", GOOD_FRIDAY]
    assert {*played.state.missed} == {"write_down"}


def test_a_step_is_done_once_and_only_when_it_is_possible(played):
    with pytest.raises(NotPossibleError, match="cannot be done at this point"):
        played.do("send_page")
    assert words(played.do("read_policy")) == ["You read it."]
    assert played.state.now == at("04-01 16:00")
    with pytest.raises(NotPossibleError, match="done already"):
        played.do("read_policy")


def test_waiting_goes_on_to_the_next_working_day_or_to_what_happens_first(played):
    played.do("wait")
    assert played.state.now == at("04-02 09:00")
    told = played.do("wait")
    assert (played.state.now, words(told)) == (at("04-03 08:00"), [GOOD_FRIDAY])
    played.do("wait")
    assert played.state.now == at("04-07 09:00")


def test_waiting_on_ends_when_something_happens(played):
    played.do("to_leads")
    moments = []
    for _ in range(3):
        played.do("wait_on")
        moments.append(played.state.now)
    assert moments == [at("04-02 11:00"), at("04-03 08:00"), at("04-08 10:00")]


def test_waiting_on_ends_after_ten_working_days_if_nothing_happens():
    played = Played(valley(("lasts: {working_days: 10}", "lasts: {working_days: 40}")))
    played.do("wait_on", "wait_on", "wait_on")
    # Ten working days on from when the last limit ran out.
    assert played.state.now == at("04-21 09:00")


def test_waiting_ends_when_a_limit_runs_out_of_which_something_is_told(played):
    played.do("wait_on")
    # Of the record nothing is told when its time has gone, so that did not end the waiting.
    assert {*played.state.missed} == {"write_down"}
    told = words(played.do("wait_on"))
    assert told == ["The three days have gone by. He is still by himself."]
    assert played.state.now == at("04-07 23:59")


def test_an_event_that_cannot_be_any_more_lapses(played):
    played.do("say_ring", "to_leads")
    assert words(played.do("wait_on")) == [GOOD_FRIDAY]
    assert played.state.lapsed == {"neighbour_rings"}
    assert "no_answer" not in played.state.opened


def test_a_limit_by_a_clock_runs_out_at_its_own_moment_and_is_told_once(played):
    told = [scene for _ in range(5) for scene in played.do("wait") if isinstance(scene, Told)]
    then = "The three days have gone by. He is still by himself."
    assert [scene.at for scene in told if scene.text == then] == [at("04-07 23:59")]
    assert played.state.missed["no_help"] == at("04-07 23:59")


def test_a_limit_by_an_event_runs_out_with_it(played):
    told = words(played.do("to_leads", "wait_on", "wait_on", "wait_on"))
    assert told == ["We met and did not agree.", "Your lead had nothing in her hand."]
    assert played.state.missed["send_page"] == at("04-08 10:00")


def test_what_is_done_in_time_runs_out_no_more(played):
    told = played.do("to_leads", "write_down", "send_page", "wait_on", "wait_on", "wait_on")
    assert words(told) == ["We met and did not agree."]
    assert not played.state.missed.keys() & {"no_help", "write_down", "send_page"}


def test_a_decision_can_be_taken_late(played):
    played.do(*["wait"] * 4)
    assert "no_help" in played.state.missed
    played.do("to_leads")
    assert played.state.stage == "b_usual"


def test_time_that_goes_by_is_told_once():
    door = "    says: He does not open the door.\n"
    world = valley((door, f"{door}    takes: {{working_days: 1}}\n"))
    played = Played(world)
    played.do("to_leads")
    passed = [each for each in played.do(Entry("move", "3")) if isinstance(each, Passed)]
    assert passed
    for before, later in pairwise(passed):
        assert before.until <= later.since
    assert played.state.now == at("04-08 09:00")


def test_it_ends_where_an_ending_says_so(played):
    told = played.do("to_leads", "wait_on", "wait_on", "wait_on", "to_director")
    assert words(told) == ["The Chair considers it."]
    assert played.state.ended == "with_the_chair"
    with pytest.raises(NotPossibleError, match="has ended"):
        played.do("wishes")


def test_it_ends_when_its_time_is_up(played):
    told = played.do("wait_on", "wait_on", "wait_on")
    assert words(told)[-1] == TIME_UP
    assert (played.state.ended, played.state.now) == ("time_up", at("04-17 23:59"))


def test_a_participant_may_leave(played):
    assert words(played.do(Entry("leave"))) == [LEFT]
    assert played.state.ended == "left"


def test_nothing_is_expected_any_more_in_the_moment_in_which_it_ends():
    world = valley((
        "      opens: {stage: [b_usual]}\n      by: {before: their_answer}\n",
        "      opens: {stage: [c]}\n",
    ))  # fmt: skip
    played = Played(world)
    played.do("to_leads", "wait_on", "wait_on", "wait_on", "to_director")
    assert played.judged("send_page").verdict == "not_reached"


def test_the_guide_shows_what_the_policy_says_here(played):
    [guided] = played.do("guide")
    assert guided.decision.stage.id == "a"
    assert played.state.guided == 1


def test_a_case_may_be_taken_on_under_another_policy():
    played = Played(valley(*MIXED))
    _, guided = played.do("read_policy")
    assert guided.decision.policy.id == "jersey"
    assert (played.state.policy, played.state.stage) == ("jersey", "s1")
    assert [stay.policy for stay in played.state.stays] == ["valley", "jersey"]


def test_an_event_of_the_other_policy_alone_does_not_take_the_case_there():
    world = valley(SECOND_POLICY, (READ, f"{READ}    under: jersey\n    happens: [stage1_began]\n"))
    played = Played(world)
    played.do("read_policy", "guide")
    assert (played.state.policy, played.state.stage) == ("valley", "a")
    assert played.state.began["jersey"] == {"stage1_began": "2026-04-01T15:00+01:00"}


def test_the_same_entries_always_give_the_same_state(played):
    played.do("wishes", "talk_again", "to_leads", "wait_on", "leave_message", "wait_on")
    assert play(VALLEY, played.entries) == played.state


def test_what_is_not_possible_changes_nothing(played):
    before = played.state
    with pytest.raises(NotPossibleError):
        played.do("letter")
    assert played.state is before


def test_what_is_no_kind_of_entry_is_refused_and_ends_nothing(played):
    with pytest.raises(NotPossibleError, match="Found 'sing'"):
        played.do(Entry("sing"))


def test_time_in_which_nothing_is_told_passes_in_one_line(played):
    told = played.do(Entry("move", "10"))
    assert any(isinstance(each, Passed) for each in told)
    assert not any(isinstance(each, Passed) and isinstance(then, Passed)
                   for each, then in pairwise(told))  # fmt: skip
