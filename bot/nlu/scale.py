"""What turns two readings of a message into probabilities, set on the development set alone."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import yaml

from bot.nlu.linear import Numbers

FILE = Path(__file__).with_name("scale.yml")
Part = TypeVar("Part", "RiskScale", "IntentScale")


class ScaleError(ValueError):
    """`scale.yml` cannot be used: says what was found, and what is needed."""


@dataclass(frozen=True)
class RiskScale:
    """What turns two log odds into the probability of imminent risk, and that into a tier.

    It is the probability of `words` times the log odds by words and letters, plus `meaning` times
    those by meaning, plus `offset`. A sentence read alone says less than a whole message: `alone`
    is taken off. From `ask` and from `interrupt` on, the message is asked about or interrupted.
    """

    words: float
    meaning: float
    offset: float
    alone: float
    ask: float
    interrupt: float

    def probability(self, odds: Numbers, whole: int) -> Numbers:
        """The probabilities, from 0 to 1, for rows of the two log odds.

        The first `whole` rows are of whole messages or stretches, the others of sentences alone.
        """
        together = odds @ np.array([self.words, self.meaning]) + self.offset
        together[whole:] -= self.alone
        return np.asarray(1 / (1 + np.exp(-together)))


@dataclass(frozen=True)
class IntentScale:
    """What the scores of an intent by words and letters, and by meaning, weigh."""

    words: float
    meaning: float

    def probability(self, by_words: Numbers, by_meaning: Numbers) -> Numbers:
        """The probabilities of all intents, for a row of scores by each reading."""
        scores = self.words * by_words + self.meaning * by_meaning
        odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class Scales:
    """Both scales."""

    risk: RiskScale
    intents: IntentScale


@cache
def load_scales(path: Path = FILE) -> Scales:
    """The scales in a file.

    Raises:
        ScaleError: a number is missing or unknown, or the thresholds are the wrong way round.
    """
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(read, dict) or set(read) != {"risk", "intents"}:
        raise ScaleError(f"{path}: found {read}; needed: the numbers of risk and of intents.")
    risk = _part(RiskScale, read["risk"], f"{path}: risk")
    if not 0 < risk.ask <= risk.interrupt < 1:
        raise ScaleError(
            f"{path}: found ask {risk.ask} and interrupt {risk.interrupt}; "
            "needed: 0 < ask <= interrupt < 1."
        )
    return Scales(risk, _part(IntentScale, read["intents"], f"{path}: intents"))


def _part(kind: type[Part], read: Any, where: str) -> Part:
    needed = {field.name for field in fields(kind)}
    found = set(read) if isinstance(read, dict) else set()
    if found != needed or not all(isinstance(value, int | float) for value in read.values()):
        raise ScaleError(f"{where}: found {read}; needed: a number for each of {sorted(needed)}.")
    return kind(**read)
