"""Reads every message once, for the risk and for the intent: its parts, and what each means.

What a part means is read by a neural network, which takes longer than all the rest: only where
its words alone do not settle the matter, and then once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
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
    """The parts of a message: the first `whole` are its stretches, the others sentences alone."""

    parts: tuple[str, ...]
    whole: int
    scores: Callable[[Sequence[str]], tuple[Numbers, Numbers]]
    _known: dict[int, tuple[Numbers, Numbers]] = field(default_factory=dict)

    def knows(self, part: int) -> bool:
        """Whether what this part means was read already."""
        return part in self._known

    def sorts(self, wanted: Sequence[int]) -> Numbers:
        """A row for each of these parts: how much it speaks for each sort of message."""
        return np.array([self._read(wanted)[part][0] for part in wanted])

    def intents(self, part: int) -> Numbers:
        """How much this part speaks for each intent."""
        return self._read([part])[part][1]

    def _read(self, wanted: Sequence[int]) -> dict[int, tuple[Numbers, Numbers]]:
        unread = [part for part in wanted if part not in self._known]
        if unread:
            rows = self.scores([self.parts[part] for part in unread])
            self._known.update(zip(unread, zip(*rows, strict=True), strict=True))
        return self._known


def read_with(encoder: Encoder, text: str) -> Read:
    """A text in its parts, for an encoder to read."""
    whole = stretches(text)
    return Read((*whole, *sentences(text)), len(whole), encoder.scores)


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
        """The messages, each with its parts; without them where that fails.

        A message that cannot be read shows the advice (`RiskScreen`); a fault here would show
        nothing at all.
        """
        for message in messages:
            try:
                message.set(READ, self._parts(message.get("text") or ""))
            except Exception:
                logger.exception("reading.failed")
        return messages

    def _parts(self, text: str) -> Read:
        if self._encoder is None:
            raise RuntimeError("The encoder was not made.")
        return read_with(self._encoder, text)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data as it is: what is trained reads words and letters alone."""
        return training_data
