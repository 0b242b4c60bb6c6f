"""Screens every message for imminent risk before the dialogue decides anything."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.lexicon import screen

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class RiskScreen(GraphComponent):
    """Writes `risk` into a message: tier, score and the words that triggered it.

    It stands apart from the intent, so that no classifier can hide a risk. If the screen itself
    fails, the message counts as high: the advice is shown.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RiskScreen:
        """A new screen; it keeps nothing in the model."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with their risk."""
        for message in messages:
            message.set("risk", self.risk_of(message.get("text") or ""), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data as it is: the screen learns nothing from it."""
        return training_data

    @staticmethod
    def risk_of(text: str) -> dict[str, Any]:
        """The risk in `text` as the dialogue policy reads it."""
        try:
            screened = screen(text)
        except Exception:
            logger.exception("risk.screen_failed")
            return {"tier": "high", "score": 1.0, "matched": ["the screen failed"]}
        return {
            "tier": screened.tier,
            "score": screened.score,
            "matched": list(screened.matched),
        }
