"""Screens every message for imminent risk before the dialogue decides anything."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.bare_times import only_a_time
from bot.nlu.learning_code import code_hash
from bot.nlu.lexicon import matches
from bot.nlu.reading import READ, Read
from bot.nlu.risk_data import fingerprint, pairs
from bot.nlu.risk_model import RiskModel, Sort
from bot.nlu.scale import load_scales
from bot.settings import Settings

logger = logging.getLogger(__name__)

SORTS: Mapping[str, Sort] = {"report_risk": "imminent", "ask_risk": "question"}
"""The intents whose examples are no ordinary messages to the screen."""


LONGEST_LEARNT = 45
"""Words: what makes a longer message alarming is one sentence of it, not all of its words."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class RiskScreen(GraphComponent):
    """Writes `risk` into a message: tier, score, and the words that triggered it.

    It stands apart from the intent, in every state of the dialogue. The model decides; the
    lexicon can only add. If the screen itself fails, the message counts as high: the advice is
    shown.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: RiskModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self.model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength` is the inverse strength of the regularisation."""
        return {"strength": 10.0}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa trains this part again when the pairs change: it does not look at them itself."""
        return code_hash() + fingerprint(data_folder())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RiskScreen:
        """An untrained screen."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the pairs of data/risk and the ordinary messages of data/nlu.

        Raises:
            RiskDataError: a file of data/risk cannot be used.
        """
        known = list(pairs(data_folder()))
        examples: dict[Sort, list[str]] = {
            "imminent": [pair.imminent for pair in known if learnt(pair.imminent)],
            "lookalike": [pair.twin for pair in known if learnt(pair.twin)],
            "question": [],
            "ordinary": [],
        }
        for example in training_data.intent_examples:
            sort = SORTS.get(example.get("intent"), "ordinary")
            examples[sort].append(example.get("text"))
        with self._model_storage.write_to(self._resource) as folder:
            self.model = RiskModel.train(examples, strength=self._config["strength"], folder=folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RiskScreen:
        """The screen as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, RiskModel.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with their risk."""
        for message in messages:
            risk = self.risk_of(message.get("text") or "", message.get(READ))
            message.set("risk", risk, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data as it is: nothing downstream learns from the risk."""
        return training_data

    def risk_of(self, text: str, read: Read | None) -> dict[str, Any]:
        """The risk in `text` as the dialogue policy reads it; `read` is what `Reading` says."""
        try:
            return self._risk_of(text, read)
        except Exception:
            logger.exception("risk.screen_failed")
            return {"tier": "high", "score": 1.0, "matched": ["the screen failed"]}

    def _risk_of(self, text: str, read: Read | None) -> dict[str, Any]:
        if not text.strip() or only_a_time(text):
            return {"tier": None, "score": 0.0, "matched": []}
        if self.model is None or read is None:
            raise RuntimeError("The risk screen was not trained, or the message was not read.")
        scale = load_scales().risk
        probability, worst = self.model.probability(read, scale)
        phrases = matches(text)
        tier = None
        if probability >= scale.interrupt:
            tier = "high"
        elif probability >= scale.ask or phrases:
            tier = "low"
        spoke = self.model.words_that_spoke(worst) if tier else ()
        matched = [*phrases, *(f"sounds like: {words}" for words in spoke)] if tier else []
        return {"tier": tier, "score": round(probability, 4), "matched": matched}


def learnt(text: str | None) -> TypeGuard[str]:
    """Whether a side of a pair is there, and short enough to learn from as one whole."""
    return text is not None and len(text.split()) <= LONGEST_LEARNT


def data_folder() -> Path:
    """Where the pairs are."""
    return Settings.from_environment(os.environ).root / "data" / "risk"
