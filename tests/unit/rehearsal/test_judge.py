"""What was done is judged by clause, and the debrief adds it up without hiding anything."""

import pytest
from valley_rehearsal import MIXED, Played, at, valley

from bot.rehearsal.debrief import debrief
from bot.rehearsal.state import Entry

VALLEY = valley()
UNTIL_THE_LEADS_MET = ("wishes", "to_leads", "wait_on", "wait_on", "wait_on")


@pytest.fixture
def played() -> Played:
    return Played(VALLEY)


def test_a_sound_choice_in_time_is_worth_all(played):
    played.do("wishes", "to_leads")
    found = played.judged("no_help")
    assert (found.verdict, found.worth, found.late) == ("sound", 1.0, False)
    assert (found.opened, found.at, found.due) == (
        at("04-01 15:00"), at("04-01 15:00"), at("04-07 23:59"),
    )  # fmt: skip
    assert found.why == "Where workers do not agree it goes to the leads."
    assert found.cite == ("b",)
    assert found.sound is None


def test_a_sound_choice_without_what_it_needs_is_worth_half_and_says_why(played):
    played.do("to_leads")
    found = played.judged("no_help")
    assert (found.verdict, found.worth) == ("partly", 0.5)
    assert found.why.endswith("You did not ask him first what he wants.")


def test_what_a_choice_needs_has_to_be_there_when_it_is_taken(played):
    played.do("to_leads", "wishes")
    assert played.judged("no_help").worth == 0.5


@pytest.mark.parametrize(
    ("choice", "verdict", "worth"), [("talk_again", "partly", 0.5), ("wait_for_them", "unsafe", 0)]
)
def test_another_choice_is_worth_its_mark_and_names_the_sound_one(choice, verdict, worth, played):
    played.do(choice)
    found = played.judged("no_help")
    assert (found.verdict, found.worth) == (verdict, worth)
    assert found.sound == "Take it to my lead"


def test_a_second_choice_is_worth_half_at_most_and_tells_both(played):
    played.do("wishes", "talk_again", "to_leads")
    found = played.judged("no_help")
    assert (found.verdict, found.worth) == ("partly", 0.5)
    assert found.did == "Talk to them again; then: Take it to my lead"
    assert found.why == (
        "You have talked. The next step is another one. It came after another choice. "
        "Where workers do not agree it goes to the leads."
    )


def test_an_unsafe_second_choice_stays_unsafe(played):
    played.do("talk_again", "wait_for_them")
    assert played.judged("no_help").worth == 0


def test_a_late_choice_is_worth_half_at_most_and_says_what_its_time_was_for(played):
    played.do("wishes", *["wait"] * 5, "to_leads")
    found = played.judged("no_help")
    assert (found.verdict, found.worth, found.late) == ("partly", 0.5, True)
    assert "It came after its time. Step A has three working days." in found.why
    assert found.at > found.due


def test_a_choice_in_time_that_left_the_decision_open_is_not_said_to_have_come_late(played):
    played.do("talk_again", *["wait"] * 4)
    found = played.judged("no_help")
    assert "no_help" in played.state.missed
    assert (found.worth, found.late) == (0.5, True)
    assert "It came after its time." not in found.why
    assert found.why.endswith("Step A has three working days.")


def test_a_decision_that_was_never_taken_is_missed(played):
    played.do(Entry("leave"))
    found = played.judged("no_help")
    assert (found.verdict, found.worth, found.did) == ("missed", 0, None)
    assert (found.why, found.sound) == ("Step A has three working days.", "Take it to my lead")


def test_a_decision_that_never_came_up_counts_and_is_told_last(played):
    played.do(Entry("leave"))
    judgements = debrief(VALLEY, played.state).judgements
    assert [each.id for each in judgements] == [
        "no_help",
        "write_down",
        "leads_differ",
        "send_page",
    ]
    assert [each.verdict for each in judgements] == [
        "missed", "missed", "not_reached", "not_reached",
    ]  # fmt: skip


def test_what_did_not_come_up_before_the_facilitator_ended_it_does_not_count(played):
    played.do("wishes", "to_leads", Entry("end"))
    found = debrief(VALLEY, played.state)
    told = {each.id: each.verdict for each in found.judgements}
    assert told == {
        "no_help": "sound", "write_down": "missed", "send_page": "missed",
        "leads_differ": "not_reached",
    }  # fmt: skip
    assert {each.id for each in found.counted} == {"no_help", "write_down", "send_page"}
    assert found.score == pytest.approx(1 / 3)
    assert {each.aim.id: (each.reached, each.of) for each in found.aims} == {
        "right_step": (1, 1), "in_time": (0, 0), "record": (0, 2),
    }  # fmt: skip


def test_one_that_is_not_core_counts_only_if_it_came_up(played):
    played.do("to_leads")
    ids = [each.id for each in debrief(VALLEY, played.state).judgements]
    assert "no_answer" not in ids
    played.do("wait_on")
    assert played.judged("no_answer").verdict == "missed"


def test_a_step_in_time_late_and_undone(played):
    assert played.judged("write_down").verdict == "missed"
    played.do("wait", "wait", "write_down")
    late = played.judged("write_down")
    assert (late.verdict, late.worth, late.late) == ("partly", 0.5, True)
    assert late.why == (
        "It is written down. It came after its time. Nobody can show later what was said."
    )
    other = Played(VALLEY)
    other.do("write_down")
    found = other.judged("write_down")
    assert (found.verdict, found.worth, found.did) == ("sound", 1.0, "Write down what was said")


def test_a_step_before_it_was_expected_counts():
    world = valley((
        "      why: It is written down.\n",
        "      why: It is written down.\n      opens: {stage: [b_usual]}\n",
    ))  # fmt: skip
    played = Played(world)
    played.do("write_down", "to_leads")
    found = played.judged("write_down")
    assert (found.verdict, found.opened) == ("sound", at("04-01 15:00"))


def test_a_mistake_is_judged_only_if_it_was_made(played):
    before = debrief(VALLEY, played.state)
    played.do("mail_everybody")
    after = debrief(VALLEY, played.state)
    assert {each.id for each in after.judgements} - {each.id for each in before.judgements} == {
        "mail_everybody"
    }
    found = played.judged("mail_everybody")
    assert (found.verdict, found.worth) == ("unsafe", 0)
    assert found.why == "It is shared with those who need it."


def test_a_step_that_is_neither_expected_nor_a_mistake_is_not_judged(played):
    played.do("read_policy")
    assert "read_policy" not in {each.id for each in debrief(VALLEY, played.state).judgements}


def test_judgements_come_in_the_order_in_which_things_were_expected(played):
    played.do(*UNTIL_THE_LEADS_MET, "mail_everybody", "to_director")
    assert [each.id for each in debrief(VALLEY, played.state).judgements] == [
        "no_help", "write_down", "send_page", "no_answer", "leads_differ", "mail_everybody",
    ]  # fmt: skip


def test_the_score_is_the_share_of_everything_and_each_aim_has_its_own(played):
    played.do(*UNTIL_THE_LEADS_MET, "to_director")
    found = debrief(VALLEY, played.state)
    # no_help 1, write_down 0, send_page 0, no_answer 0 (it came up), leads_differ 1.
    assert found.score == pytest.approx(2 / 5)
    reached = {each.aim.id: (each.reached, each.of, each.share) for each in found.aims}
    assert reached == {"right_step": (1, 2, 0.5), "in_time": (1, 1, 1), "record": (0, 2, 0)}
    assert found.questions == VALLEY.scenario.reflection


def test_an_aim_of_which_nothing_came_up_has_no_share():
    world = valley(("    aim: in_time\n", "    aim: in_time\n    core: false\n"))
    played = Played(world)
    played.do(Entry("leave"))
    shares = {each.aim.id: each.share for each in debrief(world, played.state).aims}
    assert shares["in_time"] is None


def test_the_clocks_of_each_stage_are_told_with_how_long_the_case_stayed(played):
    played.do(*UNTIL_THE_LEADS_MET, "to_director")
    used = debrief(VALLEY, played.state).clocks
    told = {each.clock.id: (each.stage, each.clock.due.isoformat(), each.until) for each in used}
    assert told == {
        "a_talk": ("Step A", "2026-04-07", at("04-01 15:00")),
        "b_meet": ("Step B", "2026-04-10", at("04-08 10:00")),
        "b_write": ("Step B", "2026-04-14", at("04-08 10:00")),
    }


def test_a_clock_that_began_after_its_stage_was_left_is_not_that_stage_s():
    # The call for a meeting comes when the case is at the Chair already.
    world = valley(
        ("        happens: [form_sent]\n", ""),
        ("    kind: news\n", "    kind: news\n    happens: [meeting_called]\n"),
        ("    given: {after: [to_director]}", "    given: {after: [to_director, he_moves]}"),
    )  # fmt: skip
    played = Played(world)
    played.do(*UNTIL_THE_LEADS_MET, "to_director", Entry("move", "1"), Entry("inject", "he_moves"))
    assert [each.clock.id for each in debrief(world, played.state).clocks] == ["a_talk"]


def test_each_stage_is_counted_by_the_policy_that_the_case_was_under():
    enters = "    under: jersey\n    enters: s1\n"
    played = Played(valley(*MIXED, (enters, f"{enters}    happens: [stage1_began]\n")))
    played.do("read_policy", "wait")
    used = debrief(played.world, played.state).clocks
    assert {(each.stay.policy, each.stage) for each in used} == {
        ("valley", "Step A"), ("jersey", "Stage 1"),
    }  # fmt: skip
