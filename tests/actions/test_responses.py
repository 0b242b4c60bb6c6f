"""Every response that an action names exists, and every gap in it is filled by who utters it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SPEAKERS = [
    *sorted((ROOT / "actions").glob("*.py")),
    *sorted((ROOT / "bot" / "channels" / "teams").glob("*.py")),
    ROOT / "bot" / "engine" / "in_process.py",
]
NAMED_BY_OUTCOME = "utter_risk_"
RASAS_OWN_KEY = "utter_action"


@dataclass(frozen=True)
class Named:
    """A response named in the code, and what is given to fill it."""

    name: str
    where: str
    given: frozenset[str] = frozenset()


def responses() -> dict[str, str]:
    found = {}
    for path in (ROOT / "bot" / "responses").glob("*.yml"):
        for name, variants in yaml.safe_load(path.read_text())["responses"].items():
            assert name not in found, f"{name} twice"
            found[name] = "\n".join(variant["text"] for variant in variants)
    return found


def named() -> Iterator[Named]:
    for path in SPEAKERS:
        tree = ast.parse(path.read_text())
        filled = set()
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            response = keywords.get("response")
            if isinstance(response, ast.Constant):
                filled.add(response)
                yield Named(response.value, f"{path.name}:{call.lineno}", frozenset(keywords))
        for node in ast.walk(tree):
            is_name = isinstance(node, ast.Constant) and str(node.value).startswith("utter_")
            if (
                is_name
                and node not in filled
                and node.value not in (NAMED_BY_OUTCOME, RASAS_OWN_KEY)
            ):
                yield Named(node.value, f"{path.name}:{node.lineno}")


RESPONSES = responses()
NAMED = sorted(set(named()), key=lambda each: (each.where, each.name, sorted(each.given)))


@pytest.mark.parametrize("each", NAMED, ids=lambda each: f"{each.where} {each.name}")
def test_a_response_that_is_named_exists_and_has_no_gap_left_open(each):
    assert each.name in RESPONSES
    gaps = set(re.findall(r"\{(\w+)\}", RESPONSES[each.name]))
    assert gaps <= each.given, f"{each.name} needs {gaps}, {each.where} gives {set(each.given)}"


def test_no_response_stands_unused():
    used = {each.name for each in NAMED}
    by_outcome = {name for name in RESPONSES if name.startswith(NAMED_BY_OUTCOME)}
    assert set(RESPONSES) - by_outcome <= used


def test_the_responses_named_by_their_outcome_exist():
    for outcome in ("done", "not_needed", "advice_given"):
        assert f"{NAMED_BY_OUTCOME}{outcome}" in RESPONSES


@pytest.mark.parametrize("name", ["utter_fault", "utter_fault_at_risk", "utter_record_failed"])
def test_words_for_faults_have_no_gaps(name):
    assert not re.search(r"[{}]", RESPONSES[name])


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_words_are_calm(name):
    assert "!" not in RESPONSES[name]
