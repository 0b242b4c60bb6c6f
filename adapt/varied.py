"""The training messages as they might also have been typed: with slips, and among other talk."""

import random
import re
from collections.abc import Sequence

NEIGHBOURS = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu",
    "z": "x",
}  # fmt: skip
SLIPPED, UNPOINTED, SURROUNDED = 0.15, 0.06, 0.15
"""The shares of messages that get slips, lose their punctuation, or stand among other talk."""
LONGEST = 30
"""Words: a longer message has enough around it."""


class Varied:
    """Each message anew for every pass, so that none is learnt by heart."""

    def __init__(self, calm: Sequence[str], seed: int) -> None:
        """`calm` are messages without danger: what a message is set among."""
        self._calm = [text for text in calm if 6 <= len(text.split()) <= LONGEST]
        self._random = random.Random(seed)

    def again(self, text: str, *, surround: bool) -> str:
        """The message, perhaps with slips, without its points, or among one to three others."""
        if self._random.random() < SLIPPED:
            text = self._with_slips(text)
        if self._random.random() < UNPOINTED:
            text = re.sub(r"[.,;:!?'’]", "", text)
        short = len(text.split()) <= LONGEST
        if surround and short and self._random.random() < SURROUNDED:
            text = self._among_others(text)
        return text

    def _with_slips(self, text: str) -> str:
        letters = list(text)
        for _ in range(max(1, int(len(letters) * self._random.uniform(0.01, 0.05)))):
            at = self._random.randrange(len(letters))
            if letters[at].isalpha():
                letters[at] = self._slip(letters[at])
        return "".join(letters) if any(map(str.strip, letters)) else text

    def _slip(self, letter: str) -> str:
        near = NEIGHBOURS.get(letter.lower(), letter)
        return self._random.choice(["", "", letter * 2, self._random.choice(near)])

    def _among_others(self, text: str) -> str:
        before = [self._random.choice(self._calm) for _ in range(self._random.choice((0, 1, 1, 2)))]
        after = [self._random.choice(self._calm) for _ in range(self._random.choice((0, 1, 1)))]
        parts = [*before, text, *after]
        ends = self._random.choices([".", ".", ",", ""], k=len(parts))
        return " ".join(
            part if part[-1:] in ".!?" else part + end
            for part, end in zip(parts, ends, strict=True)
        )
