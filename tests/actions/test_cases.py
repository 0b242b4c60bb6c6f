"""The list, the status, the beginning of a report, and one step back."""

from dataclasses import replace
from datetime import date

import pytest

from actions.cases import (
    ActionListCases,
    ActionReportOutcome,
    ActionShowStatus,
    ActionUndoStep,
)
from actions.state import Walk
from actions.taps import REPORT, STATUS, UNDO_NOW
from bot.records.progress import take_step
from bot.records.steps import DutySettled, Ended, Left, Step
from bot.records.store import find
from bot.records.tables import EscalationRow


@pytest.fixture
def me(conversation):
    return conversation(person="me", in_form=False)


def test_the_list_has_a_button_for_each_open_case(run_action, raised, me):
    first, second = raised(), raised("jersey", "s3")
    raised("plymouth", "s2", person="somebody else")
    outcome = run_action(ActionListCases(), me.hears("my escalations", intent="list_cases"))
    [card] = outcome.cards
    assert first in str(card)
    assert second in str(card)
    assert "Plymouth" not in str(card)
    assert sorted(title[:13] for title in outcome.titles) == sorted([first, second])


def test_in_a_walk_the_list_has_no_buttons_that_would_lead_away(run_action, raised, conversation):
    raised()
    talk = conversation(person="me", in_form=True)
    assert run_action(ActionListCases(), talk.hears("my escalations")).titles == []


def test_without_a_case_the_ways_to_begin_are_offered(run_action, me):
    for action in (ActionListCases(), ActionShowStatus(), ActionReportOutcome(), ActionUndoStep()):
        outcome = run_action(action, me.hears("status"))
        assert outcome.responses == ["utter_case_none"]
        assert "I disagree with a decision" in outcome.titles


def test_the_only_case_is_meant_where_none_is_named(run_action, raised, me):
    reference = raised()
    outcome = run_action(ActionShowStatus(), me.hears("where is it now"))
    assert outcome.cards[0]["title"] == reference
    assert "Tell what happened" in outcome.titles


def test_among_several_it_is_asked_which(run_action, raised, me):
    raised()
    raised("jersey", "s3")
    outcome = run_action(ActionShowStatus(), me.hears("where is it now"))
    assert outcome.responses == ["utter_case_which"]
    assert len(outcome.titles) == 2


def test_the_case_spoken_of_last_is_meant(run_action, raised, conversation):
    first = raised()
    raised("jersey", "s3")
    talk = conversation(Walk(reference=first), person="me", in_form=False)
    assert run_action(ActionShowStatus(), talk.hears("and now?")).cards[0]["title"] == first


def test_a_button_names_its_case(run_action, raised, me):
    raised()
    second = raised("jersey", "s3")
    outcome = run_action(ActionShowStatus(), me.hears(tap=(STATUS, second)))
    assert outcome.cards[0]["title"] == second


@pytest.mark.parametrize("words", ["ESC-2026-0099", "esc 99"])
def test_a_reference_of_nobody_or_somebody_else_looks_the_same(run_action, raised, me, words):
    raised()
    theirs = raised("jersey", "s3", person="somebody else")
    for said in (words, theirs):
        outcome = run_action(ActionShowStatus(), me.hears(f"status of {said}"))
        assert outcome.responses == ["utter_case_unknown"]
        assert outcome.cards == []


def test_a_tapped_reference_of_somebody_else_shows_nothing(run_action, raised, me):
    raised()
    theirs = raised("jersey", "s3", person="somebody else")
    for action, tap in ((ActionShowStatus(), STATUS), (ActionUndoStep(), UNDO_NOW)):
        outcome = run_action(action, me.hears(tap=(tap, theirs)))
        assert outcome.responses == ["utter_case_unknown"]


def test_a_report_takes_what_was_plainly_told(run_action, raised, me, around):
    reference = raised()
    outcome = run_action(
        ActionReportOutcome(), me.hears("we met today and did not agree", intent="report_outcome")
    )
    assert outcome.followup == "walk_form"
    assert outcome.slots()["walk_case"]["phase"] == "progress"
    assert outcome.slots()["walk_case"]["reference"] == reference
    assert outcome.answers["outcome"] == "not_agreed"
    assert outcome.answers["outcome_on"] == around.now().date().isoformat()


@pytest.fixture
def ended(raised, around):
    """Records a case that has ended, and gives its reference."""

    def end(policy, stage):
        reference, today = raised(policy, stage), around.now().date()
        done = Ended(status="resolved", ended_on=today, ending="Agreed.", lessons=None)
        left = Left(stage=stage, left_on=today, outcome="agreed")
        step = Step(kind="outcome", at_stage=stage, left=left, ended=done)
        with around.database.session() as session:
            take_step(
                session, key=reference, reference=reference, person="me", now=around.now(),
                step=step,
            )  # fmt: skip
        return reference

    return end


def test_an_outcome_of_what_has_ended_is_told_that_it_has(run_action, ended, raised, me):
    first = ended("sandwell", "s2")
    for said in (me.hears("resolved today"), me.hears(tap=(REPORT, first))):
        outcome = run_action(ActionReportOutcome(), said)
        assert outcome.responses == ["utter_case_ended"]
        assert outcome.titles == ["Where it stands", "Take the last step back"]
    ended("jersey", "s3")
    assert run_action(ActionReportOutcome(), me.hears("resolved today")).responses == [
        "utter_case_all_ended"
    ]
    still = raised("plymouth", "s2")
    outcome = run_action(ActionReportOutcome(), me.hears(f"{first} resolved today"))
    assert outcome.responses == ["utter_case_ended"]
    outcome = run_action(ActionReportOutcome(), me.hears("resolved today"))
    assert outcome.slots()["walk_case"]["reference"] == still


def test_a_day_before_the_stage_began_is_not_taken(run_action, raised, me):
    raised()
    outcome = run_action(ActionReportOutcome(), me.hears("we agreed on 2 November 2026"))
    assert outcome.answers["outcome"] == "agreed"
    assert "outcome_on" not in outcome.answers


def test_an_outcome_that_the_stage_cannot_have_is_asked_for(run_action, raised, me):
    raised()
    outcome = run_action(ActionReportOutcome(), me.hears("the chair has decided"))
    assert "outcome" not in outcome.answers


def test_a_tap_tells_nothing_but_the_case(run_action, raised, me):
    reference = raised()
    outcome = run_action(ActionReportOutcome(), me.hears(tap=(REPORT, reference)))
    assert set(outcome.answers) == {"policy"}


def test_undoing_is_confirmed_first(run_action, raised, me, around):
    reference = raised()
    with around.database.reading() as session:
        before = find(session, reference=reference, person="me")
    duty = before.duties[0]
    done = DutySettled(stage=duty.stage, key=duty.key, status="done", settled_on=date(2026, 11, 18))
    step = Step(kind="duty", at_stage=before.stages[-1].stage, done=(done,))
    with around.database.session() as session:
        take_step(session, key="k", reference=reference, person="me", now=around.now(), step=step)
    asked = run_action(ActionUndoStep(), me.hears("undo that"))
    assert asked.titles == ["Yes, take it back", "No, leave it"]
    undone = run_action(ActionUndoStep(), me.hears(tap=(UNDO_NOW, reference)))
    assert undone.responses[0] == "utter_case_undone"
    assert undone.cards[0]["title"] == reference
    with around.database.reading() as session:
        assert find(session, reference=reference, person="me") == before


def test_a_case_whose_policy_is_gone_is_named_and_said_to_be_kept(
    run_action, raised, me, around, caplog
):
    raised()
    with around.database.session() as session:
        for row in session.query(EscalationRow):
            row.policy_version = "long gone"
    outcome = run_action(ActionShowStatus(), me.hears("status"))
    assert outcome.responses == ["utter_case_policy_gone", "utter_case_none"]
    assert "case.policy_gone" in caplog.text


def test_the_walk_before_is_not_mixed_with_the_case(run_action, raised, conversation):
    raised()
    before = replace(Walk(), answers=(("policy", "jersey"), ("imminent", "no")), draft="d")
    talk = conversation(before, person="me", in_form=False)
    outcome = run_action(ActionReportOutcome(), talk.hears("not agreed"))
    assert outcome.slots()["walk_case"]["draft"] is None
    assert outcome.answers["policy"] == "sandwell"
