"""Changing one thing of a case: what is asked, in which order, and what cannot be."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.escalation.amending import (
    WHAT_LABELS,
    Changeable,
    next_amendment_question,
    objection,
)
from bot.escalation.correction import ElsewhereError, corrected
from bot.escalation.questions import NOT_KNOWN, NOT_YET, SUMMARY, Choice
from bot.policy.library import load_library

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
CAN = Changeable(
    limits=(Choice("s1/reply", "To reply"), Choice("s1/meet", "To meet")),
    duties=(Choice("s1/record", "Record it"),),
    corrections=((Choice("summary", "In your words"), SUMMARY),),
    later={"s1/reply": (Choice("2026-12-02", "Wednesday 2 December 2026"),)},
    due={"s1/reply": date(2026, 11, 30)},
    began_on=date(2026, 11, 16),
)
REPLY = (("change_what", "limit"), ("limit", "s1/reply"))


def asked(*answers: tuple[str, str], can: Changeable = CAN) -> str | None:
    question = next_amendment_question(can, answers)
    return question.fact if question else None


def test_only_what_there_is_to_change_is_offered():
    none = replace(CAN, limits=(), duties=())
    question = next_amendment_question(none, ())
    assert [choice.value for choice in question.choices] == ["answer"]
    assert {choice.value for choice in CAN.kinds} == set(WHAT_LABELS)


@pytest.mark.parametrize(
    ("answers", "fact"),
    [
        ((), "change_what"),
        ((("change_what", "limit"),), "limit"),
        (REPLY, "limit_change"),
        ((*REPLY, ("limit_change", "met")), "changed_on"),
        ((*REPLY, ("limit_change", "met"), ("changed_on", "2026-11-26")), "check"),
        ((*REPLY, ("limit_change", "extended")), "until"),
        ((*REPLY, ("limit_change", "extended"), ("until", "2026-12-02")), "reason"),
        ((*REPLY, ("limit_change", "stopped")), "reason"),
        ((*REPLY, ("limit_change", "stopped"), ("reason", "Both agreed")), "check"),
        ((("change_what", "duty"),), "duty"),
        ((("change_what", "duty"), ("duty", "s1/record")), "changed_on"),
        ((("change_what", "answer"),), "answer"),
        ((("change_what", "answer"), ("answer", "summary")), "corrected"),
    ],
)
def test_each_kind_of_change_has_its_questions(answers, fact):
    assert asked(*answers) == fact


def test_once_it_is_confirmed_nothing_is_asked():
    told = (*REPLY, ("limit_change", "stopped"), ("reason", "Both agreed"), ("check", "record"))
    assert asked(*told) is None


def test_later_dates_are_offered_and_read_as_days_to_come():
    question = next_amendment_question(CAN, (*REPLY, ("limit_change", "extended")))
    assert question.ahead
    assert question.choice("2026-12-02")


@pytest.mark.parametrize(
    ("fact", "value", "says"),
    [
        ("until", "2026-11-30", "due on 30 November 2026 already"),
        ("until", "2026-11-27", "Give a later day"),
        ("until", "2026-12-01T16:00+00:00", None),
        ("changed_on", "2026-11-15", "before the case began, on 16 November 2026"),
        ("changed_on", "2026-11-16", None),
        ("changed_on", NOT_YET, "I need the day"),
        ("until", NOT_KNOWN, "I need the day"),
        ("reason", "2026-01-01", None),
    ],
)
def test_what_cannot_be_is_objected_to(fact, value, says):
    why = objection(CAN, REPLY, fact, value, NOW, "Europe/London")
    assert (says in why) if says else why is None


def test_a_limit_without_a_date_may_be_given_any_day_after_today():
    answers = (("change_what", "limit"), ("limit", "s1/meet"))
    assert objection(CAN, answers, "until", "2026-11-26", NOW, "Europe/London")
    assert not objection(CAN, answers, "until", "2026-11-27", NOW, "Europe/London")


@pytest.fixture(scope="module")
def jersey(request):
    return load_library(request.config.rootpath / "policies").get("jersey")


def test_an_answer_that_changes_nothing_of_the_stage_is_taken(jersey):
    facts = {"matter": "theirs", "significant_harm": "yes"}
    facts["matter"] = jersey.facts["matter"].options[0].value
    assert corrected(jersey, facts, "s2", None, NOW).stage.id == "s2"
    assert corrected(jersey, facts, "s2", "s1", NOW).stage.id == "s2"


def test_an_answer_that_leads_elsewhere_says_where(jersey):
    facts = {"matter": jersey.facts["matter"].options[0].value, "significant_harm": "no"}
    for left in (None, "s1"):
        with pytest.raises(ElsewhereError, match=r"leads to .* not to .* I have not changed"):
            corrected(jersey, facts, "s2", left, NOW)


def test_an_answer_that_leaves_it_open_is_not_taken(jersey):
    facts = {"matter": jersey.facts["matter"].options[0].value}
    with pytest.raises(ElsewhereError, match="question that is still open"):
        corrected(jersey, facts, "s2", None, NOW)
