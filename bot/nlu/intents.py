"""Tells what a message is for: TF-IDF of words and of letters, and a logistic regression.

Rasa's own logistic regression takes raw counts, and so learns how long a message is
(docs/adr/0010). This one reads the same training data and gives the same output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.learning_code import code_hash
from bot.nlu.linear import Numbers, TextFeatures, load, regression, save

FILE = "intents.skops"
LONGEST_READ = 600
"""Characters of a message that are read: what a long text is for shows at its beginning."""


@dataclass(frozen=True)
class Trained:
    """What was learnt: a column of weights for each intent, in the order of `names`."""

    text: TextFeatures
    weights: Numbers
    intercept: Numbers
    names: tuple[str, ...]

    def probabilities(self, texts: list[str]) -> Numbers:
        """A row for each text, a column for each intent."""
        scores = np.asarray(self.text.rows(texts) @ self.weights + self.intercept)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentClassifier(GraphComponent):
    """The intent of a message with its probability, and all others in their order."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        trained: Trained | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._trained = trained

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength` is the inverse strength of the regularisation."""
        return {"strength": 60.0}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa trains this part again when the code that learns changes."""
        return code_hash()

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
        texts = [_beginning(example) for example in examples]
        text = TextFeatures.of(texts, longest_words=2)
        learnt = regression(
            text.rows(texts),
            [example.get("intent") for example in examples],
            self._config["strength"],
        )
        names = tuple(str(name) for name in learnt.classes_)
        self._trained = Trained(text, learnt.coef_.T, learnt.intercept_, names)
        parts = {
            "words": text.words, "letters": text.letters, "names": list(names),
            "weights": self._trained.weights, "intercept": self._trained.intercept,
        }  # fmt: skip
        with self._model_storage.write_to(self._resource) as folder:
            save(parts, folder / FILE)
        return self._resource

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
            parts = load(folder / FILE)
        trained = Trained(
            text=TextFeatures(parts.pop("words"), parts.pop("letters")),
            names=tuple(parts.pop("names")),
            **parts,
        )
        return cls(config, model_storage, resource, trained)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The training data, with the intents that the classifier gives it."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with `intent` and `intent_ranking`."""
        if not messages:
            return messages
        if self._trained is None:
            raise RuntimeError("The intent classifier was not trained.")
        names = self._trained.names
        rows = self._trained.probabilities([_beginning(message) for message in messages])
        for message, row in zip(messages, rows, strict=True):
            ranking = [
                {"name": names[index], "confidence": float(row[index])}
                for index in np.argsort(row)[::-1]
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _beginning(message: Message) -> str:
    return str(message.get("text") or "")[:LONGEST_READ]
