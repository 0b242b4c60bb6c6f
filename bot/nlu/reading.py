"""Reads every message once, for the intent and for the risk: its parts, and what each means."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import Encoder
from bot.nlu.encoder_graph import Numbers, write_encoder
from bot.nlu.learning_code import code_hash
from bot.nlu.stretches import sentences, stretches

logger = logging.getLogger(__name__)

READ = "read"
"""Under this name a message carries what was read."""


@dataclass(frozen=True)
class Read:
    """The parts of a message: the first `whole` are its stretches, the others sentences alone.

    `sorts` and `intents` hold a row of scores for each part.
    """

    parts: tuple[str, ...]
    whole: int
    sorts: Numbers
    intents: Numbers


def read_with(encoder: Encoder, text: str) -> Read:
    """Everything the encoder says of a text."""
    whole = stretches(text)
    parts = (*whole, *sentences(text))
    return Read(parts, len(whole), *encoder.scores(parts))


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class Reading(GraphComponent):
    """Writes what it has read into a message; nothing of it leaves the pipeline."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, encoder: Encoder | None = None
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = encoder

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa makes the encoder again when its weights change."""
        return code_hash()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Reading:
        """A reader without an encoder."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Make the encoder of the weights as they were adapted.

        Raises:
            EncoderError: an intent of the training data was not among what they were adapted to.
        """
        # not `training_data.intents`: the rules name intents that have no examples
        intents = sorted({each.get("intent") for each in training_data.intent_examples})
        with self._model_storage.write_to(self._resource) as folder:
            write_encoder(folder, intents)
            self._encoder = Encoder(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Reading:
        """The reader as it was made."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Encoder(Path(folder)))

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with what was read; without it where reading fails.

        A message that was not read shows the advice (`RiskScreen`); a fault here would show
        nothing at all.
        """
        for message in messages:
            try:
                message.set(READ, self._read(message.get("text") or ""))
            except Exception:
                logger.exception("reading.failed")
        return messages

    def _read(self, text: str) -> Read:
        if self._encoder is None:
            raise RuntimeError("The encoder was not made.")
        return read_with(self._encoder, text)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data as it is: what is trained reads words and letters alone."""
        return training_data
