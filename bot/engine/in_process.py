"""Runs the custom actions in this process, and turns every fault into words with the place kept.

Rasa drops a form whose action fails, and says nothing. Here an exception never leaves an action:
it becomes a response and the events that leave the walk where it was.
"""

import logging
from collections.abc import Mapping
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

logger = logging.getLogger(__name__)

ACTIONS = "actions"
WALK = "walk_form"
Events = list[dict[str, Any]]


def check_with_one_validator() -> None:
    """Make Rasa check what actions give back with a validator that is built once.

    Rasa 3.6 builds it, and checks the schema itself, at every call: four fifths of a turn.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def check(_: RemoteAction, result: Any) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = check


class InProcessActions(EndpointConfig):
    """An action endpoint without HTTP: the same calls, answered by an executor beside us."""

    def __init__(self) -> None:
        super().__init__(url="in-process:")
        check_with_one_validator()
        self._executor = ActionExecutor()
        self._executor.register_package(ACTIONS)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = None,
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Run one action; what goes wrong comes back as plain words."""
        call: dict[str, Any] = kwargs["json"]
        try:
            return dict(await self._executor.run(call) or {"events": [], "responses": []})
        except Exception:
            logger.exception("action.failed name=%s", call["next_action"])
            return fault(call["next_action"], call["tracker"])


def fault(action: str, tracker: Mapping[str, Any]) -> dict[str, Any]:
    """What a failed action comes to: plain words, nothing recorded, the place kept."""
    words = "utter_record_failed" if action == "action_record" else "utter_fault"
    if action == "action_risk" or _about_risk(tracker):
        words = "utter_fault_at_risk"
    return {"responses": [{"response": words}], "events": _place_kept(action, tracker)}


def _about_risk(tracker: Mapping[str, Any]) -> bool:
    """Whether the walk is at the risk of someone: its question, its advice, a tap on either."""
    slots = tracker.get("slots") or {}
    answers = dict(slots.get("walk_answers") or ())
    message = tracker.get("latest_message") or {}
    tapped = (message.get("choice") or {}).get("q")
    elsewhere = (slots.get("walk_case") or {}).get("phase") in ("prepare", "mail")
    in_walk = (tracker.get("active_loop") or {}).get("name") == WALK and not elsewhere
    waiting = in_walk and "imminent" not in answers
    at_risk = answers.get("imminent") in ("yes", "not_sure") and "protected" not in answers
    return waiting or at_risk or tapped in ("imminent", "protected")


def _place_kept(action: str, tracker: Mapping[str, Any]) -> Events:
    """The events that leave the walk where it was.

    A validator that sets nothing would hand the message on to another rule; a record that failed
    must be confirmed anew; a stop that failed has not stopped.
    """
    go_on = {"event": "followup", "name": WALK, "timestamp": None}
    emptied: Events = [{"event": "slot", "name": "walk_answer", "value": None, "timestamp": None}]
    if action == f"validate_{WALK}":
        return emptied
    if action == "action_record":
        answers = (tracker.get("slots") or {}).get("walk_answers") or []
        kept = [pair for pair in answers if pair[0] != "check"]
        return [
            *emptied,
            {"event": "slot", "name": "walk_answers", "value": kept, "timestamp": None},
            go_on,
        ]
    in_walk = (tracker.get("active_loop") or {}).get("name") == WALK
    return [go_on] if action == "action_stop_walk" and in_walk else []
