"""Tells what a message is for, by its words and letters and by what they mean together.

The words and letters are weighed by a logistic regression over TF-IDF: Rasa's own takes raw
counts, and so learns how long a message is (docs/adr/0010). What they mean is read by `reading`,
unless the words leave no doubt, or told the screen of a risk already: to report it is then what
the message is for. The output is that of Rasa's classifiers.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.learning_code import code_hash
from bot.nlu.linear import Learnt, Numbers, learn, load, save
from bot.nlu.reading import READ, Read
from bot.nlu.scale import load_scales

logger = logging.getLogger(__name__)

FILE = "intents.safetensors"
REPORTS = "report_risk"
LONGEST_READ = 600
"""Characters of a message that are read: what a long text is for shows at its beginning."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentClassifier(GraphComponent):
    """The intent of a message with its probability, and all others in their order."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        trained: Learnt | None = None,
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
        self._trained = learn(
            [_beginning(example) for example in examples],
            [example.get("intent") for example in examples],
            longest_words=2,
            strength=self._config["strength"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            save(self._trained, folder / FILE)
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
            return cls(config, model_storage, resource, load(folder / FILE))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data as it is: nothing downstream learns from the intents found."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with `intent` and `intent_ranking`."""
        if not messages:
            return messages
        if self._trained is None:
            raise RuntimeError("The intent classifier was not trained.")
        for message in messages:
            found = self._probabilities(self._trained, message)
            ranking = [
                {"name": self._trained.names[index], "confidence": float(found[index])}
                for index in np.argsort(found)[::-1]
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    @staticmethod
    def _probabilities(trained: Learnt, message: Message) -> Numbers:
        scale = load_scales().intents
        by_words = trained.scores([_beginning(message)])[0]
        alone = scale.by_words_alone(by_words)
        read: Read | None = message.get(READ)
        if read is None:  # then the screen shows the advice, whatever the intent
            return alone
        risk = message.get("risk") or {}
        if risk.get("tier") == "high" and not read.knows(0):
            reports = np.array([name == REPORTS for name in trained.names], dtype=float)
            return np.asarray(risk["score"] * reports + (1 - risk["score"]) * alone)
        if alone.max() >= scale.sure and not read.knows(0):
            return alone
        try:
            return scale.probability(by_words, read.intents(0))
        except Exception:
            logger.exception("intents.meaning_not_read")
            return alone


def _beginning(message: Message) -> str:
    return str(message.get("text") or "")[:LONGEST_READ]
