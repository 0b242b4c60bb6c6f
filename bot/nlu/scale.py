"""What turns two readings of a message into probabilities, set on the development set alone."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import yaml

from bot.nlu.linear import Numbers

FILE = Path(__file__).with_name("scale.yml")
Part = TypeVar("Part", "RiskScale", "IntentScale")


class ScaleError(ValueError):
    """`scale.yml` cannot be used: says what was found, and what is needed."""


@dataclass(frozen=True)
class RiskScale:
    """What turns log odds of imminent risk into its probability, and that into a tier.

    The log odds by words and letters are *heard* as they are in a whole message; a sentence read
    alone says less: `alone` is taken off. The probability is that of `words` times what is heard,
    plus `meaning` times the log odds by meaning, plus `offset`. Below `calm` and above `alarm` the
    words settle it, whatever the meaning: then it is that of `slope` times what is heard, plus
    `shift`. From `ask` and from `interrupt` on, the message is asked about or interrupted.
    """

    words: float
    meaning: float
    offset: float
    alone: float
    calm: float
    alarm: float
    slope: float
    shift: float
    ask: float
    interrupt: float

    def heard(self, by_words: Numbers, whole: int) -> Numbers:
        """The log odds by words as they are heard: the first `whole` are of whole stretches."""
        taken_off = np.zeros_like(by_words)
        taken_off[whole:] = self.alone
        return by_words - taken_off

    def unsettled(self, heard: Numbers) -> npt.NDArray[np.intp]:
        """The parts whose meaning has to be read; none where one of them is alarm enough."""
        if (heard >= self.alarm).any():
            return np.array([], dtype=np.intp)
        return np.flatnonzero(heard > self.calm)

    def probability(self, heard: Numbers, by_meaning: Numbers) -> Numbers:
        """The probabilities, from 0 to 1, by words and by meaning."""
        return _logistic(self.words * heard + self.meaning * by_meaning + self.offset)

    def by_words_alone(self, heard: Numbers) -> Numbers:
        """The probabilities, from 0 to 1, where the words settle it."""
        return _logistic(self.slope * heard + self.shift)


@dataclass(frozen=True)
class IntentScale:
    """What the scores of an intent by words and letters, and by meaning, weigh.

    `alone` is what those by words weigh where the meaning was not read. From the probability
    `sure` on, it need not be.
    """

    words: float
    meaning: float
    alone: float
    sure: float

    def probability(self, by_words: Numbers, by_meaning: Numbers) -> Numbers:
        """The probabilities of all intents, for a row of scores by each reading."""
        return _shares(self.words * by_words + self.meaning * by_meaning)

    def by_words_alone(self, by_words: Numbers) -> Numbers:
        """The probabilities of all intents, for a row of scores by words and letters."""
        return _shares(self.alone * by_words)


def _logistic(odds: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-odds)))


def _shares(scores: Numbers) -> Numbers:
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
    calm, alarm = risk.by_words_alone(np.array([risk.calm, risk.alarm]))
    if not (calm < risk.ask and risk.interrupt <= alarm):
        raise ScaleError(
            f"{path}: at calm {risk.calm} the probability is {calm:.3f}, at alarm {risk.alarm} "
            f"{alarm:.3f}; needed: below ask {risk.ask}, and interrupt {risk.interrupt} or more."
        )
    return Scales(risk, _part(IntentScale, read["intents"], f"{path}: intents"))


def _part(kind: type[Part], read: Any, where: str) -> Part:
    needed = {field.name for field in fields(kind)}
    found = set(read) if isinstance(read, dict) else set()
    if found != needed or not all(isinstance(value, int | float) for value in read.values()):
        raise ScaleError(f"{where}: found {read}; needed: a number for each of {sorted(needed)}.")
    return kind(**read)
