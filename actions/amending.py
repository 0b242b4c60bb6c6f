"""Changes one thing of a recorded case: a limit, something done, an answer that was wrong."""

import logging
import re
from dataclasses import replace
from typing import Any, Literal

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.amendments import amendment
from actions.cases import ActionShowStatus
from actions.conversation import intent, limit_tapped, tap, text
from actions.putting_aside import back_to, put_aside
from actions.state import Walk
from actions.steps import write_step
from actions.surroundings import Surroundings, surroundings
from actions.taps import AMEND
from actions.which_case import about, the_case
from bot.escalation.amending import Changeable
from bot.escalation.said import plainly
from bot.records.errors import NotFoundError, NotOpenError, RecordsError
from bot.reminders.words import MET

logger = logging.getLogger(__name__)

Told = tuple[tuple[str, str], ...]
_EXTENDS = re.compile(
    r"\b(?:extend(?:ed)?|extension|extra|longer|later date|more (?:time|days?)|"
    r"(?:push|put|move|shift) (?:\w+ ){0,4}(?:back|to|on))\b"
)
_STOPS = re.compile(r"\b(?:stop|pause|freeze|suspend|hold|(?:clock|timer|it) off)\b")


class ActionAmend(Action):
    """Begins to take a change; the form asks what is missing."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_amend"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Take the case and whatever the message plainly says of the change."""
        around = surroundings()
        case = the_case(dispatcher, around, tracker, AMEND)
        if case is None:
            return []
        walk = replace(about(case), phase="amend", person=tracker.sender_id)
        can = walk.changeable(around)
        if can is None or not can.kinds:
            dispatcher.utter_message(response="utter_case_nothing_to_change")
            return []
        tapped = tap(tracker)
        told = (
            plainly_told(can, intent(tracker), text(tracker))
            if tapped is None
            else as_met(can, limit_tapped(tracker))
        )
        if tapped is not None and tapped[0] == MET and not told:
            dispatcher.utter_message(response="utter_case_limit_over", reference=case.reference)
            return []
        walk = replace(walk, aside=put_aside(dispatcher, around, tracker))
        dispatcher.utter_message(response="utter_case_amend", reference=case.reference)
        if not told and not can.limits and change_of_limit(text(tracker)):
            dispatcher.utter_message(response="utter_case_no_limit", reference=case.reference)
        return [*walk.answered([*walk.answers, *told]).events(), FollowupAction("walk_form")]


def as_met(can: Changeable, limit: str) -> Told:
    """That a limit was met; nothing where it does not run any more."""
    if all(choice.value != limit for choice in can.limits):
        return ()
    return (("change_what", "limit"), ("limit", limit), ("limit_change", "met"))


def plainly_told(can: Changeable, wish: str, words: str) -> Told:
    """What a message says of the change before anything is asked; nothing where it is not plain."""
    if wish == "change_answer":
        return (("change_what", "answer"),) if can.corrections else ()
    change = change_of_limit(words)
    if not can.limits or change is None:
        return ()
    only = (("limit", can.limits[0].value),) if len(can.limits) == 1 else ()
    return (("change_what", "limit"), *only, ("limit_change", change))


def change_of_limit(words: str) -> Literal["extended", "stopped"] | None:
    """What the words plainly wish for a time limit; None where it is neither or both."""
    plain = plainly(words)
    extends, stops = bool(_EXTENDS.search(plain)), bool(_STOPS.search(plain))
    if extends == stops:
        return None
    return "extended" if extends else "stopped"


def amended(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker, walk: Walk
) -> list[EventType]:
    """The end of a change: write it once it is confirmed, else leave the case alone."""
    case, policy, given = walk.case(around), walk.policy(around), dict(walk.reported)
    done = replace(walk, phase="walk", answers=(("policy", dict(walk.answers)["policy"]),))
    if case is None or policy is None:
        raise ValueError("A change without a case cannot end.")
    if given.get("check") != "record" or walk.question(around) is not None:
        dispatcher.utter_message(
            response="utter_case_left", reference=case.reference, buttons=back_to(walk)
        )
        return done.events()
    step = amendment(around.library, policy, case, given, around.now()).step
    try:
        write_step(around, tracker, case.reference, step)
    except (NotFoundError, NotOpenError) as error:
        dispatcher.utter_message(text=str(error))
        return done.events()
    except RecordsError:
        logger.exception("case.amend_failed")
        dispatcher.utter_message(response="utter_case_not_changed")
        answers = [pair for pair in walk.answers if pair[0] != "check"]
        return [*walk.answered(answers).events(), FollowupAction("walk_form")]
    dispatcher.utter_message(response="utter_case_amended", reference=case.reference)
    return [*done.events(), *ActionShowStatus().run(dispatcher, tracker, {})]
