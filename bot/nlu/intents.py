"""Tells what a message is for: TF-IDF of words and of letters, and a logistic regression.

Rasa's own logistic regression takes raw counts, and so learns how long a message is
(docs/adr/0010). This one reads the same training data and gives the same output.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import numpy as np
import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

FILE = "intents.skops"
LONGEST_READ = 600
"""Characters of a message that are read: what a long text is for shows at its beginning."""
RISK = "report_risk"
RISK_BY_SENTENCE = "risk_by_sentence"
MOST_SENTENCES, FEWEST_WORDS, MOST_WORDS = 60, 4, 40
"""What is read one by one: a shorter sentence says too little, a longer one is cut."""
_END = re.compile(r"[.!?;\n]+")


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentClassifier(GraphComponent):
    """The intent of a message with its probability, and all others in their order."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Pipeline | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C` is the inverse strength of the regularisation; `max_iter` bounds the solver."""
        return {"C": 60.0, "max_iter": 400, "random_state": 7}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of data/nlu, and store what was learnt."""
        examples = training_data.intent_examples
        self._model = make_pipeline(
            make_union(
                TfidfVectorizer(
                    ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"
                ),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
            ),
            LogisticRegression(class_weight="balanced", **self._config_of_the_regression()),
        )
        self._model.fit(
            [plain(example.get("text")) for example in examples],
            [example.get("intent") for example in examples],
        )
        with self._model_storage.write_to(self._resource) as folder:
            skops.io.dump(self._model, folder / FILE)
        return self._resource

    def _config_of_the_regression(self) -> dict[str, Any]:
        return {key: self._config[key] for key in self.get_default_config()}

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """The classifier as it was trained."""
        with model_storage.read_from(resource) as folder:
            model = skops.io.load(
                folder / FILE, trusted=skops.io.get_untrusted_types(file=folder / FILE)
            )
        return cls(config, model_storage, resource, model)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The training data, with the intents that the classifier gives it."""
        self._classify(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with `intent`, `intent_ranking` and `risk_by_sentence`.

        `risk_by_sentence` holds how likely each sentence of a longer message reports a risk: one
        such sentence does not show in a long paragraph as a whole. The risk screen reads it.
        """
        self._classify(messages)
        for message in messages:
            read = sentences(message.get("text"))
            if len(read) > 1:
                message.set(RISK_BY_SENTENCE, self._likelihoods_of_risk(read))
        return messages

    def _classify(self, messages: list[Message]) -> None:
        if not messages:
            return
        model = self._trained()
        probabilities = model.predict_proba([plain(message.get("text")) for message in messages])
        for message, row in zip(messages, probabilities, strict=True):
            ranking = [
                {"name": str(model.classes_[index]), "confidence": float(row[index])}
                for index in np.argsort(row)[::-1]
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)

    def _likelihoods_of_risk(self, texts: list[str]) -> list[float]:
        model = self._trained()
        at = list(model.classes_).index(RISK)
        return [float(row[at]) for row in model.predict_proba([plain(text) for text in texts])]

    def _trained(self) -> Pipeline:
        if self._model is None:
            raise RuntimeError("The intent classifier was not trained.")
        return self._model


def sentences(text: str | None) -> list[str]:
    """The sentences of a message worth reading one by one, at most `MOST_SENTENCES`."""
    found = (
        words[start : start + MOST_WORDS]
        for words in (sentence.split() for sentence in _END.split(text or ""))
        for start in range(0, len(words), MOST_WORDS)
    )
    long_enough = (" ".join(words) for words in found if len(words) >= FEWEST_WORDS)
    return list(islice(long_enough, MOST_SENTENCES))


def plain(text: str | None) -> str:
    """The text as the classifier reads it: small letters, no apostrophes, not endless."""
    return (text or "")[:LONGEST_READ].lower().replace("'", "").replace("’", "")
