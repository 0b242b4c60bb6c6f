"""The training examples: enough, apart from one another, and apart from what is held out."""

import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PHRASINGS = ROOT / "tests" / "phrasings"
LONGEST = 100
TOO_ALIKE = 0.85

AT_LEAST = {
    **dict.fromkeys(("greet", "thanks", "goodbye"), 120),
    **dict.fromkeys(("start_walk", "received_escalation", "resume", "go_back"), 150),
    **dict.fromkeys(("change_answer", "start_again", "stop_walk", "prepare", "choose"), 150),
    **dict.fromkeys(("ask_stage", "ask_deadline", "ask_contact", "ask_form", "ask_why"), 150),
    **dict.fromkeys(("ask_policy_stage", "ask_factors", "ask_working_day", "ask_help"), 150),
    **dict.fromkeys(("ask_status", "list_cases", "report_outcome", "undo_step"), 150),
    **dict.fromkeys(("extend_clock", "get_document", "set_reminder", "rehearse"), 150),
    "ask_term": 150,
    "report_risk": 150,
    "ask_risk": 300,
    "out_of_scope": 300,
    "describe": 500,
}
QUESTIONS = {name for name in AT_LEAST if name.startswith("ask_")} - {
    "ask_risk",
    "ask_term",
    "ask_status",
}


def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower())))


def read_examples() -> list[tuple[str, str]]:
    """(intent, example) of every file."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert content["version"] == "3.1", path
        for block in content["nlu"]:
            for line in block["examples"].splitlines():
                assert line.startswith("- "), f"{path}: {line!r} does not begin with '- '"
                found.append((block["intent"], line.removeprefix("- ")))
    return found


def read_held_out() -> list[tuple[str, str]]:
    held_out = []
    for path in sorted(PHRASINGS.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        groups = content if isinstance(content, dict) else {path.stem: content}
        held_out += [(kind, text) for kind, texts in groups.items() for text in texts]
    return held_out


EXAMPLES = read_examples()
HELD_OUT = read_held_out()


def test_every_intent_is_there_and_no_other():
    assert {intent for intent, _ in EXAMPLES} == set(AT_LEAST)


@pytest.mark.parametrize(("intent", "least"), AT_LEAST.items())
def test_each_intent_has_enough_examples(intent, least):
    assert sum(name == intent for name, _ in EXAMPLES) >= least


def test_no_example_stands_twice():
    times = Counter(words(text) for _, text in EXAMPLES)
    assert [" ".join(text) for text, count in times.items() if count > 1] == []


def test_no_example_is_too_long_or_without_words():
    assert [text for _, text in EXAMPLES if not 0 < len(words(text)) <= LONGEST] == []


def test_no_example_reads_as_markup():
    assert [text for _, text in EXAMPLES if re.search(r"[\[\]{}]", text)] == []


def test_answers_run_from_a_word_to_a_paragraph():
    lengths = [len(words(text)) for intent, text in EXAMPLES if intent == "describe"]
    assert min(lengths) <= 5
    assert sum(length >= 25 for length in lengths) >= 15


def test_twenty_phrasings_of_each_kind_are_held_out():
    content = yaml.safe_load((PHRASINGS / "questions.yml").read_text(encoding="utf-8"))
    assert set(content) == QUESTIONS | {"start_again", "stop_walk"}
    assert {kind: len(texts) for kind, texts in content.items()} == dict.fromkeys(content, 20)


@pytest.mark.parametrize(("name", "count"), [("answers", 60), ("out_of_scope", 30)])
def test_answers_and_matters_out_of_scope_are_held_out(name, count):
    assert len(yaml.safe_load((PHRASINGS / f"{name}.yml").read_text(encoding="utf-8"))) == count


def test_no_held_out_phrasing_stands_twice():
    assert len({words(text) for _, text in HELD_OUT}) == len(HELD_OUT)


def test_nothing_held_out_is_trained_on():
    trained = [(set(words(text)), text) for _, text in EXAMPLES]
    alike = []
    for _, text in HELD_OUT:
        held = set(words(text))
        alike += [
            (text, example)
            for known, example in trained
            if len(known) > TOO_ALIKE * len(held)  # quicker to see than what they share
            and len(held & known) > TOO_ALIKE * len(held | known)
        ]
    assert alike == []


def test_every_text_is_a_string_and_not_a_yaml_surprise():
    assert [text for text in chain.from_iterable(HELD_OUT) if not isinstance(text, str)] == []
