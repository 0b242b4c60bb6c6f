"""The risk model: what it learns of words and letters, and what it weighs together."""

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder_graph import SORTS
from bot.nlu.linear import TextFeatures, load, plain, save
from bot.nlu.reading import Read
from bot.nlu.risk_model import RiskModel, against_the_others
from bot.nlu.scale import RiskScale
from bot.nlu.stretches import sentences, stretches

SCALE = RiskScale(words=0.5, meaning=0.5, offset=0.0, alone=2.0, ask=0.1, interrupt=0.7)
IMMINENT = [
    "he is outside with a knife now", "she is going home to him tonight", "the baby will not wake",
    "mum has gone and left the twins alone", "he says he will end his life tonight",
]  # fmt: skip
LOOKALIKE = [
    "he had a knife in 2019, long before", "nobody is going home tonight, all are placed",
    "the baby clinic slides are out", "no child was left alone, gran was there",
    "the suicide prevention course is on Tuesday",
]  # fmt: skip
ORDINARY = ["which stage are we at", "they closed the case", "go back", "who do I ring", "thanks"]
QUESTION = ["what if somebody is in danger", "who rings 999", "what counts as imminent", "a b"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


@pytest.fixture(scope="module")
def model(folder: Path) -> RiskModel:
    examples = {
        "imminent": IMMINENT * 2,
        "lookalike": LOOKALIKE * 2,
        "ordinary": ORDINARY * 2,
        "question": QUESTION * 2,
    }
    return RiskModel.train(examples, strength=10.0, folder=folder)


def unread(text: str) -> Read:
    """A message of which an encoder without opinions made nothing."""
    whole = stretches(text)
    parts = (*whole, *sentences(text))
    return Read(parts, len(whole), np.zeros((len(parts), len(SORTS))), np.zeros((len(parts), 3)))


def meaning(read: Read, sort: str) -> Read:
    """The same message, with an encoder that is sure of a sort."""
    sorts = read.sorts.copy()
    sorts[:, SORTS.index(sort)] = 9.0
    return Read(read.parts, read.whole, sorts, read.intents)


def test_it_parts_what_it_has_learnt(model):
    danger = [model.odds(unread(text))[0, 0] for text in IMMINENT]
    none = [model.odds(unread(text))[0, 0] for text in [*LOOKALIKE, *ORDINARY]]
    assert min(danger) > 0 > max(none)


def test_what_it_means_counts_beside_the_words(model):
    read = unread(LOOKALIKE[0])
    raised = model.probability(meaning(read, "imminent"), SCALE)[0]
    lowered = model.probability(meaning(read, "ordinary"), SCALE)[0]
    assert lowered < model.probability(read, SCALE)[0] < raised


def test_it_is_the_same_after_a_restart(model, folder):
    again = RiskModel.load(folder)
    for text in [*IMMINENT, *LOOKALIKE, "something else"]:
        assert again.odds(unread(text)) == pytest.approx(model.odds(unread(text)), abs=1e-9)


def test_a_sentence_of_danger_counts_in_a_long_message(model):
    office = "The minutes are late and the form was sent back by the office again today. "
    with_danger, worst = model.probability(
        unread(f"{office * 9}{IMMINENT[0]}. {office * 9}"), SCALE
    )
    assert "knife" in worst
    assert with_danger > model.probability(unread(office * 18), SCALE)[0]


def test_the_words_that_spoke_are_words_of_the_examples(model):
    spoke = model.words_that_spoke("Zebediah is outside with a knife at 14 Quux Street now")
    assert spoke
    assert not any("zebediah" in words or "quux" in words for words in spoke)
    learnt = " ".join(plain(text) for text in IMMINENT)
    assert all(words in learnt for words in spoke)


@pytest.mark.parametrize("text", ["", " ", "🙂", "word " * 5_000, "a" * 50_000])
def test_any_text_is_read(model, text):
    assert np.isfinite(model.odds(unread(text))).all()


def test_the_log_odds_are_of_one_column_against_all_others():
    odds = against_the_others(np.log(np.array([[0.7, 0.2, 0.1]])), 0)
    assert odds == pytest.approx([np.log(0.7 / 0.3)])


def test_features_that_stand_once_are_not_learnt():
    features = TextFeatures.of(["the knife", "the form", "the form"], longest_words=1)
    assert set(features.words.vocabulary_) == {"the", "form"}


def test_what_is_saved_comes_back(tmp_path):
    save({"weights": np.arange(3.0), "names": ["a"]}, tmp_path / "x.skops")
    assert load(tmp_path / "x.skops")["weights"].tolist() == [0, 1, 2]
