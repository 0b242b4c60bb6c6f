from dataclasses import replace

import pytest

from actions.keeping import keep
from actions.state import Walk
from actions.surroundings import Surroundings, set_up
from actions.walk import (
    MOST_DRAFTS,
    ActionChangeAnswer,
    ActionGoBack,
    ActionResume,
    ActionStartAgain,
    ActionStartWalk,
    ActionStopWalk,
    ActionTakeUp,
)

SANDWELL = {"imminent": "no", "matter": "another_agency"}


@pytest.fixture
def with_drafts(around, conversation, walk_of):
    """A person with so many drafts."""

    def make(*policies):
        talk = conversation(in_form=False)
        for number, policy in enumerate(policies):
            keep(around, talk.person, walk_of(policy, imminent="no"), f"draft-{number}")
        return talk

    return make


def test_a_walk_begins_with_what_the_first_message_said(run_action, conversation):
    talk = conversation(in_form=False)
    tracker = talk.hears("in Sandwell", intent="start_walk", entities={"partnership": "sandwell"})
    outcome = run_action(ActionStartWalk(), tracker)
    assert outcome.answers == {"policy": "sandwell"}
    assert outcome.slots()["walk_case"]["version"] is not None


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("start_walk", []),
        ("received_escalation", [["matter", "received"]]),
        ("describe", [["summary", "They closed it"]]),
    ],
)
def test_what_the_message_meant_is_kept_ahead(run_action, conversation, intent, said):
    tracker = conversation(in_form=False).hears("They closed it", intent=intent)
    assert run_action(ActionStartWalk(), tracker).slots()["walk_case"]["said"] == said


def test_a_partnership_that_is_no_longer_here_is_asked_for(run_action, conversation):
    tracker = conversation(in_form=False).hears("x", entities={"partnership": "atlantis"})
    assert run_action(ActionStartWalk(), tracker).answers == {}


def test_the_default_of_the_place_is_used(run_action, conversation, around):
    set_up(Surroundings(around.library, around.database, "plymouth", around.now))
    outcome = run_action(ActionStartWalk(), conversation(in_form=False).hears("begin"))
    assert outcome.answers == {"policy": "plymouth"}


def test_starting_again_says_that_the_draft_is_kept(run_action, conversation, walk_of):
    walk = replace(walk_of("jersey", imminent="no"), draft="d1")
    outcome = run_action(ActionStartAgain(), conversation(walk).hears("start again"))
    assert outcome.responses[0] == "utter_walk_draft_kept"
    assert outcome.answers == {}
    assert outcome.slots()["walk_case"]["draft"] is None


def test_back_takes_the_last_answer_and_names_it(run_action, conversation, walk_of):
    walk = walk_of("sandwell", **SANDWELL)
    outcome = run_action(ActionGoBack(), conversation(walk).hears("back"))
    assert outcome.answers == dict(walk.answers[:-1])
    assert outcome.said("utter_walk_back")["question"] == "Whose decision"


@pytest.mark.parametrize("action", [ActionGoBack, ActionChangeAnswer])
def test_at_the_beginning_there_is_nothing_to_take_back(run_action, conversation, action):
    outcome = run_action(action(), conversation(Walk()).hears("back"))
    assert outcome.responses == ["utter_walk_at_the_beginning"]
    assert outcome.events == []


def test_before_the_first_note_of_the_preparation_there_is_nothing_to_take_back(
    run_action, conversation, walk_of
):
    walk = replace(walk_of("jersey"), phase="prepare", reference="ESC-2026-0001")
    outcome = run_action(ActionGoBack(), conversation(walk).hears("back"))
    assert outcome.responses == ["utter_walk_at_the_beginning"]
    assert outcome.events == []


def test_changing_an_answer_asks_which_one(run_action, conversation, walk_of, around):
    walk = walk_of("sandwell", **SANDWELL)
    outcome = run_action(ActionChangeAnswer(), conversation(walk).hears("change"))
    after = replace(walk, answers=tuple(outcome.answers.items()))
    assert after.question(around).fact == "change"


@pytest.mark.parametrize(
    ("walk", "response", "title"),
    [
        (Walk(), "utter_walk_nothing_kept", "I disagree with a decision"),
        (Walk(draft="d1"), "utter_walk_stopped", "Carry on"),
        (Walk(phase="prepare"), "utter_prepare_stopped", "Go on preparing"),
    ],
)
def test_stopping_says_what_is_kept(run_action, conversation, walk, response, title):
    outcome = run_action(ActionStopWalk(), conversation(walk).hears("stop"))
    assert outcome.responses == [response]
    assert title in outcome.titles


def test_the_only_draft_is_taken_up_at_once(run_action, with_drafts):
    outcome = run_action(ActionResume(), with_drafts("jersey").hears("carry on"))
    assert outcome.answers == {"policy": "jersey"}  # risk is asked anew
    assert outcome.followup == "walk_form"
    assert outcome.slots()["risk_alert"] is None


def test_of_several_drafts_a_few_are_offered(run_action, with_drafts):
    talk = with_drafts(*["jersey", "sandwell"] * 4)
    outcome = run_action(ActionResume(), talk.hears("carry on"))
    assert outcome.responses == ["utter_walk_which_draft"]
    assert len(outcome.titles) == MOST_DRAFTS


def test_with_no_draft_that_is_said(run_action, with_drafts):
    outcome = run_action(ActionResume(), with_drafts().hears("carry on"))
    assert outcome.responses == ["utter_walk_no_draft"]


def test_a_draft_button_takes_its_draft_up(run_action, with_drafts):
    talk = with_drafts("jersey", "sandwell")
    outcome = run_action(ActionTakeUp(), talk.hears(tap=("draft", "draft-1")))
    assert outcome.answers["policy"] == "sandwell"


@pytest.mark.parametrize("draft", ["draft-0", "nonsense"])
def test_a_draft_of_another_or_none_is_refused(run_action, with_drafts, conversation, draft):
    with_drafts("jersey")
    outcome = run_action(ActionTakeUp(), conversation(in_form=False).hears(tap=("draft", draft)))
    assert outcome.responses == ["utter_walk_no_draft"]
    assert outcome.events == []


def test_a_button_that_no_question_waits_for_says_so(run_action, conversation):
    outcome = run_action(ActionTakeUp(), conversation(in_form=False).hears(tap=("stage", "s1")))
    assert outcome.responses == ["utter_walk_not_waiting"]


def test_a_draft_of_a_version_that_is_gone_is_kept_and_said(
    run_action, conversation, walk_of, around
):
    talk = conversation(in_form=False)
    walk = walk_of("jersey", imminent="no")
    keep(around, talk.person, walk, "d1")
    set_up(Surroundings(without(around.library, "jersey"), around.database, None, around.now))
    outcome = run_action(ActionResume(), talk.hears("carry on"))
    assert outcome.responses == ["utter_walk_version_gone"]
    assert outcome.events == []


def without(library, policy_id):
    return replace(library, versions={k: v for k, v in library.versions.items() if k != policy_id})


def test_drafts_are_listed_even_if_the_policy_of_one_is_gone(run_action, with_drafts, around):
    talk = with_drafts("jersey", "sandwell")
    set_up(Surroundings(without(around.library, "jersey"), around.database, None, around.now))
    outcome = run_action(ActionResume(), talk.hears("carry on"))
    assert outcome.responses == ["utter_walk_which_draft"]
    assert len(outcome.titles) == 2
