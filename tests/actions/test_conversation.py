import pytest

from actions import conversation as spoken


def test_a_message_is_read_into_plain_values(conversation):
    tracker = conversation().hears("hello", intent="greet", confidence=0.9)
    assert spoken.intent(tracker) == "greet"
    assert spoken.confidence(tracker) == 0.9
    assert spoken.text(tracker) == "hello"
    assert spoken.tap(tracker) is None
    assert spoken.risk(tracker) == {}


def test_a_tap_is_its_question_and_value(conversation):
    assert spoken.tap(conversation().hears(tap=("area", "x"))) == ("area", "x")


def test_an_empty_message_is_nothing_at_all(conversation):
    tracker = conversation().hears()
    tracker.latest_message = {}
    assert (spoken.intent(tracker), spoken.confidence(tracker), spoken.text(tracker)) == ("", 0, "")


def test_the_first_entity_of_a_name(conversation):
    tracker = conversation().hears("x", entities={"partnership": "jersey"})
    assert spoken.entity(tracker, "partnership") == "jersey"
    assert spoken.entity(tracker, "stage") is None


def test_the_same_message_gives_the_same_key_for_one_purpose_only(conversation):
    talk = conversation()
    first, again = (talk.hears("a", message_id="m1") for _ in range(2))
    assert spoken.once(first, "alert") == spoken.once(again, "alert")
    assert spoken.once(first, "alert") != spoken.once(first, "draft")
    assert spoken.once(first, "alert") != spoken.once(talk.hears("a", message_id="m2"), "alert")


def test_the_same_id_of_another_person_is_another_message(conversation):
    keys = {spoken.once(conversation().hears("a", message_id="m1"), "alert") for _ in range(3)}
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("actions", "dealt"),
    [
        ([], False),
        (["walk_form"], False),
        (["action_go_back"], True),
        (["walk_form", "action_risk"], True),
    ],
)
def test_a_form_that_resumes_knows_that_another_action_took_the_message(
    conversation, actions, dealt
):
    since = [{"event": "action", "name": name} for name in actions]
    assert spoken.already_dealt_with(conversation().hears("x", since=since)) is dealt


def test_only_what_the_last_message_answered_is_new(conversation, walk_of):
    talk = conversation(walk_of("jersey", imminent="no"))
    after = [["policy", "jersey"], ["imminent", "no"], ["matter", "child"]]
    since = [{"event": "slot", "name": "walk_answers", "value": after}]
    assert spoken.newly_answered(talk.hears("x", since=since)) == {"matter"}
    changed = [["policy", "jersey"], ["imminent", "yes"]]
    since = [{"event": "slot", "name": "walk_answers", "value": changed}]
    assert spoken.newly_answered(talk.hears("x", since=since)) == {"imminent"}
    assert spoken.newly_answered(talk.hears("x")) == set()
