import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.state import Walk, pairs

PAIRS = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=9)), max_size=4).map(tuple)


class Held:
    """Slots as a tracker holds them."""

    sender_id = "somebody"

    def __init__(self, walk):
        self.slots = {event["name"]: event["value"] for event in walk.events()}

    def get_slot(self, name):
        return self.slots.get(name)


@given(answers=PAIRS, said=PAIRS, narrowed=PAIRS, draft=st.none() | st.text(max_size=5))
def test_a_walk_survives_its_slots(answers, said, narrowed, draft):
    walk = Walk(answers=answers, said=said, narrowed=narrowed, draft=draft, version="1")
    assert Walk.of(Held(walk)) == walk


def test_no_slots_are_an_empty_walk(conversation):
    walk = Walk.of(conversation().hears())
    assert walk == Walk()
    assert not walk.begun


def test_the_slot_of_the_form_is_always_emptied():
    assert {"event": "slot", "name": "walk_answer", "value": None, "timestamp": None} in (
        Walk().events()
    )


def test_the_first_question_is_about_risk_and_the_second_whose_policy(around):
    walk = Walk()
    assert walk.question(around).fact == "imminent"
    walk = walk.taking(around, "imminent", "no")
    asked = walk.question(around)
    assert asked.fact == "policy"
    assert [choice.value for choice in asked.choices][-1] == "by_place"


def test_what_was_said_ahead_is_used_when_its_question_comes_up(around, library):
    version = library.get("jersey").document.label
    walk = Walk(answers=(("policy", "jersey"),), version=version, said=(("matter", "received"),))
    walk = walk.taking(around, "imminent", "no")
    assert dict(walk.answers)["matter"] == "received"
    assert walk.said == ()


def test_what_was_said_ahead_and_is_no_answer_to_the_question_is_asked(around, library):
    version = library.get("jersey").document.label
    walk = Walk(answers=(("policy", "jersey"),), version=version, said=(("matter", "nonsense"),))
    walk = walk.taking(around, "imminent", "no")
    assert walk.question(around).fact == "matter"


def test_there_is_no_decision_before_the_start_is_known(around, walk_of):
    walk = walk_of("sandwell", imminent="no", matter="another_agency", area="threshold", stage="s1")
    assert walk.decision(around) is None
    assert walk.taking(around, "manager_aware", "2026-11-12").decision(around).stage.id == "s1"


def test_while_preparing_there_is_no_decision_but_a_prompt(around, walk_of):
    walk = walk_of("jersey")
    preparing = Walk(answers=walk.answers, version=walk.version, phase="prepare")
    assert preparing.decision(around) is None
    assert preparing.so_far(around) is None
    assert preparing.question(around).fact == preparing.preparation(around).prompts[0].id


@pytest.mark.parametrize("value", [None, [], ()])
def test_nothing_is_no_pairs(value):
    assert pairs(value) == ()
