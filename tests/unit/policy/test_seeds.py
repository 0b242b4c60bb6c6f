"""Every key phrase of the five policies stands in its document, on the lines it names."""

import hashlib
import re
from pathlib import Path

import pytest

from bot.policy.library import load_library
from bot.policy.model import Policy

ROOT = Path(__file__).parents[3]
SEEDS = ROOT.parent / "shared" / "seeds"
POLICIES = {policy.id: policy for policy in load_library(ROOT / "policies")}

pytestmark = [
    pytest.mark.skipif(
        not SEEDS.is_dir(), reason=f"the documents are not at {SEEDS}: only the builders have them"
    ),
    pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES),
]


def document(policy: Policy) -> Path:
    assert policy.document.seed is not None
    return SEEDS / policy.document.seed


def plain(text: str) -> str:
    """Without Markdown's marks and with one kind of quotation mark and space."""
    text = text.replace("’", "'").replace("‘", "'").replace("*", "").replace("\\", "")
    return re.sub(r"\s+", " ", text)


def test_every_key_phrase_stands_on_the_lines_that_are_named(policy):
    lines = document(policy).read_text(encoding="utf-8").split("\n")
    missing = []
    for name, cite in policy.cites.items():
        assert cite.lines is not None, name
        first, last = cite.lines
        if plain(cite.phrase) not in plain(" ".join(lines[first - 1 : last])):
            missing.append((name, cite.lines, cite.phrase))
    assert not missing


def test_the_document_is_the_one_that_the_file_was_written_from(policy):
    digest = hashlib.sha256(document(policy).read_bytes()).hexdigest()
    assert digest == policy.document.sha256


def test_no_sentence_of_ours_is_a_sentence_of_the_document(policy):
    said = plain(document(policy).read_text(encoding="utf-8")).casefold()
    notes = [*policy.scope, *policy.principles, *policy.banners]
    notes += [note for stage in policy.stages for note in (*stage.do, *stage.prompts)]
    ours = [note.text for note in notes]
    ours += [duty.what for duty in policy.duties] + [step.do for step in policy.routes.imminent]
    ours += [prompt.ask for prompt in (*policy.factors, *policy.reflection)]
    assert [text for text in ours if plain(text).casefold().rstrip(".") in said] == []
