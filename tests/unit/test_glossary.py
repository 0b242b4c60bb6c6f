"""The words of the field: each found however it is written, each explained."""

import pytest

from bot.wording.glossary import explained, terms


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("what's an IRO?", ["IRO"]),
        ("what does M.A.R.F. mean", []),
        ("wot does marf stand for", ["MARF"]),
        ("define Working Together", ["working together"]),
        ("whats a saferguarding lead", ["DSL"]),
        ("difference between CIN and a CP plan", ["child protection plan", "child in need"]),
        ("explain initial child protection conference", ["child protection conference"]),
        ("what is a zebra", []),
        ("", []),
    ],
)
def test_a_term_is_found(said, names):
    assert [term.name for term in explained(said)] == names


def test_every_term_is_explained_in_a_few_plain_words():
    assert len(terms()) >= 40
    for term in terms():
        assert term.text.endswith("."), term
        assert 4 <= len(term.text.split()) <= 45, term
        assert explained(term.name) == (term,)
