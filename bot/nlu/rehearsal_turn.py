"""In a rehearsal every message is a move of it: after a risk, before all else."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rehearsal.hear import join_code, scenario_named

ACTION = "action_rehearse"
RISK_ACTION = "action_risk"
INTENT, RISK_INTENT = "rehearse", "report_risk"
SLOT = "rehearsal"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class RehearsalTurn(Policy):
    """Predicts `action_rehearse` in a rehearsal, for its buttons, and for a join code.

    It stands below `RiskFirst`: what the screen finds has been dealt with by then. A message that
    only the classifier takes for a risk is asked about here too.
    """

    @staticmethod
    def supported_data() -> SupportedData:
        """Rules are enough: this policy looks at nothing else."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Below the risk, above every other policy."""
        return {"priority": 8}

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RehearsalTurn:
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
        """The move, a wait for the next one, or nothing at all."""
        scores = [0.0] * domain.num_actions
        action = self._next(tracker)
        if action is not None:
            scores[domain.index_for_action(action)] = 1.0
        return self._prediction(scores, is_no_user_prediction=any(scores))

    @staticmethod
    def _next(tracker: DialogueStateTracker) -> str | None:
        last, message = tracker.latest_action_name, tracker.latest_message
        if last == ACTION:
            # where the wish came in the middle of a walk, its rule asks the question again
            by_rule = message is not None and message.intent.get("name") == INTENT
            in_walk = tracker.active_loop_name is not None
            return None if by_rule and in_walk else str(ACTION_LISTEN_NAME)
        if last != ACTION_LISTEN_NAME or message is None or tracker.get_slot("risk_alert"):
            return None
        tapped = (message.parse_data.get("choice") or {}).get("q")
        if tapped == SLOT:
            return ACTION
        if tapped is None and (join_code(message.text or "") or scenario_named(message.text or "")):
            return ACTION
        if tracker.get_slot(SLOT) is None:
            return None
        reports = message.intent.get("name") == RISK_INTENT
        return RISK_ACTION if reports else ACTION
