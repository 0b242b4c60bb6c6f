"""The risk screen as a component: faults, silence, and what it writes into a message."""

from types import SimpleNamespace

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import risk_screen
from bot.nlu.reading import READ, Read
from bot.nlu.risk_screen import LONGEST_LEARNT, RiskScreen, learnt
from bot.nlu.scale import IntentScale, RiskScale, Scales

SCALES = Scales(
    RiskScale(
        words=1.0, meaning=1.0, offset=0.0, alone=2.0, calm=-5.0, alarm=5.0, slope=1.0, shift=0.0,
        ask=0.2, interrupt=0.7,
    ),
    IntentScale(words=1.0, meaning=1.0, alone=1.0, sure=0.9),
)  # fmt: skip
READ_TEXT = Read(("words",), 1, lambda _texts: (np.zeros((1, 4)), np.zeros((1, 3))))


def screen_with(probability: float) -> RiskScreen:
    """A screen whose model always gives this probability."""
    model = SimpleNamespace(
        probability=lambda read, scale: (probability, read.parts[0]),
        words_that_spoke=lambda text: ("words",),
    )
    return RiskScreen({}, None, None, model)


@pytest.fixture(autouse=True)
def scale(monkeypatch):
    monkeypatch.setattr(risk_screen, "load_scales", lambda: SCALES)


@pytest.mark.parametrize(
    ("probability", "tier"),
    [(0.71, "high"), (0.69, "low"), (0.21, "low"), (0.19, None), (0.0001, None)],
)
def test_two_thresholds_part_interrupting_asking_and_passing(probability, tier):
    risk = screen_with(probability).risk_of("something happened", READ_TEXT)
    assert risk["tier"] == tier
    assert risk["score"] == pytest.approx(probability, abs=1e-3)
    assert risk["matched"] == (["sounds like: words"] if tier else [])


def test_the_lexicon_adds_an_alarm_that_the_model_does_not_give():
    risk = screen_with(0.0001).risk_of("he has a knife", READ_TEXT)
    assert risk["tier"] == "low"
    assert risk["matched"][0] == "weapon: has a knife"


@pytest.mark.parametrize("words", ["he does not have a knife", "he had a knife in 2019"])
def test_the_lexicon_never_takes_an_alarm_away(words):
    assert screen_with(0.9999).risk_of(words, READ_TEXT)["tier"] == "high"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_words_are_no_risk(text):
    assert screen_with(0.9999).risk_of(text, READ_TEXT) == {
        "tier": None,
        "score": 0.0,
        "matched": [],
    }


@pytest.mark.parametrize("broken", ["model", "lexicon", "scale", "reading"])
def test_whatever_fails_the_advice_is_shown(monkeypatch, broken):
    def fails(*_args):
        raise RuntimeError(f"the {broken} is gone")

    screen = screen_with(0.0001)
    match broken:
        case "model":
            screen = RiskScreen({}, None, None, None)
        case "lexicon":
            monkeypatch.setattr(risk_screen, "matches", fails)
        case "scale":
            monkeypatch.setattr(risk_screen, "load_scales", fails)
    read = None if broken == "reading" else READ_TEXT
    assert screen.risk_of("anything", read) == {
        "tier": "high",
        "score": 1.0,
        "matched": ["the screen failed"],
    }


def test_the_risk_is_part_of_what_rasa_hands_on():
    [message] = screen_with(0.9999).process(
        [Message({"text": "he is at the door", READ: READ_TEXT})]
    )
    assert message.as_dict(only_output_properties=True)["risk"]["tier"] == "high"


def test_what_is_too_long_to_learn_from_as_one_whole_is_left_out():
    assert learnt("word " * LONGEST_LEARNT)
    assert not learnt("word " * (LONGEST_LEARNT + 1))
    assert not learnt(None)
