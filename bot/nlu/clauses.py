"""A long message cut into what it says one thing after another.

One clause of danger does not show in a long message as a whole: each is read by itself too.
"""

import re

FEWEST, MOST, STRIDE = 4, 24, 12
"""Words: a shorter clause says too little by itself, a longer one is read in stretches, each of
which overlaps the last."""
_ENDS = re.compile(
    r"(?<=[.!?;:\n])\s+|\n+|\s+(?=(?:but|however|although|though|and also)\b)", re.IGNORECASE
)


def clauses(text: str) -> list[str]:
    """The clauses of a message of more than `MOST` words; none of a shorter one.

    Nothing that stands between two of them is left out, but for clauses of three words and fewer.
    """
    if len(text.split()) <= MOST:
        return []
    return [
        " ".join(words[start : start + MOST])
        for words in (part.split() for part in _ENDS.split(text))
        if len(words) >= FEWEST
        for start in (range(0, len(words) - STRIDE, STRIDE) if len(words) > MOST else (0,))
    ]
