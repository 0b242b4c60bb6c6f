"""What our dialogue policies share: they learn nothing, and look at the conversation alone."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker


class PlainPolicy(Policy):
    """Predicts what `_next` says, before any form; nothing where it says nothing."""

    @staticmethod
    def supported_data() -> SupportedData:
        """Rules are enough: such a policy looks at nothing else."""
        return SupportedData.ML_AND_RULE_DATA

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PlainPolicy:
        """The policy as it is: nothing is learnt, so nothing is stored."""
        return cls(config, model_storage, resource, execution_context)

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The action that `_next` names, or nothing at all.

        The prediction is marked as made without the user's message: a higher priority alone does
        not come before a form.
        """
        scores = [0.0] * domain.num_actions
        action = self._next(tracker)
        if action is not None:
            scores[domain.index_for_action(action)] = 1.0
        return self._prediction(scores, is_no_user_prediction=any(scores))

    @staticmethod
    @abstractmethod
    def _next(tracker: DialogueStateTracker) -> str | None:
        """The name of the action that is next, if this policy has a say."""
