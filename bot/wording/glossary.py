"""What the words and abbreviations of the field mean, in a sentence or two.

The words are data (`glossary.yml`): general knowledge of the field, never a rule of a policy.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.escalation.said import plainly
from bot.spelling import corrected

GLOSSARY = Path(__file__).with_name("glossary.yml")


@dataclass(frozen=True)
class Term:
    """One word of the field: how it is written, what it stands for, what it is."""

    name: str
    says: str
    text: str


def explained(text: str) -> tuple[Term, ...]:
    """The terms that a message names, the longest name first, each once."""
    names = _names()
    said = f" {corrected(plainly(text), _words())} "
    found: list[Term] = []
    for name in sorted(names, key=len, reverse=True):
        if f" {name} " in said:
            said = said.replace(f" {name} ", "  ")
            found.append(names[name])
    return tuple(dict.fromkeys(found))


def terms() -> tuple[Term, ...]:
    """Every term, in the order of the alphabet."""
    return tuple(sorted(set(_names().values()), key=lambda term: term.name.casefold()))


@cache
def _names() -> Mapping[str, Term]:
    """Each way to write a term, plainly."""
    read = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))
    return {
        plainly(written): Term(name, entry["says"], entry["text"])
        for name, entry in read.items()
        for written in (name, *entry.get("also", ()))
    }


@cache
def _words() -> frozenset[str]:
    return frozenset(word for name in _names() for word in re.findall(r"[a-z]+", name))
