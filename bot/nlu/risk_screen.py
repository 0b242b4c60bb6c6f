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

from bot.nlu.intents import RISK, RISK_BY_SENTENCE
from bot.nlu.lexicon import screen

logger = logging.getLogger(__name__)

SOUNDS_LIKE_RISK = 0.3
"""The likelihood at which a whole message is asked about."""
SENTENCE_SOUNDS_LIKE_RISK = 0.45
"""The same for one sentence among others."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class RiskScreen(GraphComponent):
    """Writes `risk` into a message: tier, score and the words that triggered it.

    It stands apart from the intent: no classifier can hide a risk that the words show. The
    classifier may only add one: a message that sounds like a report of risk, or holds a sentence
    that does, is asked about. If
    the screen itself fails, the message counts as high: the advice is shown.
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
            risk = self.risk_of(message.get("text") or "")
            likelihood = _likelihood(message)
            if risk["tier"] is None and likelihood is not None:
                risk = {"tier": "low", "score": likelihood, "matched": ["sounds like a risk"]}
            message.set("risk", risk, add_to_output=True)
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


def _likelihood(message: Message) -> float | None:
    """How likely the classifier finds a report of risk in it; None where that is too little."""
    ranking = message.get("intent_ranking") or []
    whole = next((each["confidence"] for each in ranking if each["name"] == RISK), 0.0)
    sentence = max(message.get(RISK_BY_SENTENCE) or [], default=0.0)
    found = whole >= SOUNDS_LIKE_RISK or sentence >= SENTENCE_SOUNDS_LIKE_RISK
    return float(max(whole, sentence)) if found else None
