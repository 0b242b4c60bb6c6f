"""A walk that is put aside because a button of a case was tapped in the midst of it."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button, answer_button
from actions.state import Walk
from actions.taps import DRAFT, INTO_A_CASE
from actions.which_case import in_a_walk
from bot.escalation.questions import Question

SAFETY_FIRST = (
    "First the question below: it is about somebody's safety. After it, say “my escalations” to go "
    "on with what you chose."
)


def held_back(button: str, asked: Question | None) -> str | None:
    """Why a button of a case does nothing in a walk; None where it does.

    Where somebody was said to be at risk, the question what was done about it is not left.
    """
    about_safety = asked is not None and asked.fact == "protected"
    return SAFETY_FIRST if about_safety and button in INTO_A_CASE else None


def put_aside(dispatcher: CollectingDispatcher, tracker: Tracker) -> str | None:
    """The draft to go back to, if there is one; in a walk it is said what becomes of it."""
    walk = Walk.of(tracker)
    if not in_a_walk(tracker):
        return walk.aside
    if walk.progressing or walk.amending:
        dispatcher.utter_message(response="utter_case_left", reference=walk.reference)
        return walk.aside
    if walk.phase == "prepare":
        dispatcher.utter_message(response="utter_prepare_stopped")
        return walk.aside
    if walk.phase == "mail":
        dispatcher.utter_message(response="utter_reminders_left")
        return walk.aside
    if walk.draft is not None:
        dispatcher.utter_message(response="utter_walk_put_aside")
    elif walk.answers or walk.said:
        dispatcher.utter_message(response="utter_walk_not_kept")
    return walk.draft


def back_to(walk: Walk) -> list[Button]:
    """The way back to what was put aside."""
    return [] if walk.aside is None else [answer_button("Carry on where I was", DRAFT, walk.aside)]
