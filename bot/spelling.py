"""Slips of the keyboard: which of some known words a written one was meant to be.

A word that stands in the English dictionary is never a slip: "polite" is not "police", and
"sundry" is not "Sunday".
"""

import re
from collections.abc import Collection
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

SHORTEST = 5
"""Letters below which two words are too easily one letter apart."""
LONG, VERY_LONG = 8, 12
"""Letters from which two slips are forgiven, and three: "glostershire"."""
_WORD = re.compile(r"[^\W\d_]{4,30}")


def meant(word: str, known: Collection[str]) -> str | None:
    """The word of `known` that `word` was meant to be; None where it is none of them.

    One slip is forgiven: a letter too many, missing, wrong, or two that changed places; more in a
    long word. The first letter must be right. `known` are small letters.
    """
    written = word.casefold()
    if written in known:
        return written
    if len(written) < SHORTEST - 1 or is_a_word(written):
        return None
    near = [each for each in known if len(each) >= SHORTEST and each[0] == written[0]]
    found = process.extract(written, near, scorer=OSA.distance, score_cutoff=3)
    fits = [(slips, each) for each, slips, _ in found if slips <= forgiven(each)]
    fewest = min(fits, default=(0, ""))[0]
    best = [each for slips, each in fits if slips == fewest]
    return best[0] if len(best) == 1 else None


def forgiven(word: str) -> int:
    """How many slips are forgiven in a word of this length."""
    return 1 + (len(word) >= LONG) + (len(word) >= VERY_LONG)


def corrected(text: str, known: Collection[str]) -> str:
    """The text with every slip of a known word put right; all else as it was written."""
    return _WORD.sub(lambda match: meant(match[0], known) or match[0], text)


def is_a_word(word: str) -> bool:
    """Whether the English dictionary has it."""
    return word in _dictionary()


@cache
def _dictionary() -> frozenset[str]:
    return frozenset(SpellChecker(language="en").word_frequency.words())
