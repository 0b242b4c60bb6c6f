"""The kinds of agency: what people call them, what a sentence tells, what a policy tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.agencies import (
    KINDS,
    OURS,
    THEIRS,
    WORDS,
    agencies_in,
    agencies_told,
    agency_on,
    kind_named,
)

CSC = "childrens_social_care"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("CSC", CSC),
        ("the MASH", CSC),
        ("children’s social care", CSC),
        ("adult social care", "adult_social_care"),
        ("a GP surgery", "health"),
        ("I am a school nurse", "health"),
        ("two schools", "education"),
        ("probation", "probation"),
        ("social care", None),
        ("social services", None),
        ("police and probation", None),
        ("the hospital social worker", None),
        ("we met, not agreed", None),
        ("", None),
    ],
)
def test_a_kind_is_known_by_what_people_call_it(said, kind):
    assert kind_named(said) == kind


def test_every_word_names_its_kind_alone():
    named = {word: kind_named(word) for words in WORDS.values() for word in words}
    assert named == {word: kind for kind, words in WORDS.items() for word in words}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Police won't share information about the father", {THEIRS: "police"}),
        ("CSC have closed the case", {THEIRS: CSC}),
        ("We disagree with the police", {THEIRS: "police"}),
        ("I want to challenge a decision by children's services", {THEIRS: CSC}),
        ("Our school referred her to MASH and they closed it", {OURS: "education", THEIRS: CSC}),
        ("I'm a health visitor and CSC refused", {OURS: "health", THEIRS: CSC}),
        ("I work in a primary school. The police have decided not to go", {OURS: "education",
                                                                           THEIRS: "police"}),
        ("The police have escalated our decision to step down", {THEIRS: "police"}),
        ("The hospital discharged the baby", {THEIRS: "health"}),
    ],
)  # fmt: skip
def test_a_sentence_tells_whose_decision_it_is_where_it_is_plain(words, told):
    assert agencies_in(words) == told


@pytest.mark.parametrize(
    "words",
    [
        "The referral came from the school and nothing happened",
        "She came to school with a bruise and nobody did anything",
        "Social care have closed the case",
        "Police and probation both refused: police refused and probation refused",
        "The hospital social worker refused",
        "The school told the police about it",
        "Our referral to the police is not taken up",
        "His mental health is not getting better",
        "The threshold was not met",
        "They will not hold a conference",
        "",
    ],
)
def test_a_kind_that_is_only_mentioned_tells_nothing(words):
    assert agencies_in(words) == {}


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_without_an_error(words):
    assert set(agencies_in(words)) <= {OURS, THEIRS}


@pytest.mark.parametrize(
    ("matter", "trust", "told"),
    [
        ("another_agency", "challenged", {THEIRS: CSC}),
        ("another_agency", "raising", {OURS: CSC}),
        ("received", "challenged", {OURS: CSC}),
        ("received", "raising", {THEIRS: CSC}),
        ("another_agency", "neither", {}),
    ],
)
def test_an_answer_of_the_policy_may_tell_the_agency_on_a_side(policies, matter, trust, told):
    assert agencies_told(policies["sandwell"], {"matter": matter, "trust": trust}) == told


def test_an_answer_of_the_policy_goes_before_our_reading_of_a_sentence(policies):
    facts = {"matter": "another_agency", "trust": "challenged", "summary": "Police refused"}
    assert agencies_told(policies["sandwell"], facts) == {THEIRS: CSC}


@pytest.mark.parametrize(
    ("facts", "raising", "challenged"),
    [
        ({OURS: "health", THEIRS: CSC}, "Health", "Children's social care"),
        (
            {OURS: "health", THEIRS: CSC, "matter": "received"},
            "Children's social care",
            "Health",
        ),
        ({OURS: "skipped"}, None, None),
        ({}, None, None),
    ],
)
def test_the_side_of_an_agency_is_that_of_the_escalation(facts, raising, challenged):
    assert agency_on(facts, "raising") == raising
    assert agency_on(facts, "challenged") == challenged


def test_every_kind_has_words_but_the_other():
    assert set(KINDS) - set(WORDS) == {"other"}
