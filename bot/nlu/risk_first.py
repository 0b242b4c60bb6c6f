"""Risk comes before everything.

A high tier interrupts at once, inside forms and cancellations too. A low tier waits until the
form has kept the words, then asks. An open alert takes the next message as its answer.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.plain_policy import PlainPolicy

ACTION = "action_risk"
ENDS_OF_THE_WALK = ("action_record", "action_deactivate_loop")
"""What a turn ends with that closed the form: a risk in its words is asked about after it."""


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class RiskFirst(PlainPolicy):
    """Predicts `action_risk` whenever the risk screen or an open alert asks for it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above every other policy."""
        return {"priority": 9}

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Nothing to learn; but an assistant without words must not come into being.

        Where Rasa cannot import our importer it only warns and goes on without the responses.

        Raises:
            InvalidDomain: the domain has no responses.
        """
        if not domain.responses:
            raise InvalidDomain(
                "The domain has no responses, so the assistant would be silent. Rasa could not "
                "import bot.importer (config.yml, importers): run `python -c 'import bot.importer'`"
                " in the project folder to see why."
            )
        return self._resource

    @staticmethod
    def _next(tracker: DialogueStateTracker) -> str | None:
        alert_open = tracker.get_slot("risk_alert") is not None
        message = tracker.latest_message
        tier = (message.parse_data.get("risk") or {}).get("tier") if message else None
        loop, last = tracker.active_loop_name, tracker.latest_action_name
        if last == ACTION_LISTEN_NAME:
            asked = tier == "high" or alert_open or (tier is not None and loop is None)
            return ACTION if asked else None
        if last == ACTION:
            return ACTION_LISTEN_NAME if alert_open or loop is None else None
        answers = dict(tracker.get_slot("walk_answers") or ())
        at_risk = answers.get("imminent") in ("yes", "not_sure")
        in_hand = at_risk and "protected" not in answers  # the walk shows the advice already
        words_taken = last == loop or (loop is None and last in ENDS_OF_THE_WALK)
        kept_words = words_taken and tier == "low" and not alert_open and not in_hand
        return ACTION if kept_words else None
