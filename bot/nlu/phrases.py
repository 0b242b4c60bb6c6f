"""The phrases of risk: `lexicon.yml` read, checked and made ready to match.

How a phrase is written stands at the head of that file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.matcher import Matcher
from spacy.tokens import Doc

LEXICON = Path(__file__).with_name("lexicon.yml")
# Stands for every word the lexicon does not know, so that no user's word is ever stored.
UNKNOWN = "_"
# No word of the lexicon is longer: a line of noise is not searched for slips.
LONGEST_WORD = 20
KINDS = ("danger", "harmless", "question", "history", "resolved", "present")
KEYS = frozenset({*KINDS, "spellings", "typo_tolerant", "words", "negation"})

_YEAR = re.compile(r"(?:19|20)\d\d")


class LexiconError(ValueError):
    """`lexicon.yml` cannot be used: says what was found, where, and what is allowed."""


@dataclass(frozen=True)
class Clause:
    """A stretch of one sentence; `turn` counts the "but"s before it."""

    sentence: int
    turn: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Span:
    """Words `start` to `end` (exclusive) of a clause that match a phrase of `kind`."""

    kind: str
    name: str
    start: int
    end: int

    def within(self, other: "Span") -> bool:
        """Whether `other` holds every word of this span."""
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True)
class Lexicon:
    """The phrases, ready to match."""

    matcher: Matcher
    vocab: Any
    needs: frozenset[tuple[frozenset[str], ...]]
    known: frozenset[str]
    spellings: Mapping[str, tuple[str, ...]]
    slips: Mapping[str, str]
    cues: frozenset[str]
    fillers: frozenset[str]
    not_after_no: frozenset[str]

    def read(self, token: str) -> tuple[str, ...]:
        """The words of the lexicon for one written word; `UNKNOWN` if there is none."""
        if token in self.spellings:
            return self.spellings[token]
        if token in self.known:
            return (token,)
        if token.isdecimal():
            return ("YEAR" if _YEAR.fullmatch(token) else "NUMBER",)
        for slip in _slips(token):
            if slip in self.slips:
                return (self.slips[slip],)
        return (UNKNOWN,)

    def suspects(self, clause: Clause) -> bool:
        """Whether the words of any danger are all there: a quick look before the matching."""
        words = {"^", "$", *clause.words}
        return any(all(not need.isdisjoint(words) for need in needs) for needs in self.needs)

    def spans(self, clause: Clause) -> list[Span]:
        """Every match in a clause, as written."""
        doc = Doc(self.vocab, words=["^", *clause.words, "$"])
        found = []
        for key, start, end in self.matcher(doc):
            kind, name = self.vocab.strings[key].split("/", 1)
            found.append(Span(kind, name, start, end))
        return sorted(found, key=lambda span: span.start)

    def denied(self, clause: Clause, danger: Span) -> bool:
        """Whether a word of denial stands before the danger with only fillers between."""
        words = ("^", *clause.words)
        for at in range(danger.start - 1, 0, -1):
            if words[at] in self.cues:
                return words[at] != "no" or words[at + 1] not in self.not_after_no
            if words[at] not in self.fillers:
                return False
        return False


def _slips(word: str) -> Iterator[str]:
    """Keys that two words share when one slip of a letter parts them (same first letter)."""
    if 5 < len(word) <= LONGEST_WORD:
        yield word
        for at in range(1, len(word)):
            yield word[:at] + word[at + 1 :]


@cache
def load(path: Path = LEXICON) -> Lexicon:
    """The lexicon in a file, checked."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or set(data) != KEYS:
        found = sorted(data) if isinstance(data, dict) else data
        raise LexiconError(
            f"{path}: found the keys {found}; allowed, and all needed: {sorted(KEYS)}."
        )
    nlp = spacy.blank("en")
    matcher = Matcher(nlp.vocab)
    known: set[str] = set()
    needs: set[tuple[frozenset[str], ...]] = set()
    for kind in KINDS:
        groups = data[kind] if isinstance(data[kind], dict) else {kind: data[kind]}
        for name, phrases in groups.items():
            patterns = []
            for phrase in sorted(_strings(phrases, f"{path}: {kind}/{name}")):
                words = [_words(w, data["words"], f"{path}: {kind}/{name}") for w in phrase.split()]
                known.update(*(choice for choice, _ in words))
                patterns.append([_token(choice, operator) for choice, operator in words])
                if kind == "danger":
                    needs.add(
                        tuple(frozenset(choice) for choice, operator in words if not operator)
                    )
            matcher.add(f"{kind}/{name}", patterns)
    negation = {
        key: _strings(data["negation"].get(key), f"{path}: negation/{key}")
        for key in ("cues", "fillers", "not_after_no")
    }
    known |= negation["cues"] | negation["fillers"] | negation["not_after_no"]
    spellings = {str(k).replace("'", ""): tuple(v.split()) for k, v in data["spellings"].items()}
    slips = {slip: word for word in data["typo_tolerant"] for slip in _slips(word)}
    return Lexicon(
        matcher, nlp.vocab, frozenset(needs), frozenset(known - {"^", "$"}), spellings, slips,
        negation["cues"], negation["fillers"], negation["not_after_no"],
    )  # fmt: skip


def _strings(words: Any, where: str) -> frozenset[str]:
    """The words of a list; YAML reads a bare `no` as false, so each must be a string."""
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise LexiconError(
            f'{where}: found {words!r}; allowed: a list of words. Write "no" in quotes.'
        )
    return frozenset(words)


def _words(written: str, lists: Mapping[str, list[str]], where: str) -> tuple[list[str], str]:
    if written == "..":
        return [], "{,3}"
    optional = "?" if written.endswith("?") else ""
    words: list[str] = []
    for part in written.removesuffix("?").split("|"):
        if part.startswith("<"):
            if part[1:-1] not in lists:
                raise LexiconError(f"{where}: no list {part}; there are: {', '.join(lists)}.")
            words += lists[part[1:-1]]
        elif part in ("NUMBER", "YEAR") or (part and part == part.lower()):
            words.append(part)
        else:
            raise LexiconError(f"{where}: '{written}' is no word; write lower case, a|b, <list>.")
    return words, optional


def _token(words: list[str], operator: str) -> dict[str, Any]:
    token: dict[str, Any] = {"ORTH": {"IN": words}} if words else {}
    return token | ({"OP": operator} if operator else {})
