"""A long message in parts that can each be read as one: its stretches, and its sentences.

Three hundred words read at once would drown one sentence of danger; so, less often, would sixty.
"""

import re

LONGEST, STEP = 60, 30
"""Words: each stretch overlaps the last by half, so that a sentence stands whole in one of them."""
ALONE_FROM, FEWEST = 30, 4
"""Words: from how long a message on its sentences are read alone too, and the shortest of them."""
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")


def stretches(text: str) -> list[str]:
    """The message itself if it is short, else its stretches, which leave nothing out."""
    words = text.split()
    if len(words) <= LONGEST:
        return [text]
    starts = range(0, len(words) - STEP, STEP)
    return [" ".join(words[start : start + LONGEST]) for start in starts]


def sentences(text: str) -> list[str]:
    """The sentences of a message of `ALONE_FROM` words and more; none if it is a single one."""
    if len(text.split()) < ALONE_FROM:
        return []
    found = [each for each in _ENDS.split(text) if FEWEST <= len(each.split()) <= LONGEST]
    return [] if found == [text] else found
