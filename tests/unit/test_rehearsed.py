"""A debrief in words: verdicts, clauses, and the time used by the real calendar."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.policy.library import load_library
from bot.rehearsal.debrief import Debrief, debrief
from bot.rehearsal.play import begin, take
from bot.rehearsal.prove import entry_of, walk
from bot.rehearsal.scenario import Scenario
from bot.rehearsal.shelf import load_shelf
from bot.rehearsal.state import Entry
from bot.rehearsal.world import World
from bot.wording.rehearsed import say_clauses, say_end, say_policies, say_span, say_total
from bot.wording.time_used import say_clock, say_clock_name, say_time, working_days_used

ROOT = Path(__file__).parents[2]
LIBRARY = load_library(ROOT / "policies")
SHELF = load_shelf(ROOT / "rehearsals", LIBRARY)
JERSEY = SHELF.get("jersey_before_christmas")


@cache
def along(path: str) -> Debrief:
    return debrief(JERSEY, walk(JERSEY, getattr(JERSEY.scenario.paths, path)))


def after(*names: str, world: World = JERSEY) -> Debrief:
    """The debrief after these steps, whether or not it has ended."""
    state, _ = begin(world)
    for name in names:
        entry = Entry("leave") if name == "leave" else entry_of(world, name)
        state, _ = take(world, state, entry)
    return debrief(world, state)


def time_of(found: Debrief, id_: str) -> str:
    return say_time(found, next(each for each in found.judgements if each.id == id_))


def clock_of(found: Debrief, id_: str) -> str:
    use = next(each for each in found.clocks if each.clock.id == id_)
    return f"{say_clock_name(found.world, use)}. {say_clock(found.world, use)}"


def with_limit(point: str, limit: dict[str, object]) -> World:
    """The scenario with another time limit for one decision."""
    data = JERSEY.scenario.model_dump(by_alias=True, mode="json")
    for each in data["points"]:
        if each["id"] == point:
            each["by"] = limit
    return World(Scenario.model_validate(data), JERSEY.policies)


def mixed() -> World:
    """The scenario as if it were under the policy of Sandwell too."""
    sandwell = JERSEY.first.model_copy(update={"policy": "sandwell", "version": "V0.3"})
    scenario = JERSEY.scenario.model_copy(update={"under": (JERSEY.first, sandwell)})
    return World(scenario, {**JERSEY.policies, "sandwell": LIBRARY.get("sandwell")})


@pytest.mark.parametrize(
    ("id_", "said"),
    [
        (
            "after_the_meeting",
            "Used 0 of 1 working day (in this story until Friday 18 December 2026).",
        ),
        (
            "manager_away",
            "Used 1 of 2 working days that were left (due Monday 21 December 2026).",
        ),
        ("write_down", "Used 2 of 2 working days (in this story until Monday 21 December 2026)."),
        (
            "worse",
            "Used less than 1 of 3 hours (in this story until Monday 21 December 2026 at 16:10).",
        ),
        (
            "send_evidence",
            "Not done before Wednesday 23 December 2026 at 11:30, when it became too late.",
        ),
    ],
)
def test_the_time_of_a_decision_is_told_in_the_unit_of_its_limit(id_, said):
    assert time_of(along("typical"), id_) == said


def test_days_over_christmas_are_not_counted():
    found = after("weight", "to_stage_two", "lead_in", "named_nurse", "wait_on", "act_now",
                  "wait_on", *["wait"] * 3)  # fmt: skip
    judged = next(each for each in found.judgements if each.id == "no_agreement")
    late = replace(judged, at=datetime(2026, 12, 29, 9, tzinfo=JERSEY.zone))
    assert working_days_used(JERSEY, late) == 3, "25 and 28 December are bank holidays"


def test_a_decision_that_never_came_up_has_no_time():
    assert time_of(along("bad"), "worse") == ""
    judged = next(each for each in along("bad").judgements if each.id == "worse")
    assert working_days_used(JERSEY, judged) is None


def test_a_mistake_has_a_moment_and_no_limit():
    assert time_of(along("bad"), "mail_everyone") == "Done on Tuesday 22 December 2026 at 14:00."


def test_a_limit_that_ran_out_says_when():
    assert time_of(along("bad"), "write_down") == (
        "The time in this story passed: Monday 21 December 2026."
    )


@pytest.mark.parametrize("path", ["perfect", "typical", "bad"])
def test_a_date_that_only_the_story_gives_is_never_called_the_policys(path):
    plymouth = SHELF.get("plymouth_end_of_the_plan")  # its policy has no number of days at all
    found = debrief(plymouth, walk(plymouth, getattr(plymouth.scenario.paths, path)))
    said = " ".join(say_time(found, each) for each in found.judgements)
    assert "in this story" in said
    assert "(due" not in said
    assert "The time limit" not in said


def test_what_was_chosen_in_time_and_left_open_is_not_called_done_too_late():
    said = time_of(along("bad"), "after_the_meeting")
    assert "passed before this was settled (Friday 18 December 2026)" in said


def test_a_choice_after_its_limit_says_that_the_limit_was_over():
    found = after("wait", "wait", "to_stage_two")
    assert time_of(found, "after_the_meeting") == (
        "Done on Monday 21 December 2026 at 09:00. "
        "The time in this story was over (Friday 18 December 2026)."
    )


def test_what_is_open_when_somebody_leaves_is_not_said_to_be_out_of_time():
    found = after("leave")
    assert time_of(found, "after_the_meeting") == (
        "Still open when the rehearsal ended (in this story until Friday 18 December 2026)."
    )
    assert time_of(after(), "after_the_meeting").startswith("Still open (in this story until")


def test_a_step_that_came_after_the_event_it_was_for_is_too_late_from_then():
    found = after("weight", "to_stage_two", "lead_in", "named_nurse", "wait_on", "act_now",
                  "wait_on", "send_evidence")  # fmt: skip
    assert time_of(found, "send_evidence") == (
        "Done on Tuesday 22 December 2026 at 11:30. "
        "It was too late from Tuesday 22 December 2026 at 11:30."
    )


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"days": 2}, "Used 1 of 2 days (in this story until Saturday 19 December 2026)."),
        (
            {"hours": 48},
            "Used 19 of 48 hours (in this story until Saturday 19 December 2026 at 14:00).",
        ),
    ],
)
def test_days_and_hours_count_as_they_pass(limit, said):
    found = after("wait", "to_stage_two", world=with_limit("after_the_meeting", limit))
    assert time_of(found, "after_the_meeting") == said


def test_a_clock_is_named_with_the_policys_words_force_and_clause():
    assert clock_of(along("typical"), "s2_discuss") == (
        "Stage 2, to talk to your manager or lead and agree how to proceed: "
        "“within 2 working days” (must; s.3 Stage 2). "
        "Used 1 of 2 working days (due Monday 21 December 2026)."
    )


def test_a_clock_over_christmas_is_used_by_the_real_calendar():
    assert clock_of(along("typical"), "s3_liaise").endswith(
        "Used 3 of 5 working days (due Tuesday 29 December 2026)."
    )


def test_a_clock_that_ran_out_says_when_and_by_how_much():
    assert clock_of(along("bad"), "s1_meet").endswith(
        "It ran out on Monday 21 December 2026. "
        "When the rehearsal ended, it was overdue by 12 working days."
    )


def test_a_clock_that_begins_after_the_stage_was_left_had_not_begun():
    use = along("typical").clocks[1]
    early = replace(use, until=datetime(2026, 12, 1, tzinfo=JERSEY.zone))
    assert say_clock(JERSEY, early).startswith("It had not begun.")


def test_with_one_policy_a_clause_is_a_section_alone():
    assert say_clauses(JERSEY, ["s2_harm", "so_serious"]) == "s.3 Stage 2, s.3"


def test_with_several_policies_a_clause_says_whose_it_is():
    said = say_clauses(mixed(), ["s2_harm", "so_serious", "sandwell:version"])
    section = LIBRARY.get("sandwell").cites["version"].section
    assert said == (
        "Jersey Safeguarding Partnership Board: s.3 Stage 2, s.3; "
        f"Sandwell Children's Safeguarding Partnership: {section}"
    )


def test_a_clause_of_a_policy_that_has_no_part_in_it_is_refused():
    with pytest.raises(ValueError, match=r"'plymouth:s1'.*is under jersey.*rehearsals check"):
        say_clauses(JERSEY, ["plymouth:s1"])


def test_every_policy_is_named_with_its_version():
    assert say_policies(mixed()).endswith(
        "Jersey Safeguarding Partnership Board (October 2014); "
        f"{LIBRARY.get('sandwell').title}, {LIBRARY.get('sandwell').publisher} (V0.3)"
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (along("perfect"), "The safeguarding manager calls a case conference"),
        (along("bad"), "The time of this rehearsal is over."),
        (after("leave"), "You ended the rehearsal here."),
        (after(), "It has not ended yet."),
    ],
    ids=["an ending", "time up", "left", "not ended"],
)
def test_how_it_ended(found, said):
    assert say_end(found).startswith(said)


def test_the_span_and_the_score():
    assert say_span(along("typical")) == (
        "Thursday 17 December 2026 at 14:00 to Wednesday 23 December 2026 at 11:30: "
        "4 working days passed"
    )
    assert [say_total(along(path)) for path in ("perfect", "typical", "bad")] == [
        "6 of 6", "4 of 6", "0 of 7",
    ]  # fmt: skip


@pytest.mark.parametrize("id_", ["write_down", "send_evidence"])
def test_a_step_done_before_it_was_expected_used_none_of_its_time(id_):
    found = along("perfect")
    judged = next(each for each in found.judgements if each.id == id_)
    early = replace(judged, at=judged.opened - timedelta(days=2))
    assert say_time(found, early) == (
        "Done on Tuesday 15 December 2026 at 14:00, before it was expected."
    )
    assert working_days_used(JERSEY, early) == 0


@pytest.mark.parametrize(
    ("opened", "due", "said"),
    [
        (
            datetime(2026, 12, 21, 10), datetime(2026, 12, 21, 23, 59),
            "Done on its last day (due Monday 21 December 2026).",
        ),
        (
            datetime(2026, 12, 18, 10), datetime(2026, 12, 21, 23, 59),
            "Used 0 of 1 working day that was left (due Monday 21 December 2026).",
        ),
        (
            datetime(2026, 12, 21, 10), datetime(2026, 12, 21, 10, 30),
            "Done in its last hour (due Monday 21 December 2026 at 10:30).",
        ),
    ],
    ids=["no day left", "one day left", "no hour left"],
)  # fmt: skip
def test_what_is_left_of_a_limit_can_be_a_day_or_nothing(opened, due, said):
    judged = next(each for each in along("typical").judgements if each.id == "manager_away")
    opened, due = (each.replace(tzinfo=JERSEY.zone) for each in (opened, due))
    assert say_time(along("typical"), replace(judged, opened=opened, at=opened, due=due)) == said
