"""What the policies say in our words: short, plain, calm, and fit to stand where it is shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.policy.library import load_library
from bot.policy.model import Policy

POLICIES = {each.id: each for each in load_library(Path(__file__).parents[3] / "policies")}
LONGEST_BUTTON = 60
MOST_WORDS = 32

pytestmark = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


def sentences(policy: Policy) -> Iterator[str]:
    """Every sentence of ours."""
    texts = [note.text for note in (*policy.banners, *policy.scope, *policy.principles)]
    for stage in policy.stages:
        texts += [note.text for note in (*stage.do, *stage.prompts)]
        texts += [stage.otherwise.text] if stage.otherwise else []
    texts += [duty.what for duty in policy.duties]
    texts += [f"{asked.ask} {asked.why}" for asked in policy.facts.values()]
    texts += [f"{event.ask} {event.why}" for event in policy.events.values()]
    texts += [clock.note for clock in policy.clocks.values() if clock.note]
    texts += [step.do for step in policy.routes.imminent] + [policy.routes.ladder.words]
    texts += [exclusion.go_to for exclusion in policy.routes.excluded]
    texts += [ending.what for ending in policy.endings]
    texts += [prompt.ask for prompt in (*policy.factors, *policy.reflection)]
    texts += [f"{each.says} {each.treat_as}" for each in policy.ambiguities]
    for text in texts:
        yield from re.split(r"(?<=[.?])\s+", text.strip())


def test_a_button_can_be_read_at_a_glance(policy):
    labels = [option.label for fact in policy.facts.values() for option in fact.options]
    labels += [stage.where for stage in policy.stages] + [policy.publisher]
    assert [label for label in labels if len(label) > LONGEST_BUTTON] == []
    for fact in policy.facts.values():
        names = [option.label for option in fact.options]
        assert len(names) == len(set(names))


def test_sentences_are_short_and_calm(policy):
    for sentence in sentences(policy):
        assert len(sentence.split()) <= MOST_WORDS, sentence
        assert "!" not in sentence


def test_questions_are_questions(policy):
    for asked in (*policy.facts.values(), *policy.events.values()):
        assert asked.ask.endswith("?")
        assert asked.why.endswith(".")


def test_a_duty_and_a_clock_fit_before_a_bracket_and_a_way_out_is_a_sentence(policy):
    assert [duty.id for duty in policy.duties if duty.what.endswith(".")] == []
    assert [duty.id for duty in policy.duties if not duty.what[0].isupper()] == []
    assert [id_ for id_, clock in policy.clocks.items() if not clock.what[0].islower()] == []
    for exclusion in policy.routes.excluded:
        assert exclusion.go_to[0].isupper()
        assert exclusion.go_to.endswith((".", ")."))


def test_what_is_for_the_program_alone_is_not_in_the_words(policy):
    for sentence in sentences(policy):
        assert not re.search(r"\b(TODO|null|yaml|words_only|[JPSGB]-G\d+)\b", sentence), sentence


def test_only_berkshire_names_999(policy):
    named = [step for step in policy.routes.imminent if step.names_999]
    assert bool(named) == (policy.id == "berkshire")
    assert any("999" in step.do for step in policy.routes.imminent) == bool(named)
