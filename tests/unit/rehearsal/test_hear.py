"""Typed words in a rehearsal: which of the things that can be done they ask for."""

import pytest

from bot.rehearsal.hear import hear, join_code, scenario_named
from bot.rehearsal.offers import Offer, Offers
from bot.rehearsal.state import Entry

OFFERED = Offers(
    point=None,
    choices=(
        Offer("choose", "to_manager", "Take it to my manager", ("manager", "stage 2")),
        Offer(
            "choose", "wait_for_review", "Wait for the review", ("review", "wait for the review")
        ),
    ),
    topics=(Offer("say", "say_reasons", "Ask for the reasons behind it", ("why", "reasons")),),
    facts=(
        Offer("ask", "nursery", "What has the nursery seen?", ("nursery", "attendance")),
        Offer("ask", "school", "What has the school seen?", ("school", "attendance")),
    ),
    steps=(Offer("do", "write_down", "Write down what was said", ("write it down", "record")),),
)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("what has the nursery seen?", Entry("ask", "nursery")),
        ("What about the NURSREY", Entry("ask", "nursery")),
        ("I'd ask them why", Entry("say", "say_reasons")),
        ("write it down", Entry("do", "write_down")),
        ("wait", Entry("wait")),
        ("Next day.", Entry("wait")),
        ("wait until something happens", Entry("wait", "on")),
        ("what does the policy say?", Entry("guide")),
        ("stop the rehearsal", Entry("leave")),
    ],
)
def test_what_is_meant_is_done(text, entry):
    assert hear(OFFERED, text).entry == entry


@pytest.mark.parametrize("text", ["my manager", "I go to stage two", "wait for the review meeting"])
def test_a_decision_that_was_typed_is_asked_back(text):
    heard = hear(OFFERED, text)
    assert heard.entry is None
    assert [offer.kind for offer in heard.may_be] == ["choose"]


def test_what_may_be_two_things_is_asked():
    assert {offer.id for offer in hear(OFFERED, "attendance").may_be} == {"nursery", "school"}


@pytest.mark.parametrize("text", ["banana", "", "and the of", "🙂"])
def test_what_is_none_of_them_is_nothing(text):
    heard = hear(OFFERED, text)
    assert (heard.entry, heard.may_be) == (None, ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("join KRT-482", "KRT-482"),
        ("krt482", "KRT-482"),
        ("code: krt 482", "KRT-482"),
        ("join the meeting", None),
        ("ESC-2026-0012", None),
        ("join KRT-4823", None),
        ("join abc 999", "ABC-999"),
        ("esc 012", None),
        ("Mar 202", None),
        ("REF 123", None),
    ],
)
def test_a_join_code(text, code):
    assert join_code(text) == code


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rehearse jersey_before_christmas", "jersey_before_christmas"),
        ("Rehearse Jersey_Before_Christmas", "jersey_before_christmas"),
        ("rehearse a call", None),
        ("rehearse", None),
    ],
)
def test_the_name_of_a_scenario(text, named):
    assert scenario_named(text) == named
