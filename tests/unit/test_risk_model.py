"""The risk model: what it learns of words and letters, and what it weighs together."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import SafetensorError

from bot.nlu.encoder_graph import SORTS
from bot.nlu.linear import TextFeatures, learn, load, plain, save
from bot.nlu.reading import Read
from bot.nlu.risk_model import RiskModel, against_the_others
from bot.nlu.scale import RiskScale
from bot.nlu.stretches import sentences, stretches

SCALE = RiskScale(
    words=0.5, meaning=0.5, offset=0.0, alone=2.0, calm=-99.0, alarm=99.0, slope=1.0, shift=0.0,
    ask=0.1, interrupt=0.7,
)  # fmt: skip
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
    return meaning(text, None)


def meaning(text: str, sort: str | None) -> Read:
    """A message, with an encoder that is sure of a sort."""

    def scores(texts):
        sorts = np.zeros((len(texts), len(SORTS)))
        if sort:
            sorts[:, SORTS.index(sort)] = 9.0
        return sorts, np.zeros((len(texts), 3))

    whole = stretches(text)
    return Read((*whole, *sentences(text)), len(whole), scores)


def test_it_parts_what_it_has_learnt(model):
    danger = [model.by_words(unread(text))[0] for text in IMMINENT]
    none = [model.by_words(unread(text))[0] for text in [*LOOKALIKE, *ORDINARY]]
    assert min(danger) > 0 > max(none)


def test_what_it_means_counts_beside_the_words(model):
    raised = model.probability(meaning(LOOKALIKE[0], "imminent"), SCALE)[0]
    lowered = model.probability(meaning(LOOKALIKE[0], "ordinary"), SCALE)[0]
    assert lowered < model.probability(unread(LOOKALIKE[0]), SCALE)[0] < raised


def forbidden(texts):
    raise AssertionError(f"The meaning of {texts} was read, but its words had settled it.")


@pytest.mark.parametrize(
    ("words", "calm", "alarm"), [([-8.0, -7.0], -6.0, 6.0), ([-1.0, 7.0], -6.0, 6.0)]
)
def test_where_the_words_settle_it_the_meaning_is_not_read(monkeypatch, model, words, calm, alarm):
    monkeypatch.setattr(RiskModel, "by_words", lambda _self, _read: np.array(words))
    scale = replace(SCALE, calm=calm, alarm=alarm)
    read = Read(("one", "two"), 2, forbidden)
    probability, worst = model.probability(read, scale)
    assert probability == pytest.approx(1 / (1 + np.exp(-max(words))))
    assert worst == "two"


def test_only_the_parts_in_doubt_are_read(monkeypatch, model):
    asked = []

    def scores(texts):
        asked.extend(texts)
        return np.zeros((len(texts), len(SORTS))), np.zeros((len(texts), 3))

    monkeypatch.setattr(RiskModel, "by_words", lambda _self, _read: np.array([-9.0, 1.0, -9.0]))
    read = Read(("calm", "in doubt", "calm too"), 3, scores)
    model.probability(read, replace(SCALE, calm=-6.0, alarm=6.0))
    assert asked == ["in doubt"]


def test_a_sentence_alone_says_less_than_a_whole_message():
    heard = SCALE.heard(np.array([1.0, 1.0]), 1)
    assert heard.tolist() == [1.0, 1.0 - SCALE.alone]


def test_it_is_the_same_after_a_restart(model, folder):
    again = RiskModel.load(folder)
    for text in [*IMMINENT, *LOOKALIKE, "something else"]:
        found = again.by_words(unread(text))
        assert found == pytest.approx(model.by_words(unread(text)), abs=1e-9)


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
    assert np.isfinite(model.by_words(unread(text))).all()


def test_the_log_odds_are_of_one_column_against_all_others():
    odds = against_the_others(np.log(np.array([[0.7, 0.2, 0.1]])), 0)
    assert odds == pytest.approx([np.log(0.7 / 0.3)])


FEATURES = TextFeatures.of([*IMMINENT * 2, *LOOKALIKE * 2, *ORDINARY * 2], longest_words=3)
WEIGHTS = np.random.default_rng(7).normal(size=(FEATURES.rows([""]).shape[1], 3))


@given(st.one_of(st.text(), st.lists(st.sampled_from([*IMMINENT, *LOOKALIKE])).map(" ".join)))
def test_the_quick_scores_are_those_of_the_rows(text):
    quick = FEATURES.scores([text, text[::-1]], WEIGHTS)
    assert quick == pytest.approx(FEATURES.rows([text, text[::-1]]) @ WEIGHTS, abs=1e-9)


def test_features_that_stand_once_are_not_learnt():
    features = TextFeatures.of(["the knife", "the form", "the form"], longest_words=1)
    assert set(features.words.vocabulary_) == {"the", "form"}


def test_what_is_saved_comes_back(tmp_path):
    examples = [*IMMINENT * 2, *ORDINARY * 2, *LOOKALIKE * 2]
    learnt = learn(examples, [*"c" * 10, *"a" * 10, *"b" * 10], longest_words=2, strength=9)
    save(learnt, tmp_path / "file")
    found = load(tmp_path / "file")
    texts = [*IMMINENT, *LOOKALIKE, ""]
    assert found.names == ("a", "b", "c")
    assert (found.scores(texts) == learnt.scores(texts)).all()
    assert (found.text.rows(texts) != learnt.text.rows(texts)).nnz == 0


def test_a_file_of_code_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(pickle.dumps({"weights": np.arange(3.0)}))
    with pytest.raises(SafetensorError):
        load(tmp_path / "file")
