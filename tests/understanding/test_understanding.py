"""Floors under what the assistant understands, on every fourth message of the development set.

The figures are in benchmarks/nlu.py. Here a fall is caught: the floors lie well below them. The
test set is left alone, so that nothing is ever mended by what it says.
"""

from pathlib import Path

import pytest
import yaml
from messages import kappa, read, wilson

PLAIN = yaml.safe_load((Path(__file__).parent / "plain.yml").read_text(encoding="utf-8"))
EVERY = 4


@pytest.fixture(scope="module")
def judged(understand):
    return [(each, understand(each.text)) for each in read("development")[::EVERY]]


def share(judged, label, hit):
    hits = [hit(parsed["risk"]["tier"]) for each, parsed in judged if each.label == label]
    assert len(hits) >= 15
    return sum(hits) / len(hits)


def test_danger_is_heard(judged):
    assert share(judged, "imminent", bool) >= 0.97
    assert share(judged, "imminent", lambda tier: tier == "high") >= 0.91


def test_what_only_looks_like_danger_seldom_alarms(judged):
    assert share(judged, "hard_negative", bool) <= 0.2
    assert share(judged, "hard_negative", lambda tier: tier == "high") <= 0.06
    assert share(judged, "question", bool) <= 0.15
    assert share(judged, "ordinary", bool) <= 0.06


def test_what_a_message_is_for_is_told(judged):
    found = [
        parsed["intent_ranking"][0]["name"] == each.kind
        or parsed["intent_ranking"][1]["name"] == each.kind
        for each, parsed in judged
        if each.label == "ordinary"
    ]
    assert sum(found) / len(found) >= 0.92


def test_plain_statements_of_danger_are_heard(understand):
    passed_over = [text for text in PLAIN["danger"] if understand(text)["risk"]["tier"] is None]
    assert len(passed_over) <= 0.05 * len(PLAIN["danger"]), passed_over


def test_plain_office_talk_is_not_alarmed(understand):
    alarmed = [text for text in PLAIN["harmless"] if understand(text)["risk"]["tier"] == "high"]
    assert len(alarmed) <= 0.05 * len(PLAIN["harmless"]), alarmed


@pytest.mark.parametrize("sort", ["danger", "harmless"])
def test_the_plain_sentences_stand_once(sort):
    assert len(set(PLAIN[sort])) == len(PLAIN[sort])


def test_the_words_that_triggered_are_named(understand):
    risk = understand("he has a knife and he is in the house with the children now")["risk"]
    assert risk["tier"] == "high"
    assert risk["matched"][0] == "weapon: has a knife"
    assert any(words.startswith("sounds like: ") for words in risk["matched"])


@pytest.mark.parametrize(
    ("hits", "of", "low", "up"), [(0, 0, 0.0, 1.0), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763)]
)
def test_the_interval_of_a_share(hits, of, low, up):
    assert wilson(hits, of) == pytest.approx((low, up), abs=1e-3)


def test_agreement_beyond_chance():
    assert kappa([("a", "a"), ("b", "b")] * 5) == 1.0
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0.0
