"""The record: everything that was recorded, with its force and its clause, and nothing invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from docx.oxml.ns import qn

from bot.documents.record import CHANGED, GUIDE_ONLY, record_of
from bot.documents.recorded import OtherPolicyError
from bot.escalation.questions import offered_stages
from bot.records.cases import Answer
from bot.wording.dates import say_date

HEADINGS = [
    "Stages", "Time limits", "How each date was counted", "What the policy asks for",
    "Who takes part, by role", "Answers given", "How it ended, and what was learnt",
    "About this policy",
]  # fmt: skip


def grid(paper, caption: str) -> list[list[str]]:
    captions = {t._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")): t for t in paper.tables}
    return [[cell.text for cell in row.cells] for row in captions[caption].rows[1:]]


@pytest.fixture
def sandwell(library):
    return library.get("sandwell")


@pytest.fixture
def paper(sandwell_case, sandwell, read, now):
    return read(record_of(sandwell_case, sandwell, now=now))


def test_its_parts_are_real_headings_under_one_title(paper):
    found = [(p.style.name, p.text) for p in paper.paragraphs if p.style.name.startswith("Heading")]
    assert found[0] == ("Heading 1", "Record of escalation ESC-2026-0007")
    assert found[1:] == [("Heading 2", heading) for heading in HEADINGS]


def test_stages_have_their_days_and_their_outcomes(paper):
    assert grid(paper, "Stages") == [
        ["Stage 1: Escalation to Team Manager", "Thursday 12 November 2026",
         "Tuesday 17 November 2026", "Not agreed", "s.7 Stage 1, Appendix 1 row 1"],
        ["Stage 2: Escalation to Head of Service, Safeguarding Lead/Service Manager",
         "Wednesday 18 November 2026", "Not yet", "Still at this stage",
         "s.7 Stage 2, Appendix 1 row 2"],
    ]  # fmt: skip


def test_a_stage_that_was_entered_late_says_so(library, case_of, read, now):
    policy = library.get("jersey")
    answers = {"imminent": "no", "matter": "child", "stage": "s1", "stage1_began": "2026-11-12"}
    case = case_of(policy, answers)
    second = replace(case.stages[0], stage="s2", label="Stage 2", entered_on=date(2026, 11, 24))
    clocks = tuple(replace(clock, status="missed") for clock in case.clocks)
    late = replace(case, stages=(case.stages[0], second), clocks=clocks)
    assert grid(read(record_of(late, policy, now=now)), "Stages")[1][1] == (
        "Tuesday 24 November 2026\nEntered late: 3 working days after the limit to meet and "
        "discuss (Thursday 19 November 2026)"
    )


def test_time_limits_have_their_date_their_force_and_how_they_ended(paper):
    assert grid(paper, "Time limits") == [
        ["Stage 2: complete stage 2", "Both agencies", "Must do",
         "Tuesday 24 November 2026", "Running, overdue by 2 working days"],
        ["Stage 2: meet to settle the issue", "Both agencies", "Should do",
         "Wednesday 25 November 2026", "Met on Friday 20 November 2026"],
    ]  # fmt: skip


def test_each_date_says_how_it_was_counted(words, sandwell_case, sandwell, now):
    said = words(record_of(sandwell_case, sandwell, now=now))
    assert (
        "Stage 2, complete stage 2: the policy says “no later than by Day 8” "
        "(s.7 Stage 2, Appendix 1 row 2; inferred, not stated). Day 1 is the first working day "
        f"after Thursday 12 November 2026. Weekends and bank holidays are not counted. {GUIDE_ONLY}"
    ) in said


def test_duties_have_their_state_and_a_choice_is_not_owed(paper):
    rows = {row[0].split("\n")[0]: row[1:] for row in grid(paper, "What the policy asks for")}
    assert rows["Meet to settle the issue, with the relevant professionals if it helps"] == [
        "Both agencies", "Should do", "Done on Friday 20 November 2026",
    ]  # fmt: skip
    log = rows["Your line manager or safeguarding lead may keep the Appendix 4 log of escalations"]
    assert log == ["Line or team manager", "May help", "Not done: it is a choice"]
    assert rows["Record the details of the disagreement in each agency's own records"][1:] == [
        "Must do", "Still to do",
    ]  # fmt: skip


def test_answers_are_in_words_and_people_are_roles(paper):
    said = [row[:2] for row in grid(paper, "Answers given")]
    assert ["Whose decision", "A decision or action of another agency about a child"] in said
    assert ["When was the concern passed up to stage 2?", "Wednesday 18 November 2026"] in said
    assert grid(paper, "Who takes part, by role")[0] == [
        "Head of Service, Safeguarding Lead or Service Manager", "Raised it", "Not recorded",
    ]  # fmt: skip


def test_the_kinds_of_agency_are_told_once_where_they_were_said(library, case_of, read, now):
    policy = library.get("sandwell")
    answers = {"imminent": "no", "matter": "another_agency", "stage": "s2",
               "our_agency": "education", "their_agency": "skipped"}  # fmt: skip
    made = read(record_of(case_of(policy, answers), policy, now=now))
    glance = grid(made, "The case at a glance")
    assert ["Kind of agency that raised it", "Education"] in glance
    assert ["Kind of agency that was challenged", "Not recorded"] in glance
    assert grid(made, "Who takes part, by role")[0][1:] == ["Raised it", "Education"]
    assert not any("agency" in row[0] for row in grid(made, "Answers given"))


def test_who_wrote_it_down_is_not_in_it(sandwell_case, sandwell, words, now):
    assert sandwell_case.person not in words(record_of(sandwell_case, sandwell, now=now))


def test_every_stage_of_every_policy_has_a_record(any_policy, any_case, words, now):
    for stage in offered_stages(any_policy):
        case = any_case(any_policy, stage.id)
        said = words(record_of(case, any_policy, now=now))
        assert case.stages[0].label in said
        for duty in case.duties:
            assert duty.what in said and duty.citation in said
        for clock in case.clocks:
            assert f"“{clock.words}”" in said
            if clock.due_on:
                assert say_date(clock.due_on) in said


def test_without_a_number_the_words_stand_and_no_date(library, case_of, read, now):
    policy = library.get("gloucestershire")
    answers = {"imminent": "no", "matter": "another_agency", "stage": "s2"}
    case = case_of(policy, answers)
    assert case.clocks
    for row, clock in zip(
        grid(read(record_of(case, policy, now=now)), "Time limits"), case.clocks, strict=True
    ):
        assert row[3:] == [f"No date: the policy says “{clock.words}”", "No number to count"]


def test_an_instant_is_told_in_the_policys_own_time(library, case_of, read, now):
    policy = library.get("berkshire")
    case = case_of(policy, {"imminent": "no", "matter": "another_agency", "stage": "s1"})
    clock = replace(
        case.clocks[0], due_on=None, due_at=datetime(2026, 7, 1, 15, 0, tzinfo=UTC),
        status="stopped", settled_on=date(2026, 7, 1), reason="They agreed.",
    )  # fmt: skip
    rows = grid(read(record_of(replace(case, clocks=(clock,)), policy, now=now)), "Time limits")
    assert rows[0][3:] == [
        "Wednesday 1 July 2026 at 16:00", "Stopped on Wednesday 1 July 2026: They agreed.",
    ]  # fmt: skip


def test_a_reason_that_may_name_somebody_is_pointed_out(sandwell_case, sandwell, read, now):
    clock = replace(sandwell_case.clocks[0], status="extended", reason="Mr Example is on leave.")
    rows = grid(read(record_of(replace(sandwell_case, clocks=(clock,)), sandwell, now=now)),
                "Time limits")  # fmt: skip
    assert rows[0][4].split("\n")[1:] == [
        "It looks as if it holds a name. Check it before you share it."
    ]


def test_the_last_word_keeps_the_force_that_the_policy_gives_it(library, case_of, words, now):
    policy = library.get("jersey")
    facts = {"imminent": "no", "matter": "child", "stage": "s6", "stage6_began": "2026-11-16"}
    case = case_of(policy, facts)
    last = replace(case.stages[0], left_on=date(2026, 11, 23), outcome="decided")
    ended = replace(
        case, stages=(last,), status="closed", ended_on=date(2026, 11, 23),
        ending="The Chair recommended a case conference.", lessons="Share the history sooner.",
    )  # fmt: skip
    said = words(record_of(ended, policy, now=now))
    assert "The last word was given (a recommendation, not a binding decision)" in said
    assert "final" not in said and "has decided" not in said
    assert "Ended on: Monday 23 November 2026" in said
    assert "How: The Chair recommended a case conference." in said
    assert "Lessons: Share the history sooner." in said


def test_what_is_not_recorded_says_so(sandwell_case, sandwell, words, now):
    bare = replace(
        sandwell_case, clocks=(), duties=(), participants=(), answers=(), summary=None, area=None
    )
    said = words(record_of(bare, sandwell, now=now))
    assert said.count("Not recorded.") == 4
    assert "How: Not recorded" in said and "Ended on: Not ended" in said


def test_an_answer_that_the_policy_does_not_know_is_kept_as_it_is(
    sandwell_case, sandwell, read, now
):
    strange = Answer(fact="spoken", value=True, said_at=now)
    made = record_of(replace(sandwell_case, answers=(strange,)), sandwell, now=now)
    [[asked, said, _]] = grid(read(made), "Answers given")
    assert asked == "spoken" and said.startswith("True (I cannot give this in words, because")


def test_an_answer_that_was_put_right_stands_twice_with_its_days(
    sandwell_case, sandwell, read, now
):
    right = Answer(fact="summary", value="Other words", said_at=now)
    first = Answer(fact="summary", value="First words", said_at=now - timedelta(days=2))
    corrected = replace(sandwell_case, answers=(*sandwell_case.answers, first, right))
    told = grid(read(record_of(corrected, sandwell, now=now)), "Answers given")
    words = {said: on for asked, said, on in told if asked == "In your words"}
    assert {"First words", "Other words"} <= set(words)
    assert words["First words"] != words["Other words"]


def test_a_policy_file_that_changed_since_is_pointed_out(sandwell_case, sandwell, words, now):
    assert CHANGED not in words(record_of(sandwell_case, sandwell, now=now))
    other = replace(sandwell_case, policy_hash="ab" * 32)
    assert CHANGED in words(record_of(other, sandwell, now=now))


def test_a_case_that_follows_another_version_says_which_it_began_under(
    sandwell_case, sandwell, read, now
):
    began = "It began under version"
    plain = grid(read(record_of(sandwell_case, sandwell, now=now)), "The case at a glance")
    assert began not in dict(plain)
    moved = replace(sandwell_case, began_under="V0.2")
    rows = grid(read(record_of(moved, sandwell, now=now)), "The case at a glance")
    assert dict(rows)[began] == "V0.2"


def test_a_stage_that_the_policy_lacks_is_refused_by_name(sandwell_case, sandwell, now):
    strange = replace(sandwell_case, stages=(replace(sandwell_case.stages[0], stage="s9"),))
    with pytest.raises(OtherPolicyError, match=r"'s9'.*Allowed: s0, s1, s2, s3, s4"):
        record_of(strange, sandwell, now=now)
