"""The intent of a message: when its words suffice, and what a risk or a fault makes of it."""

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import intents
from bot.nlu.intents import REPORTS, IntentClassifier
from bot.nlu.linear import Learnt, learn
from bot.nlu.reading import READ, Read
from bot.nlu.scale import IntentScale, Scales, load_scales

EXAMPLES = {
    "ask_form": ["which form do I need", "where is the form", "is there a form for this"],
    "go_back": ["go back", "back please", "one back please"],
    REPORTS: ["he is at the door with a knife", "she is with him now", "he is with her now"],
}
NAMES = tuple(sorted(EXAMPLES))


@pytest.fixture(scope="module")
def trained() -> Learnt:
    texts = [text for several in EXAMPLES.values() for text in several] * 2
    labels = [name for name, several in EXAMPLES.items() for _ in several] * 2
    return learn(texts, labels, longest_words=2, strength=60.0)


@pytest.fixture(params=[0.5])
def sure(request, monkeypatch) -> None:
    scales = IntentScale(words=1.0, meaning=5.0, alone=1.0, sure=request.param)
    both = Scales(load_scales().risk, scales)
    monkeypatch.setattr(intents, "load_scales", lambda: both)


def meant(name: str):
    """An encoder that is sure of an intent."""
    row = np.array([9.0 * (each == name) for each in NAMES])
    return lambda texts: (np.zeros((len(texts), 4)), np.array([row] * len(texts)))


def forbidden(texts):
    raise AssertionError(f"The meaning of {texts} was read, but its words had settled it.")


def told(trained: Learnt, text: str, scores, risk: dict | None = None) -> tuple[str, float]:
    """The intent of a message, with its probability."""
    message = Message({"text": text, "risk": risk or {"tier": None, "score": 0.0}})
    if scores:
        message.set(READ, Read((text,), 1, scores))
    [message] = IntentClassifier({}, None, None, trained).process([message])
    ranking = message.get("intent_ranking")
    assert sum(each["confidence"] for each in ranking) == pytest.approx(1.0)
    assert ranking[0] == message.get("intent")
    return ranking[0]["name"], ranking[0]["confidence"]


@pytest.mark.usefixtures("sure")
def test_words_that_leave_no_doubt_suffice(trained):
    name, probability = told(trained, "go back please", forbidden)
    assert name == "go_back"
    assert probability > 0.5


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize("sure", [1.0], indirect=True)
def test_in_doubt_what_it_means_decides(trained):
    assert told(trained, "go back please", meant("ask_form"))[0] == "ask_form"


@pytest.mark.usefixtures("sure")
def test_what_was_read_for_the_screen_is_used(trained):
    message = Message({"text": "go back please", "risk": {"tier": None, "score": 0.0}})
    read = Read(("go back please",), 1, meant("ask_form"))
    read.sorts([0])
    message.set(READ, read)
    [message] = IntentClassifier({}, None, None, trained).process([message])
    assert message.get("intent")["name"] == "ask_form"


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize("sure", [1.0], indirect=True)
def test_a_risk_that_the_words_told_is_what_the_message_is_for(trained):
    risk = {"tier": "high", "score": 0.97}
    name, probability = told(trained, "which form, and is she with him", forbidden, risk)
    assert name == REPORTS
    assert probability >= 0.97


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize("sure", [1.0], indirect=True)
def test_a_fault_of_the_encoder_leaves_the_words(trained):
    def fails(_texts):
        raise RuntimeError("the encoder is gone")

    assert told(trained, "go back please", fails)[0] == "go_back"


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize("sure", [1.0], indirect=True)
def test_a_message_that_was_not_read_is_told_by_its_words(trained):
    assert told(trained, "go back please", None)[0] == "go_back"


def test_without_training_it_says_so():
    with pytest.raises(RuntimeError, match="not trained"):
        IntentClassifier({}, None, None, None).process([Message({"text": "hello"})])
