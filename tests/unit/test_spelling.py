"""Slips of the keyboard in words that are known, and words that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spelling import corrected, meant

KNOWN = frozenset({
    "police", "health", "sandwell", "plymouth", "gloucestershire", "jersey", "sunday", "tuesday",
    "wednesday", "february", "met", "school",
})  # fmt: skip


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("polcie", "police"),
        ("Polcie", "police"),
        ("sandwel", "sandwell"),
        ("plymuoth", "plymouth"),
        ("gloucestrshre", "gloucestershire"),
        ("glostershire", "gloucestershire"),
        ("jersy", "jersey"),
        ("tuseday", "tuesday"),
        ("wendsday", "wednesday"),
        ("feburary", "february"),
        ("school", "school"),
        ("SCHOOL", "school"),
    ],
)
def test_a_slip_is_put_right(written, word):
    assert meant(written, KNOWN) == word


@pytest.mark.parametrize(
    "written", ["polite", "healthy", "sundry", "mets", "pol", "", "xpolice", "olice", "purple"]
)
def test_what_is_a_word_itself_or_too_far_away_is_left_alone(written):
    assert meant(written, KNOWN) is None


def test_a_tie_is_nothing():
    assert meant("tusdya", {"tusdyb", "tusdyc"}) is None


def test_only_the_slips_of_a_text_change():
    assert corrected("The polcie, on Tuseday; a polite 12th.", KNOWN) == (
        "The police, on tuesday; a polite 12th."
    )


@given(st.text(max_size=80))
def test_a_text_without_slips_comes_back_as_it_was(text):
    assert corrected(text, frozenset()) == text
