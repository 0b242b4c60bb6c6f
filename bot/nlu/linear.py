"""TF-IDF of words and of letters, and what a logistic regression learns from it.

Both are trained in seconds, the same each time, and kept in files that hold no code.
"""

from __future__ import annotations

import json
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
from safetensors import safe_open
from safetensors.numpy import save_file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

Numbers = npt.NDArray[np.floating[Any]]
NAMES = "names"
"""Under what a file keeps its names, beside the numbers."""
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
        words, letters = _words(longest_words), _letters()
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


@dataclass(frozen=True)
class Learnt:
    """What was learnt of words and letters: a column of weights for each of `names`."""

    text: TextFeatures
    weights: Numbers
    intercept: Numbers
    names: tuple[str, ...]

    def scores(self, texts: Sequence[str]) -> Numbers:
        """A row for each text: the score of each name, by words and letters alone."""
        return self.text.scores(texts, self.weights) + self.intercept


def learn(
    texts: Sequence[str], labels: Sequence[str], *, longest_words: int, strength: float
) -> Learnt:
    """A logistic regression in which a rare label counts as much as a frequent one.

    `strength` is the inverse strength of the regularisation.
    """
    text = TextFeatures.of(texts, longest_words=longest_words)
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1_000, random_state=7)
    model.fit(text.rows(texts), labels)
    names = tuple(map(str, model.classes_))
    # one row lies together: a text reads a few rows of many
    return Learnt(text, np.ascontiguousarray(model.coef_.T), model.intercept_, names)


def save(learnt: Learnt, path: Path) -> None:
    """Write what was learnt to a file that holds numbers and names, and no code."""
    words, letters = learnt.text.words, learnt.text.letters
    numbers = {
        "words": words.idf_, "letters": letters.idf_,
        "weights": learnt.weights, "intercept": learnt.intercept,
    }  # fmt: skip
    names = {
        "words": _by_column(words), "letters": _by_column(letters),
        "names": learnt.names, "longest_words": words.ngram_range[1],
    }  # fmt: skip
    # safetensors writes an array as it lies in memory, whatever its strides say
    packed = {name: np.ascontiguousarray(each) for name, each in numbers.items()}
    save_file(packed, path, metadata={NAMES: json.dumps(names)})


def load(path: Path) -> Learnt:
    """What was saved.

    Raises:
        OSError: the file cannot be read.
        SafetensorError: it holds anything else.
    """
    with safe_open(path, "np") as file:
        numbers = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        names = json.loads(file.metadata()[NAMES])
    words = _words(names["longest_words"], vocabulary=names["words"])
    letters = _letters(vocabulary=names["letters"])
    words.idf_, letters.idf_ = numbers["words"], numbers["letters"]
    return Learnt(
        TextFeatures(words, letters), numbers["weights"], numbers["intercept"],
        tuple(names["names"]),
    )  # fmt: skip


def _words(longest: int, **known: Any) -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, longest), min_df=TWICE, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b",
        **known,
    )  # fmt: skip


def _letters(**known: Any) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=TWICE, sublinear_tf=True, **known
    )


def _by_column(vectorizer: TfidfVectorizer) -> list[str]:
    return sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)


def plain(text: str) -> str:
    """Small letters, no apostrophes, every year the same year."""
    return _YEAR.sub("yearno", text.lower().translate(_SILENT))
