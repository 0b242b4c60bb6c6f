"""How likely a text tells of somebody at imminent risk: one linear model over three readings.

Words, letters, and what the text means (`encoder`) are weighed together, for four sorts of
messages: with one weighing of "imminent" against all the rest, an ordinary message is alarmed
twice as often. The whole message is read, and each of its clauses; the worst counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import scipy.sparse as sp
import yaml

from bot.nlu.clauses import clauses
from bot.nlu.encoder import Encoder
from bot.nlu.encoder_graph import write_encoder
from bot.nlu.linear import Numbers, TextFeatures, load, regression, save

Sort = Literal["imminent", "lookalike", "ordinary", "question"]
FILE = "risk.skops"
SCALE = Path(__file__).with_name("risk_scale.yml")
LONGEST_WORDS = 3
MEANING = 0.05
"""How much a number of the encoder weighs beside a word, before anything is learnt."""
SMALLEST = 1e-3
"""A number of the encoder that is the same for all texts must not be divided by nothing."""
MOST_WORDS, MOST_CLAUSES = 3, 3


class ScaleError(ValueError):
    """`risk_scale.yml` cannot be used: says what was found, and what is needed."""


@dataclass(frozen=True)
class Scale:
    """What turns log odds into a probability and a tier, set on the development set alone.

    The probability is that of `slope` times the log odds plus `offset`. A clause by itself says
    less than a whole message: `clause` is taken off its log odds. From `ask` and from `interrupt`
    on, the message is asked about or interrupted.
    """

    slope: float
    offset: float
    clause: float
    ask: float
    interrupt: float

    def probability(self, odds: Numbers) -> Numbers:
        """The probabilities, from 0 to 1, that these log odds stand for."""
        return np.asarray(1 / (1 + np.exp(-(self.slope * odds + self.offset))))


@dataclass(frozen=True)
class RiskModel:
    """The weights of words, letters and meaning, in that order: a column for each sort."""

    text: TextFeatures
    encoder: Encoder
    centre: Numbers
    spread: Numbers
    weights: Numbers
    intercept: Numbers
    imminent: int

    @classmethod
    def train(
        cls, examples: Mapping[Sort, Sequence[str]], *, strength: float, folder: Path
    ) -> RiskModel:
        """Learn what parts the four sorts, and save it all in a folder."""
        write_encoder(folder)
        encoder = Encoder(folder)
        texts = [text for several in examples.values() for text in several]
        text, vectors = TextFeatures.of(texts, longest_words=LONGEST_WORDS), encoder.vectors(texts)
        centre = vectors.mean(axis=0)
        spread = np.maximum(vectors.std(axis=0), SMALLEST) / MEANING
        rows = sp.hstack([text.rows(texts), sp.csr_matrix((vectors - centre) / spread)], "csr")
        labels = [sort for sort, several in examples.items() for _ in several]
        learnt = regression(rows, labels, strength)
        parts = {
            "centre": centre,
            "spread": spread,
            "weights": learnt.coef_.T,
            "intercept": learnt.intercept_,
            "imminent": list(learnt.classes_).index("imminent"),
        }
        save({"words": text.words, "letters": text.letters, **parts}, folder / FILE)
        return cls(text=text, encoder=encoder, **parts)

    @classmethod
    def load(cls, folder: Path) -> RiskModel:
        """The model as it was saved."""
        parts = load(folder / FILE)
        text = TextFeatures(parts.pop("words"), parts.pop("letters"))
        return cls(text=text, encoder=Encoder(folder), **parts)

    def odds(self, texts: Sequence[str]) -> Numbers:
        """The log odds of imminent risk against all other sorts, for each text as one whole."""
        meaning = (self.encoder.vectors(texts) - self.centre) / self.spread
        by_meaning = meaning @ self.weights[-meaning.shape[1] :]
        return self._against_the_others(self._by_words(texts) + by_meaning)

    def _by_words(self, texts: Sequence[str]) -> Numbers:
        rows = self.text.rows(texts)
        return np.asarray(rows @ self.weights[: rows.shape[1]] + self.intercept)

    def _against_the_others(self, scores: Numbers) -> Numbers:
        others = np.delete(scores, self.imminent, axis=1)
        return np.asarray(scores[:, self.imminent] - np.logaddexp.reduce(others, axis=1))

    def read(self, text: str, scale: Scale) -> tuple[float, str]:
        """The log odds of a message, and the part of it that says most."""
        parts, odds = self.parts(text)
        odds[1:] -= scale.clause
        worst = int(odds.argmax())
        return float(odds[worst]), parts[worst]

    def parts(self, text: str) -> tuple[list[str], Numbers]:
        """The message as one whole, then its clauses, and the log odds of each.

        What they mean is read of the clauses whose words say most, `MOST_CLAUSES` at most: it
        takes the longest.
        """
        found = clauses(text)
        if len(found) > MOST_CLAUSES:
            by_words = self._against_the_others(self._by_words(found))
            found = [found[at] for at in sorted(np.argsort(by_words)[-MOST_CLAUSES:])]
        parts = [text, *found]
        return parts, self.odds(parts)

    def words_that_spoke(self, text: str) -> tuple[str, ...]:
        """The words of `text` that spoke most for a risk."""
        return self.text.words_that_spoke(text, self.against_the_rest, MOST_WORDS)

    @cached_property
    def against_the_rest(self) -> Numbers:
        """What each word weighs for a risk, against its mean weight for the other sorts."""
        others = np.delete(self.weights, self.imminent, axis=1).mean(axis=1)
        return np.asarray(self.weights[:, self.imminent] - others)


@cache
def load_scale(path: Path = SCALE) -> Scale:
    """The scale in a file.

    Raises:
        ScaleError: a number is missing or unknown, or the thresholds are the wrong way round.
    """
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    needed = {field.name for field in fields(Scale)}
    found = set(read) if isinstance(read, dict) else set()
    if found != needed or not all(isinstance(value, int | float) for value in read.values()):
        raise ScaleError(f"{path}: found {read}; needed: a number for each of {sorted(needed)}.")
    scale = Scale(**read)
    if not 0 < scale.ask <= scale.interrupt < 1:
        raise ScaleError(
            f"{path}: found ask {scale.ask} and interrupt {scale.interrupt}; "
            "needed: 0 < ask <= interrupt < 1."
        )
    return scale
