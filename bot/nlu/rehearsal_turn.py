"""In a rehearsal every message is a move of it: after a risk, before all else."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.plain_policy import PlainPolicy
from bot.rehearsal.hear import join_code, scenario_named

ACTION = "action_rehearse"
RISK_ACTION = "action_risk"
RISK_INTENT = "report_risk"
SLOT = "rehearsal"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class RehearsalTurn(PlainPolicy):
    """Predicts `action_rehearse` in a rehearsal, for its buttons, and for a join code.

    It stands below `RiskFirst`: what the screen finds has been dealt with by then. A message that
    only the classifier takes for a risk is asked about here too.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Below the risk, above every other policy."""
        return {"priority": 8}

    @staticmethod
    def _next(tracker: DialogueStateTracker) -> str | None:
        last, message = tracker.latest_action_name, tracker.latest_message
        if last == ACTION:
            return str(ACTION_LISTEN_NAME)
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
