"""What the buttons of a recorded case do.

Each action is run here, not named to follow: no rule knows what comes after it, and Rasa would say
that it has not understood.
"""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.amending import ActionAmend
from actions.cases import ActionReportOutcome, ActionShowStatus, ActionUndoStep
from actions.documents import ActionGetDocument
from actions.putting_off import remind_tomorrow
from actions.surroundings import surroundings
from actions.taps import FILE_TAPS
from actions.versions import choose_version


def tapped_on(
    case_tap: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
) -> list[EventType]:
    """Does what a button of a case asks for."""
    if case_tap in FILE_TAPS:
        return ActionGetDocument().run(dispatcher, tracker, domain)
    match case_tap:
        case "case_report" | "case_not_agreed":
            return ActionReportOutcome().run(dispatcher, tracker, domain)
        case "case_status" | "case_version":
            return ActionShowStatus().run(dispatcher, tracker, domain)
        case "case_amend" | "case_met":
            return ActionAmend().run(dispatcher, tracker, domain)
        case "case_tomorrow":
            return remind_tomorrow(dispatcher, surroundings(), tracker)
        case "case_version_keep" | "case_version_take":
            choose_version(dispatcher, tracker)
            return ActionShowStatus().run(dispatcher, tracker, domain)
        case _:
            return ActionUndoStep().run(dispatcher, tracker, domain)
