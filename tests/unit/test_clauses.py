"""A long message cut into clauses, with nothing left out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.clauses import FEWEST, MOST, clauses

OFFICE = "the form was sent back because a box was empty and the minutes are not agreed"


def test_a_short_message_is_one_whole():
    assert clauses("He has a knife. Where is the form?") == []


def test_a_long_one_is_cut_at_stops_lines_and_turns():
    found = clauses(
        f"{OFFICE}. Her ex is outside the school now\n{OFFICE} but she is not safe here"
    )
    assert "Her ex is outside the school now" in found
    assert any(each.startswith("but she is not safe") for each in found)


def test_a_sentence_without_end_is_read_in_stretches_that_overlap():
    found = clauses(" ".join(f"word{number}" for number in range(100)))
    assert all(len(each.split()) <= MOST for each in found)
    assert found[0].split()[12:] == found[1].split()[:12]
    assert found[-1].endswith("word99")


@given(st.lists(st.text("abc", min_size=1, max_size=4), min_size=MOST + 1, max_size=90))
def test_every_word_of_a_long_sentence_is_in_a_clause(words):
    found = clauses(" ".join(words))
    assert {word for each in found for word in each.split()} == set(words)
    assert all(len(each.split()) >= FEWEST for each in found)
