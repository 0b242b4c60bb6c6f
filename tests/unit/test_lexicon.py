"""The risk lexicon: plain statements of present danger, and what is said around them."""

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.lexicon import matches
from bot.nlu.phrases import LEXICON, LexiconError, load

DANGER = [
    "He has got a knife and is outside the school",
    "dad's got a knife",
    "there is a gun in the house",
    "he's threatening to kill mum",
    "two children are home alone",
    "he has gone missing from his placement",
    "she is in immediate danger",
    "he isn't safe tonight",
    "she is suicidal",
    "he says he wants to die",
    "he is hitting her now",
    "she won't let him out",
    "he can't breathe",
    "her ex is outside the house right now",
    "mum's boyfriend is on his way",
    "they are on their way to collect her",
    "he just disclosed in class",
    "hes got a nife",
    "she's not safe 2nite",
    "She is SUICIDAL!!!",
    "No he has a knife",
    "They say there is no risk, but he has a knife",
    "It was closed in 2019. He is hitting her now",
    "we asked what if it gets worse. He has a knife",
    "Last year he was fine. She is suicidal.",
]
HARMLESS = [
    "he does not have a knife",
    "he had a knife in 2019",
    "what if he has a knife",
    "she is not suicidal",
    "historically he was hitting her",
    "imminent risk? no",
    "nobody is in danger",
    "what does imminent risk mean",
    "she was strangled last year and is now safe in a refuge",
    "knife crime policy",
    "the plan is in danger of drifting",
    "the minutes are missing",
    "they closed the case without a visit",
    "I'm afraid she is on leave today",
    "yes",
    "",
]
BENIGN = [
    "The plan was agreed and nobody came to the meeting in the end.",
    "We are waiting for a reply from the team manager.",
    "The deadline was last month.",
    "Thank you.",
]


@pytest.mark.parametrize("text", DANGER)
def test_a_plain_statement_of_danger_counts(text):
    assert matches(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_denied_past_asked_or_over_does_not_count(text):
    assert matches(text) == ()


@pytest.mark.parametrize("before", range(55, 85))
def test_a_danger_is_found_wherever_a_clause_without_end_is_cut(before):
    assert matches("word " * before + "he has a very big knife and " + "word " * 90)


def test_a_danger_at_the_end_of_a_long_text_is_found():
    text = "The plan was agreed and nobody came to the meeting in the end. " * 65
    assert matches(text) == ()
    assert matches(text + "He has a knife")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("he has a knife now and " * 1_000, id="a sentence without end"),
        pytest.param("a" * 100_000 + " he has a knife", id="a word without end"),
    ],
)
def test_time_grows_only_with_length(text):
    started = time.process_time()
    assert matches(text)
    assert time.process_time() - started < 5


def test_what_matched_is_named_in_the_order_written():
    assert matches("He has a knife. She is suicidal.") == (
        "weapon: has a knife",
        "suicide or self harm: she is suicidal",
    )


def test_words_the_lexicon_does_not_know_are_kept_nowhere():
    assert matches("Zebediah has a knife at 14 Quux Street") == ("weapon: has a knife",)
    assert "zebediah" not in load().vocab.strings


@given(st.text())
def test_no_text_breaks_it(text):
    assert all(": " in each for each in matches(text))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DANGER), st.lists(st.sampled_from(BENIGN), min_size=1))
def test_harmless_sentences_never_hide_a_danger(danger, sentences):
    assert matches(". ".join([danger, *sentences]))
    assert matches(" ".join([*sentences, danger]))


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        pytest.param("present", None, "allowed: a list of words", id="an empty list"),
        pytest.param("history", [False], "in quotes", id="a bare no"),
        pytest.param("question", ["if <nobody>"], "no list <nobody>", id="an unknown list"),
        pytest.param("question", ["What if"], "lower case", id="a capital"),
        pytest.param("question", ["if||when"], "lower case", id="an empty choice"),
        pytest.param("questions", ["if"], "found the keys", id="an unknown key"),
    ],
)
def test_a_faulty_lexicon_is_refused_with_its_fault(tmp_path, key, value, says):
    data = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    data[key] = value
    faulty = tmp_path / "lexicon.yml"
    faulty.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(LexiconError, match=says):
        load(faulty)


def test_a_missing_lexicon_is_never_taken_for_no_risk(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.yml")
