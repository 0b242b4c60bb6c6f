"""TF-IDF of words and of letters, and what a logistic regression learns from it.

Both are trained in seconds, the same each time, and kept in files that hold no code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import skops.io
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

Numbers = npt.NDArray[np.floating[Any]]
TWICE = 2
"""What stands in one example only says nothing about others, and is not learnt."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SILENT = str.maketrans("", "", "'’‘`´")


@dataclass(frozen=True)
class TextFeatures:
    """The weighted words and letters of a text."""

    words: TfidfVectorizer
    letters: TfidfVectorizer

    @classmethod
    def of(cls, texts: Iterable[str], *, longest_words: int) -> TextFeatures:
        """The features of these texts; up to `longest_words` words stand together as one."""
        read = [plain(text) for text in texts]
        words = TfidfVectorizer(
            ngram_range=(1, longest_words),
            min_df=TWICE,
            sublinear_tf=True,
            token_pattern=r"(?u)\b\w+\b",
        )
        letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=TWICE, sublinear_tf=True
        )
        return cls(words.fit(read), letters.fit(read))

    def rows(self, texts: Sequence[str]) -> sp.csr_matrix:
        """A row of weights for each text: the words', then the letters'."""
        read = [plain(text) for text in texts]
        return sp.hstack([self.words.transform(read), self.letters.transform(read)], format="csr")

    def scores(self, texts: Sequence[str], weights: Numbers) -> Numbers:
        """A row for each text: `rows(texts) @ weights`, many times faster for a few texts."""
        words, letters = self._readers
        of_words, of_letters = weights[: words.width], weights[words.width :]
        return np.array(
            [
                words.score(text, of_words) + letters.score(text, of_letters)
                for text in map(plain, texts)
            ]
        )

    @cached_property
    def _readers(self) -> tuple[Reader, Reader]:
        return Reader.of(self.words), Reader.of(self.letters)

    def words_that_spoke(self, text: str, weights: Numbers, most: int) -> tuple[str, ...]:
        """The words of `text` that spoke most for what `weights` stand for, strongest first.

        Only words of the training examples are ever given back, never a name.
        """
        words, _ = self._readers
        names, columns, found = words.read(plain(text))
        spoke = found * weights[columns]
        chosen: list[str] = []
        for weight, name in sorted(zip(spoke, names, strict=True), reverse=True):
            if weight > 0 and not any(name in other or other in name for other in chosen):
                chosen.append(name)
            if len(chosen) == most:
                break
        return tuple(chosen)


@dataclass(frozen=True)
class Reader:
    """Reads one text as its vectorizer does, without the checks that cost more than the reading."""

    parts: Callable[[str], Iterable[str]]
    columns: Mapping[str, int]
    rarity: Numbers

    @classmethod
    def of(cls, vectorizer: TfidfVectorizer) -> Reader:
        """The reader of a trained vectorizer."""
        return cls(vectorizer.build_analyzer(), vectorizer.vocabulary_, vectorizer.idf_)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return self.rarity.size

    def read(self, text: str) -> tuple[list[str], npt.NDArray[np.intp], Numbers]:
        """What of a text was learnt: each once, its column, and its weight, of length 1 together.

        The weight is that of `TfidfVectorizer(sublinear_tf=True)`.
        """
        counted = Counter(filter(self.columns.__contains__, self.parts(text)))
        columns = np.fromiter(map(self.columns.__getitem__, counted), np.intp, len(counted))
        often = np.fromiter(counted.values(), np.float64, len(counted))
        weights = (1 + np.log(often)) * self.rarity[columns]
        length = np.sqrt(weights @ weights)
        return list(counted), columns, weights / length if length else weights

    def score(self, text: str, weights: Numbers) -> Numbers:
        """The scores of a text: a number for each column of `weights`."""
        _, columns, found = self.read(text)
        return np.asarray(found @ weights[columns])


def regression(
    rows: sp.csr_matrix, labels: Sequence[str | bool], strength: float
) -> LogisticRegression:
    """A logistic regression in which a rare class counts as much as a frequent one.

    `strength` is the inverse strength of the regularisation.
    """
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1_000, random_state=7)
    return model.fit(rows, labels)


def save(parts: dict[str, object], path: Path) -> None:
    """Write arrays, vectorizers and names to a file that holds no code."""
    skops.io.dump(parts, path)


def load(path: Path) -> dict[str, Any]:
    """What was saved.

    Raises:
        skops.io.exceptions.UntrustedTypesFoundException: the file holds anything else.
    """
    return dict(skops.io.load(path))


def plain(text: str) -> str:
    """Small letters, no apostrophes, every year the same year."""
    return _YEAR.sub("yearno", text.lower().translate(_SILENT))
