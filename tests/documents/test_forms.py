"""Forms: every printed field in its order, filled where the case knows it, else visibly blank."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from docx.oxml.ns import qn

from bot.documents.forms import (
    BY_PRACTITIONER,
    FROM_CASE,
    NO_ADDRESS,
    NOT_KNOWN,
    UnknownFormError,
    form_of,
)
from bot.documents.recorded import OtherPolicyError
from bot.records.cases import Participant
from bot.wording.force import say_cites

HEAD = "What the form asks"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


def answers(paper) -> dict[str, tuple[str, list[str]]]:
    """Each box of a form by its label: the hint and the lines of the answer."""
    found = {}
    for table in paper.tables:
        if table.rows[0].cells[0].text == HEAD:
            for row in table.rows[1:]:
                label, hint = row.cells[0].text.split("\n")
                found[label] = hint, [line.text.strip() for line in row.cells[1].paragraphs]
    return found


def labels(paper) -> list[str]:
    """Every printed label, in the order of the page."""
    found = []
    for block in paper.iter_inner_content():
        if hasattr(block, "rows"):
            rows = block.rows[1:] if block.rows[0].cells[0].text == HEAD else []
            found += [row.cells[0].text.split("\n")[0] for row in rows]
        elif block.style.name == "Field label":
            found.append(block.text.strip())
    return found


def grid(paper, caption: str) -> list[list[str]]:
    """The cells of the table with that caption."""
    found = [
        t for t in paper.tables if t._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == caption
    ]
    return [[cell.text for cell in row.cells] for row in found[0].rows]


def boxes(paper) -> list[tuple[str, bool]]:
    """Every tick box with its state, in order."""
    return [
        (
            box.find(f".//{qn('w:alias')}").get(qn("w:val")),
            box.find(f".//{W14}checked").get(f"{W14}val") == "1",
        )
        for box in paper.element.iter(qn("w:sdt"))
    ]


def test_every_printed_field_is_there_in_its_order(any_policy, any_form, any_case, read, now):
    paper = read(form_of(any_case(any_policy), any_policy, any_form, now=now))
    assert labels(paper) == [field.printed for field in any_policy.forms[any_form].fields]


def test_fields_that_the_document_numbers_keep_their_numbers(library):
    fields = library.get("jersey").forms["app2"].fields
    assert [field.printed.split(". ")[0] for field in fields] == [str(n) for n in range(1, 8)]
    assert fields[0].printed == "1. Personal Details of Child/Adult (including case refs)"


def test_nothing_is_filled_in_for_the_person_or_for_somebody_else(
    any_policy, any_form, any_case, read, now
):
    shown = answers(read(form_of(any_case(any_policy), any_policy, any_form, now=now)))
    for field in any_policy.forms[any_form].fields:
        if field.filled_by:
            hint, lines = shown[field.printed]
            assert hint == f"For the {any_policy.roles[field.filled_by].name}."
            printed = ["YES / REASON:", "", "NO / REASON:", ""]
            assert lines == (printed if field.type == "yes_no_reason" else [""])
        elif field.personal:
            assert shown[field.printed] == (BY_PRACTITIONER, [""])


def test_a_form_says_where_it_goes_and_where_it_stands(any_policy, any_form, any_case, words, now):
    form = any_policy.forms[any_form]
    said = words(form_of(any_case(any_policy), any_policy, any_form, now=now))
    assert f"Send it to: {form.send_to or NO_ADDRESS}" in said
    assert f"{any_policy.document.label}: {say_cites(any_policy, form.cite)}." in said
    assert ("Optional:" in said) == form.optional
    assert form.note is None or f"Note: {form.note}" in said


def test_the_sandwell_template_is_filled_from_the_case(library, sandwell_case, read, now):
    paper = read(form_of(sandwell_case, library.get("sandwell"), "app3", now=now))
    shown = answers(paper)
    assert shown["Role and Agency"] == (
        f"{FROM_CASE} The agency is not in the case: please add it.",
        ["Head of Service, Safeguarding Lead or Service Manager"],
    )
    assert shown["Brief details of agency disagreement (including agreed outcomes)"] == (
        FROM_CASE,
        ["We think that the referral meets the threshold. They say that it does not."],
    )
    assert shown["Date of discussion/ Meeting re disagreement"][1] == ["Friday 20 November 2026"]
    assert shown["Methodology used to resolve conflict"] == (NOT_KNOWN, [""])
    assert shown["Date"] == (NOT_KNOWN, [""])


def test_a_stage_that_was_left_without_agreement_is_not_where_it_was_resolved(
    library, sandwell_case, read, now
):
    paper = read(form_of(sandwell_case, library.get("sandwell"), "app3", now=now))
    assert sandwell_case.stages[0].outcome == "not_agreed"
    assert grid(paper, "Disagreement resolved at") == [["Level", "Date"], ["", ""], ["", ""]]


def test_the_actions_taken_are_those_that_were_taken(library, sandwell_case, read, now):
    paper = read(form_of(sandwell_case, library.get("sandwell"), "app3", now=now))
    done = [duty.what for duty in sandwell_case.duties if duty.status == "done"]
    assert len(done) == 2
    assert grid(paper, "Actions taken") == [
        ["Actions taken", "By whom", "Date completed"],
        *([what, "Both agencies", "Friday 20 November 2026"] for what in done),
        ["", "", ""],
        ["", "", ""],
    ]


def test_what_is_still_to_do_is_told_to_the_practitioner_but_no_mere_choice(
    library, sandwell_case, read, now
):
    paper = read(form_of(sandwell_case, library.get("sandwell"), "app3", now=now))
    told = [line.text for line in paper.paragraphs if line.text.startswith("Still to do. ")]
    owed = {duty.what: duty for duty in sandwell_case.duties if duty.status == "owed"}
    assert len(told) == 4
    for line in told:
        force, what = line.removeprefix("Still to do. ").split(" do: ", 1)
        duty = owed[what.split(" (")[0]]
        assert (force.lower(), what) == (duty.strength, f"{duty.what} ({duty.citation}).")
    assert not any("Appendix 4 log" in line for line in told), "nobody owes a choice"
    assert not any("Appendix 3 template" in line for line in told), "it is this very form"


def test_a_settled_case_fills_in_how_it_ended(library, sandwell_case, read, now):
    settled = replace(sandwell_case.stages[1], left_on=date(2026, 11, 24), outcome="agreed")
    case = replace(
        sandwell_case,
        status="resolved",
        stages=(sandwell_case.stages[0], settled),
        ended_on=date(2026, 11, 24),
        ending="An assessment starts this week.",
        lessons="Both sides read the threshold document in the same way now.",
        participants=(
            Participant(role="head teacher", side="raising", agency="A primary school"),
            Participant(role="team manager", side="challenged", agency="Children's services"),
        ),
    )
    paper = read(form_of(case, library.get("sandwell"), "app3", now=now))
    shown = answers(paper)
    assert shown["Role and Agency"] == (FROM_CASE, ["Head teacher, A primary school"])
    details = shown["Brief details of agency disagreement (including agreed outcomes)"][1]
    assert details[1] == "Outcome: An assessment starts this week."
    assert grid(paper, "Disagreement resolved at")[1] == [
        "Stage 2: Escalation to Head of Service, Safeguarding Lead/Service Manager: agreed",
        "Tuesday 24 November 2026",
    ]
    assert [lines for label, (_, lines) in shown.items() if "lessons learned" in label] == [
        ["Both sides read the threshold document in the same way now."]
    ]
    log = answers(read(form_of(case, library.get("sandwell"), "app4", now=now)))
    assert log["Agency / School"][1] == ["A primary school"]
    assert log["Escalation Number"][1] == ["ESC-2026-0007"]
    assert log["Concern"][1] == ["A referral, and whether it meets the threshold"]
    assert log["Outcome of Resolution"][1] == ["An assessment starts this week."]
    assert log["Level of Need"] == (NOT_KNOWN, [""])


def test_levels_of_need_are_boxes_and_none_is_ticked(library, sandwell_case, read, now):
    policy = library.get("sandwell")
    drawn = boxes(read(form_of(sandwell_case, policy, "app3", now=now)))
    levels = [field.options for field in policy.forms["app3"].fields if field.options]
    assert drawn[:14] == [(option, False) for options in levels for option in options]
    assert [label for label, _ in drawn[14:]] == ["YES / REASON:", "NO / REASON:"]


def test_only_the_option_that_was_answered_is_ticked(library, case_of, read, now):
    policy = library.get("valley")
    answers_given = {"imminent": "no", "matter": "another_agency", "stage": "a", "area": "support"}
    case = case_of(policy, answers_given)
    drawn = dict(boxes(read(form_of(case, policy, "record", now=now))))
    assert drawn == {
        "Whether an enquiry is needed": False,
        "What support the adult gets": True,
        "Something else": False,
    }


def test_the_jersey_form_names_the_next_stage_and_invents_no_date(library, jersey_case, read, now):
    policy = library.get("jersey")
    shown = answers(read(form_of(jersey_case, policy, "app2", now=now)))
    [(hint, lines)] = [each for label, each in shown.items() if "Next Steps" in label]
    assert hint == FROM_CASE
    assert lines == [
        "Stage 4: Our managers did not settle it. "
        "Who acts then: manager / named or designated safeguarding lead."
    ]
    assert shown["6. Date of submission"] == (NOT_KNOWN, [""])
    assert shown["3. Brief history of family/intervention"] == (NOT_KNOWN, [""])


def test_words_that_may_name_somebody_are_pointed_out(library, jersey_case, read, now):
    case = replace(jersey_case, summary="Mr Example lives there. We differ.")
    shown = answers(read(form_of(case, library.get("jersey"), "app2", now=now)))
    [hint] = [hint for label, (hint, _) in shown.items() if "Summary" in label]
    assert hint == f"{FROM_CASE} It looks as if it holds a name. Check it before you share it."


def test_notes_for_the_practitioner_say_why_and_what_is_unclear(library, sandwell_case, words, now):
    said = words(form_of(sandwell_case, library.get("sandwell"), "app3", now=now))
    assert "Must do: Complete the Appendix 3 template, even if it is settled at stage 2." in said
    assert "Unclear in the policy: The policy twice calls the template Appendix 2." in said


def test_an_unknown_form_is_answered_with_those_there_are(library, sandwell_case, now):
    with pytest.raises(UnknownFormError, match=r"'app9'.*Allowed: app3 \(Multi-Agency.*app4 \("):
        form_of(sandwell_case, library.get("sandwell"), "app9", now=now)


@pytest.mark.parametrize("policy_id", ["berkshire", "gloucestershire", "plymouth"])
def test_a_policy_without_forms_says_so(library, any_case, policy_id, now):
    policy = library.get(policy_id)
    with pytest.raises(UnknownFormError, match=r"has no form\. Make a record"):
        form_of(any_case(policy), policy, "app3", now=now)


def test_a_case_of_another_policy_or_version_is_refused(library, sandwell_case, now):
    with pytest.raises(OtherPolicyError, match=r"under sandwell V0\.3, .* is jersey October 2014"):
        form_of(sandwell_case, library.get("jersey"), "app2", now=now)
    older = replace(sandwell_case, policy_version="V0.2")
    with pytest.raises(OtherPolicyError, match=r"sandwell V0\.2"):
        form_of(older, library.get("sandwell"), "app3", now=now)


def test_a_moment_without_a_zone_is_refused(library, sandwell_case):
    with pytest.raises(ValueError, match="without a time zone"):
        form_of(sandwell_case, library.get("sandwell"), "app3", now=datetime(2026, 11, 26))
