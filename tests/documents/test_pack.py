"""The meeting pack: what is open is the agenda, what is known stands with it, on one page."""

from dataclasses import replace

import pytest
from docx.oxml.ns import qn

from bot.cards.limits import NO_LIMIT
from bot.documents.one_page import SHORTENED
from bot.documents.pack import AGENDA, NO_CLOCK_RUNS, NOTHING_OPEN, meeting_pack
from bot.documents.recorded import OtherPolicyError
from bot.escalation.safety import CALL_999, GENERAL_ADVICE
from bot.records.preparation import PreparationNote

HISTORY = "The school has the attendance record, and the health visitor saw the family twice."


def noted(policy, state, *, note=None, first=0, last=None):
    """The same note, or none, at some of the questions of `policy`."""
    return [
        PreparationNote(question=each.id, heading=each.heading, note=note, state=state)
        for each in (*policy.factors, *policy.reflection)[first:last]
    ]


@pytest.fixture
def jersey(library):
    return library.get("jersey")


def agenda(paper) -> list[str]:
    return [line.text for line in paper.paragraphs if line.style.name == "List Number"]


def test_what_is_not_known_yet_is_the_agenda_with_its_clause(jersey, jersey_case, read, now):
    notes = noted(jersey, "not_known_yet", first=5, last=7)
    paper = read(meeting_pack(jersey_case, jersey, notes, now=now))
    assert agenda(paper) == [
        "Does everyone involved know what the differences are? (s.3 Stage 1)",
        "What information does each view rest on? (s.3 Stage 1)",
    ]
    assert not paper.tables


def test_the_agenda_keeps_the_order_of_the_policy_not_of_the_notes(jersey, jersey_case, read, now):
    notes = noted(jersey, "not_known_yet", first=5, last=9)
    in_order = agenda(read(meeting_pack(jersey_case, jersey, notes, now=now)))
    assert agenda(read(meeting_pack(jersey_case, jersey, notes[::-1], now=now))) == in_order


def test_what_was_answered_stands_with_its_note_and_the_rest_is_counted(
    jersey, jersey_case, read, words, now
):
    notes = [
        *noted(jersey, "answered", note="Both have\nthe same report.", first=0, last=1),
        *noted(jersey, "skipped", first=1, last=3),
    ]
    made = meeting_pack(jersey_case, jersey, notes, now=now)
    [table] = read(made).tables
    assert [cell.text for cell in table.rows[1].cells] == [
        jersey.factors[0].ask, "Both have the same report.",
    ]  # fmt: skip
    assert len(table.rows) == 2
    assert f"{len(jersey.factors) + len(jersey.reflection) - 1} questions skipped" in words(made)


def test_words_that_may_name_somebody_are_pointed_out_before_the_meeting(
    jersey, jersey_case, words, now
):
    warning = "It looks as if it holds a name. Check it before you share it."
    plain = noted(jersey, "answered", note="The nursery has not replied.", first=0, last=1)
    assert warning not in words(meeting_pack(jersey_case, jersey, plain, now=now))
    named = noted(jersey, "answered", note="Mr Example has not replied.", first=0, last=1)
    assert warning in words(meeting_pack(jersey_case, jersey, named, now=now))
    case = replace(jersey_case, summary="Mr Example differs.")
    assert warning in words(meeting_pack(case, jersey, [], now=now))


def test_it_says_what_it_is_about_who_meets_and_by_when(jersey, jersey_case, words, now):
    said = words(meeting_pack(jersey_case, jersey, [], now=now))
    assert "Meeting pack: Stage 3: Escalation of concerns" in said
    assert "Disagreement: We do not agree on how great the risk at home is." in said
    assert (
        "Who meets: Manager / named or designated safeguarding lead, "
        "with equivalent colleague in the other agency (s.3 Stage 3)"
    ) in said
    assert (
        "By when: Settle it with the equivalent colleague in the other agency (should): "
        "Monday 30 November 2026."
    ) in said
    assert f"{AGENDA}\n{NOTHING_OPEN}" in said


def test_a_date_that_has_passed_is_told_as_late(library, sandwell_case, words, now):
    policy = library.get("sandwell")
    assert (
        "By when: Complete stage 2 (must): Tuesday 24 November 2026. This date is a guide. "
        "It is overdue by 2 working days.\n"
    ) in words(meeting_pack(sandwell_case, policy, [], now=now))


def test_the_safety_advice_is_general_unless_the_policy_names_999(
    any_policy, any_case, library, words, now
):
    questions, _ = library.questions_of(any_policy)
    made = meeting_pack(any_case(any_policy), any_policy, [], now=now, questions=questions)
    lines = words(made).splitlines()
    assert lines[1].strip() == (CALL_999 if any_policy.id == "berkshire" else GENERAL_ADVICE)


def test_without_a_number_no_date_is_given(library, case_of, words, now):
    policy = library.get("gloucestershire")
    case = case_of(policy, {"imminent": "no", "matter": "another_agency", "stage": "s2"})
    questions, _ = library.questions_of(policy)
    said = words(meeting_pack(case, policy, [], now=now, questions=questions))
    assert "No date: the policy says “without delay”." in said
    none = replace(case, clocks=())
    assert NO_LIMIT in words(meeting_pack(none, policy, [], now=now, questions=questions))
    over = replace(case, clocks=tuple(replace(each, status="met") for each in case.clocks))
    assert NO_CLOCK_RUNS in words(meeting_pack(over, policy, [], now=now, questions=questions))


def test_borrowed_questions_are_labelled_as_borrowed(library, any_case, jersey, words, now):
    policy = library.get("gloucestershire")
    notes = noted(jersey, "not_known_yet", last=1)
    made = meeting_pack(any_case(policy), policy, notes, now=now, questions=jersey)
    assert jersey.factors[0].ask in words(made)
    assert "These are borrowed from Jersey Safeguarding Partnership Board" in words(made)


@pytest.mark.parametrize("given", [None, "sandwell"])
def test_the_questions_of_the_wrong_policy_are_refused(library, any_case, given, now):
    policy = library.get("gloucestershire")
    questions = library.get(given) if given else None
    with pytest.raises(ValueError, match=r"uses those of 'jersey'\. Give questions="):
        meeting_pack(any_case(policy), policy, [], now=now, questions=questions)


def test_a_note_at_a_question_that_is_not_asked_is_refused(jersey, jersey_case, now):
    strange = PreparationNote(question="z9", heading="?", state="answered", note="x")
    with pytest.raises(ValueError, match=r"notes at z9, which jersey October 2014 .*Allowed: f_"):
        meeting_pack(jersey_case, jersey, [strange], now=now)


def test_the_pack_of_another_policy_is_refused(jersey, sandwell_case, now):
    with pytest.raises(OtherPolicyError):
        meeting_pack(sandwell_case, jersey, [], now=now)


def test_only_a_persons_words_are_shortened_and_the_pack_says_so(
    jersey, jersey_case, read, words, now
):
    notes = noted(jersey, "answered", note=HISTORY * 8)
    made = meeting_pack(jersey_case, jersey, notes, now=now)
    rows = read(made).tables[0].rows[1:]
    assert [row.cells[0].text for row in rows] == [
        each.ask for each in (*jersey.factors, *jersey.reflection)
    ]
    assert all(row.cells[1].text.endswith(" …") for row in rows)
    assert SHORTENED in words(made)
    few = meeting_pack(jersey_case, jersey, notes[:2], now=now)
    assert SHORTENED not in words(few) and "…" not in words(few)


@pytest.mark.parametrize(
    ("state", "note"),
    [
        pytest.param("answered", "Yes.", id="short notes"),
        pytest.param("answered", HISTORY * 8, id="long notes"),
        pytest.param("answered", HISTORY.upper() * 8, id="in capitals"),
        pytest.param("answered", "M" * 900, id="without a space"),
        pytest.param("answered", "一二三四五 " * 60, id="in wide letters"),
        pytest.param("not_known_yet", None, id="nothing known"),
    ],
)
def test_all_eighteen_questions_are_printed_on_one_page(
    jersey, jersey_case, printed, state, note, now
):
    case = replace(jersey_case, summary=HISTORY * 30)
    pages = printed(meeting_pack(case, jersey, noted(jersey, state, note=note), now=now))
    assert len(pages) == 1
    assert "Page 1 of 1" in pages[0]
    assert jersey.reflection[-1].ask.split("?")[0][-20:] in " ".join(pages[0].split())


def test_the_type_is_never_smaller_than_eight_points(jersey, jersey_case, read, now):
    paper = read(
        meeting_pack(jersey_case, jersey, noted(jersey, "answered", note="x" * 900), now=now)
    )
    sizes = [style.font.size.pt for style in paper.styles if style.type == 1 and style.font.size]
    used = {line.style.name for line in paper.paragraphs} | {"Cell", "Cell head", "Hint"}
    assert min(paper.styles[name].font.size.pt for name in used) >= 8
    assert sizes and paper.element.find(f".//{qn('w:tblHeader')}") is not None
