"""The risk screen as a component: faults, silence, and what it writes into a message."""

from types import SimpleNamespace

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import risk_screen
from bot.nlu.risk_model import Scale
from bot.nlu.risk_screen import LONGEST_LEARNT, RiskScreen, learnt

SCALE = Scale(slope=1.0, offset=0.0, clause=2.0, ask=0.2, interrupt=0.7)


def screen_with(odds: float) -> RiskScreen:
    """A screen whose model always gives these log odds."""
    model = SimpleNamespace(
        read=lambda text, scale: (odds, text), words_that_spoke=lambda text: ("words",)
    )
    return RiskScreen({}, None, None, model)


@pytest.fixture(autouse=True)
def scale(monkeypatch):
    monkeypatch.setattr(risk_screen, "load_scale", lambda: SCALE)


def odds_of(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


@pytest.mark.parametrize(
    ("probability", "tier"),
    [(0.71, "high"), (0.69, "low"), (0.21, "low"), (0.19, None), (0.0001, None)],
)
def test_two_thresholds_part_interrupting_asking_and_passing(probability, tier):
    risk = screen_with(odds_of(probability)).risk_of("something happened")
    assert risk["tier"] == tier
    assert risk["score"] == pytest.approx(probability, abs=1e-3)
    assert risk["matched"] == (["sounds like: words"] if tier else [])


def test_the_lexicon_adds_an_alarm_that_the_model_does_not_give():
    risk = screen_with(-9.0).risk_of("he has a knife")
    assert risk["tier"] == "low"
    assert risk["matched"][0] == "weapon: has a knife"


@pytest.mark.parametrize("words", ["he does not have a knife", "he had a knife in 2019"])
def test_the_lexicon_never_takes_an_alarm_away(words):
    assert screen_with(9.0).risk_of(words)["tier"] == "high"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_words_are_no_risk(text):
    assert screen_with(9.0).risk_of(text) == {"tier": None, "score": 0.0, "matched": []}


@pytest.mark.parametrize("broken", ["model", "lexicon", "scale"])
def test_whatever_fails_the_advice_is_shown(monkeypatch, broken):
    def fails(*_args):
        raise RuntimeError(f"the {broken} is gone")

    screen = screen_with(-9.0)
    match broken:
        case "model":
            screen = RiskScreen({}, None, None, None)
        case "lexicon":
            monkeypatch.setattr(risk_screen, "matches", fails)
        case "scale":
            monkeypatch.setattr(risk_screen, "load_scale", fails)
    assert screen.risk_of("anything") == {
        "tier": "high",
        "score": 1.0,
        "matched": ["the screen failed"],
    }


def test_the_risk_is_part_of_what_rasa_hands_on():
    [message] = screen_with(9.0).process([Message({"text": "he is at the door"})])
    assert message.as_dict(only_output_properties=True)["risk"]["tier"] == "high"


def test_what_is_too_long_to_learn_from_as_one_whole_is_left_out():
    assert learnt("word " * LONGEST_LEARNT)
    assert not learnt("word " * (LONGEST_LEARNT + 1))
    assert not learnt(None)
