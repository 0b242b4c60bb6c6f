"""How likely a message tells of somebody at imminent risk: two readings of it, weighed together.

One reads words and letters (a linear model, learnt when the assistant is trained), the other what
they mean together (`reading`), where the words alone do not settle it. Each parts four sorts of
messages: with "imminent" against all the rest, an ordinary message is alarmed twice as often. A
long message is read in stretches and sentence by sentence; the worst counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from bot.nlu.encoder_graph import SORTS
from bot.nlu.linear import Learnt, Numbers, learn, load, save
from bot.nlu.reading import Read
from bot.nlu.scale import RiskScale

Sort = Literal["imminent", "lookalike", "ordinary", "question"]
FILE = "risk.safetensors"
LONGEST_WORDS = 3
MOST_WORDS = 3


@dataclass(frozen=True)
class RiskModel:
    """The weights of words and letters: a column for each sort."""

    learnt: Learnt

    @classmethod
    def train(
        cls, examples: Mapping[Sort, Sequence[str]], *, strength: float, folder: Path
    ) -> RiskModel:
        """Learn what parts the four sorts, and save it in a folder."""
        texts = [text for several in examples.values() for text in several]
        labels = [sort for sort, several in examples.items() for _ in several]
        learnt = learn(texts, labels, longest_words=LONGEST_WORDS, strength=strength)
        save(learnt, folder / FILE)
        return cls(learnt)

    @classmethod
    def load(cls, folder: Path) -> RiskModel:
        """The model as it was saved."""
        return cls(load(folder / FILE))

    @property
    def imminent(self) -> int:
        """The column of imminent risk."""
        return self.learnt.names.index("imminent")

    def by_words(self, read: Read) -> Numbers:
        """The log odds of imminent risk by words and letters, for each part."""
        return against_the_others(self.learnt.scores(read.parts), self.imminent)

    @staticmethod
    def by_meaning(read: Read, wanted: Sequence[int]) -> Numbers:
        """The log odds of imminent risk by meaning, for each part that is wanted."""
        return against_the_others(read.sorts(wanted), SORTS.index("imminent"))

    def probability(self, read: Read, scale: RiskScale) -> tuple[float, str]:
        """The probability that a message tells of imminent risk, and the part that says most."""
        words = scale.heard(self.by_words(read), read.whole)
        found = scale.by_words_alone(words)
        unsettled = [int(part) for part in scale.unsettled(words)]
        if unsettled:
            found[unsettled] = scale.probability(words[unsettled], self.by_meaning(read, unsettled))
        worst = int(found.argmax())
        return float(found[worst]), read.parts[worst]

    def words_that_spoke(self, text: str) -> tuple[str, ...]:
        """The words of `text` that spoke most for a risk."""
        return self.learnt.text.words_that_spoke(text, self.against_the_rest, MOST_WORDS)

    @cached_property
    def against_the_rest(self) -> Numbers:
        """What each word weighs for a risk, against its mean weight for the other sorts."""
        weights = self.learnt.weights
        others = np.delete(weights, self.imminent, axis=1).mean(axis=1)
        return np.asarray(weights[:, self.imminent] - others)


def against_the_others(scores: Numbers, at: int) -> Numbers:
    """The log odds of the column `at` against all the other columns together."""
    others = np.delete(scores, at, axis=1)
    return np.asarray(scores[:, at] - np.logaddexp.reduce(others, axis=1))
