"""A long message in parts: nothing left out, every sentence whole in a stretch, and read alone."""

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.stretches import ALONE_FROM, LONGEST, STEP, sentences, stretches


def numbered(count: int) -> str:
    return " ".join(f"w{number}" for number in range(count))


@given(st.integers(0, LONGEST))
def test_a_short_message_is_one_stretch(count):
    assert stretches(numbered(count)) == [numbered(count)]


@given(st.integers(LONGEST + 1, 900))
def test_a_long_message_is_read_to_its_end(count):
    found = [stretch.split() for stretch in stretches(numbered(count))]
    assert max(map(len, found)) <= LONGEST
    assert min(map(len, found)) > LONGEST - STEP
    assert {word for words in found for word in words} == set(numbered(count).split())


@given(st.integers(LONGEST + 1, 400), st.data())
def test_a_sentence_stands_whole_in_one_of_them(count, data):
    start = data.draw(st.integers(0, count - 1))
    sentence = numbered(count).split()[start : start + STEP]
    found = stretches(numbered(count))
    assert any(f" {chr(32).join(sentence)} " in f" {stretch} " for stretch in found)


def test_the_sentences_of_a_longer_message_are_read_alone_too():
    office = "The form was sent back because a box was empty and the minutes are not agreed"
    text = f"{office}. He is outside her school now\n{office}? Right. {office}"
    assert "He is outside her school now" in sentences(text)
    assert "Right." not in sentences(text)


@given(st.integers(0, 200))
def test_one_sentence_alone_is_not_read_twice(count):
    assert sentences(numbered(count)) == []


def test_a_short_message_has_no_sentences_to_read_alone():
    assert sentences("He has a knife. " * (ALONE_FROM // 4 - 1)) == []
