from dataclasses import replace

import pytest

from actions.keeping import keep
from actions.prepare import ActionPrepare
from actions.record import write


@pytest.fixture
def recorded(around, walk_of, conversation):
    """A conversation whose walk was recorded."""

    def make(policy):
        talk, walk = conversation(in_form=False), walk_of(policy)
        while (asked := walk.question(around)) is not None:
            value = {"date": "2026-11-12", "text": "skipped"}.get(asked.kind)
            first = "record" if asked.fact == "check" else "no" if asked.fact == "imminent" else ""
            walk = walk.taking(around, asked.fact, value or first or asked.choices[0].value)
        walk = keep(around, talk.person, walk, f"draft-{policy}")
        reference = write(around, talk.person, walk, walk.policy(around), walk.decision(around))
        return conversation(replace(walk, reference=reference), person=talk.person, in_form=False)

    return make


@pytest.mark.parametrize(
    ("policy", "borrowed"),
    [
        ("jersey", False),
        ("plymouth", False),
        ("sandwell", False),
        ("gloucestershire", True),
        ("berkshire", True),
    ],
)
def test_the_questions_begin_and_borrowed_ones_are_named_as_such(
    run_action, recorded, around, policy, borrowed
):
    outcome = run_action(ActionPrepare(), recorded(policy).hears("prepare"))
    assert ("utter_prepare_borrowed" in outcome.responses) is borrowed
    if borrowed:
        message = outcome.said("utter_prepare_borrowed")
        assert message["partnership"] == around.library.get(policy).publisher
        assert message["source"] == around.library.get("jersey").publisher
    assert int(outcome.said("utter_prepare_begin")["count"]) > 0
    assert outcome.followup == "walk_form"
    assert outcome.slots()["walk_case"]["phase"] == "prepare"


def test_what_was_noted_before_is_not_asked_again(run_action, recorded, around):
    talk = recorded("jersey")
    preparing = replace(talk.walk, phase="prepare", answers=(("policy", "jersey"),))
    first, second, third = preparing.preparation(around).prompts[:3]
    for prompt, value in ((first, "not_known"), (second, "A note")):
        noted = replace(preparing, answers=(("policy", "jersey"), (prompt.id, value)))
        keep(around, talk.person, noted, "x")
    outcome = run_action(ActionPrepare(), talk.hears("prepare"))
    assert outcome.answers == {"policy": "jersey", first.id: "not_known", second.id: "A note"}
    after = replace(preparing, answers=tuple(outcome.answers.items()))
    assert after.question(around).fact == third.id


@pytest.mark.parametrize("policy", [None, "jersey"])
def test_before_the_record_there_is_nothing_to_prepare(run_action, conversation, walk_of, policy):
    outcome = run_action(ActionPrepare(), conversation(walk_of(policy)).hears("prepare"))
    assert outcome.responses == ["utter_prepare_record_first"]
    assert outcome.events == []
