import json

from actions.buttons import BEGIN, answer_button, answer_buttons, intent_button
from bot.channels.sealed import Tap
from bot.escalation.questions import Choice


def test_a_button_carries_its_question_and_its_value():
    button = answer_button("Yes", "imminent", "yes")
    assert button["title"] == "Yes"
    assert json.loads(button["payload"]) == {
        "intent": "choose",
        "choice": {"q": "imminent", "raw": "yes"},
    }


def test_the_channels_can_read_every_button():
    for button in (*BEGIN, intent_button("Back", "go_back"), answer_button("A", "area", "x")):
        assert Tap.from_button(button).title == button["title"]


def test_one_button_for_each_choice_in_order():
    titles = [b["title"] for b in answer_buttons("f", [Choice("a", "A"), Choice("b", "B")])]
    assert titles == ["A", "B"]
