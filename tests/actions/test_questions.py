from dataclasses import replace

import pytest

from actions.questions import ANSWERS, ActionAnswerQuestion, stage_in

NEED_A_POLICY = [
    "ask_stage",
    "ask_deadline",
    "ask_contact",
    "ask_form",
    "ask_policy_stage",
    "ask_factors",
]
AT_STAGE_1 = {
    "imminent": "no", "matter": "another_agency", "area": "threshold", "stage": "s1",
    "manager_aware": "2026-11-12",
}  # fmt: skip


@pytest.fixture
def answer(run_action):
    return lambda tracker: run_action(ActionAnswerQuestion(), tracker)


@pytest.mark.parametrize("intent", list(ANSWERS))
@pytest.mark.parametrize(
    "policy", [None, "jersey", "plymouth", "sandwell", "gloucestershire", "berkshire"]
)
def test_every_question_gets_words_or_a_card_and_changes_nothing(
    answer, conversation, walk_of, intent, policy
):
    outcome = answer(conversation(walk_of(policy)).hears("?", intent=intent))
    assert len(outcome.messages) == 1
    assert outcome.cards or outcome.responses
    assert outcome.events == []


def test_whoever_has_a_case_may_get_its_form_filled_in(answer, conversation, walk_of):
    walk = replace(walk_of("sandwell"), reference="ESC-2026-0001")
    words = "can I have the form"
    outcome = answer(conversation(walk, in_form=False).hears(words, intent="ask_form"))
    assert outcome.cards
    assert outcome.responses == ["utter_files_form_offer"]
    assert outcome.titles == ["Get the form"]
    in_walk = answer(conversation(walk).hears(words, intent="ask_form"))
    assert in_walk.responses == []


@pytest.mark.parametrize("intent", NEED_A_POLICY)
def test_without_a_policy_it_asks_whose(answer, conversation, intent):
    outcome = answer(conversation(in_form=False).hears("?", intent=intent))
    assert outcome.responses == ["utter_question_which_partnership"]


@pytest.mark.parametrize("intent", NEED_A_POLICY)
def test_a_partnership_named_in_the_question_is_enough(answer, conversation, intent):
    tracker = conversation(in_form=False).hears(
        "?", intent=intent, entities={"partnership": "jersey"}
    )
    assert answer(tracker).cards


def test_the_answer_is_given_once_it_can_be_given(answer, conversation, walk_of):
    talk = conversation(walk_of("sandwell", **AT_STAGE_1))
    (card,) = answer(talk.hears("?", intent="ask_stage")).cards
    assert "Stage 1" in card["title"]
    (card,) = answer(talk.hears("?", intent="ask_deadline")).cards
    assert "November 2026" in str(card)


def test_before_that_the_ladder_is_shown(answer, conversation, walk_of):
    (card,) = answer(conversation(walk_of("sandwell")).hears("?", intent="ask_stage")).cards
    assert "Stage 4" in str(card)


def test_why_tells_the_reason_of_the_question_that_is_open(answer, conversation, walk_of, around):
    talk = conversation(walk_of("sandwell", imminent="no"))
    (card,) = answer(talk.hears("why?", intent="ask_why")).cards
    assert talk.walk.question(around).why in str(card)


def test_outside_a_walk_there_is_no_question_to_explain(answer, conversation):
    outcome = answer(conversation(in_form=False).hears("why?", intent="ask_why"))
    assert outcome.responses == ["utter_question_nothing_asked"]


@pytest.mark.parametrize(
    ("named", "said", "stage"),
    [
        ("2", "", "s2"),
        ("", "tell me about Stage 3", "s3"),
        ("9", "", None),
        ("", "that stage", None),
    ],
)
def test_a_stage_is_known_by_its_number_or_its_label(library, named, said, stage):
    found = stage_in(library.get("sandwell"), named, said)
    assert (found.id if found else None) == stage


def test_what_it_cannot_do_is_declined(answer, conversation):
    outcome = answer(conversation(in_form=False).hears("rain?", intent="out_of_scope"))
    assert outcome.responses == ["utter_question_out_of_scope"]
    assert outcome.titles


def test_inside_a_walk_no_other_buttons_distract(answer, conversation, walk_of):
    outcome = answer(conversation(walk_of("jersey")).hears("thanks", intent="thanks"))
    assert outcome.titles == []
