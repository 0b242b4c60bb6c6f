"""What may be the outcome of a case on record: asked which, and nothing of the words lost."""

from dataclasses import replace

import pytest

from actions.hearing import NEW, SHORT
from actions.state import Walk
from actions.surroundings import set_up
from actions.walk import ActionStartWalk, ActionTakeUp
from bot.records.errors import DatabaseUnavailableError

WORDS = "met with them today, still no agreement"
DESCRIBED = "I disagree with the decision to close the case"


@pytest.fixture
def me(conversation):
    return conversation(person="me", in_form=False)


def heard(run_action, talk, words=WORDS, **more):
    return run_action(ActionStartWalk(), talk.hears(words, intent="describe", **more))


def after(me, outcome):
    """The conversation as the slots then hold it."""
    case = outcome.slots()["walk_case"]
    return replace(me, walk=Walk(said=tuple(map(tuple, case["said"]))))


def test_with_an_open_case_it_is_asked_which_is_meant(run_action, raised, me):
    reference = raised()
    outcome = heard(run_action, me)
    assert outcome.said("utter_case_outcome_or_new")["reference"] == f"**{reference}**"
    assert outcome.titles == ["Yes: tell what happened", "No, it is a new disagreement"]
    assert outcome.followup == "action_listen"


def test_with_several_there_is_a_button_for_each(run_action, raised, me):
    references = {raised(), raised("jersey", "s3")}
    outcome = heard(run_action, me)
    assert {title.split(": ")[1] for title in outcome.titles[:-1]} == references
    assert "one of your" in outcome.said("utter_case_outcome_or_new")["reference"]


@pytest.mark.parametrize(
    "words", [DESCRIBED, "still waiting for an assessment", f"no agreement. {'x' * SHORT}"]
)
def test_a_description_begins_a_walk_although_a_case_is_open(run_action, raised, me, words):
    raised()
    outcome = heard(run_action, me, words)
    assert "utter_walk_begin" in outcome.responses
    assert ["summary", words] in outcome.slots()["walk_case"]["said"]


def test_an_outcome_that_no_open_case_can_have_begins_a_walk(run_action, raised, me):
    raised("sandwell", "s1")
    outcome = heard(run_action, me, "the chair has decided")
    assert "utter_walk_begin" in outcome.responses


def test_without_a_case_of_ones_own_a_walk_begins(run_action, raised, me):
    raised(person="somebody else")
    assert "utter_walk_begin" in heard(run_action, me).responses


def test_where_the_cases_cannot_be_read_the_walk_begins(run_action, around, me):
    set_up(replace(around, database=Unreadable()))
    assert "utter_walk_begin" in heard(run_action, me).responses


class Unreadable:
    def reading(self):
        raise DatabaseUnavailableError("gone")


@pytest.mark.parametrize("answer", [{"tap": True}, {"text": "yes"}, {"text": "Yes please"}])
def test_yes_tells_the_outcome_with_the_words_that_were_typed(run_action, raised, me, answer):
    reference = raised()
    later = after(me, heard(run_action, me))
    tracker = (
        later.hears("Yes", tap=("case_report", reference))
        if "tap" in answer
        else later.hears(answer["text"], intent="choose")
    )
    outcome = run_action(ActionTakeUp(), tracker)
    assert outcome.answers["outcome"] == "not_agreed"
    assert outcome.answers["outcome_on"] == "2026-11-18"
    assert outcome.followup == "walk_form"
    assert outcome.slots()["walk_case"]["said"] == []


@pytest.mark.parametrize("answer", [{"tap": (NEW, "begin")}, {"text": "no, a new one"}])
def test_no_begins_a_walk_with_the_words_and_the_partnership(run_action, raised, me, answer):
    raised()
    later = after(me, heard(run_action, me, entities={"partnership": "jersey"}))
    said = answer.get("text", "No")
    outcome = run_action(ActionTakeUp(), later.hears(said, intent="choose", tap=answer.get("tap")))
    assert outcome.answers == {"policy": "jersey"}
    assert ["summary", WORDS] in outcome.slots()["walk_case"]["said"]
    assert outcome.followup == "walk_form"


def test_an_old_button_for_a_new_disagreement_begins_nothing(run_action, me):
    outcome = run_action(ActionTakeUp(), me.hears("No", tap=(NEW, "begin")))
    assert outcome.responses == ["utter_walk_not_waiting"]
