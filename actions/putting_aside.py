"""A walk that is put aside because a button of a case was tapped in the midst of it."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button, answer_button
from actions.conversation import once
from actions.keeping import keep
from actions.state import Aside, Walk
from actions.surroundings import Surroundings
from actions.taps import ALTERS_A_CASE, DRAFT, INTO_A_CASE
from actions.which_case import in_a_walk
from bot.escalation.agencies import OURS

SAFETY_FIRST = (
    "Somebody's safety comes first: please answer the question below. Then say “stop” (your "
    "answers are kept) and “my escalations”, to come back to what you chose."
)
REPORT_FIRST = (
    "Please answer the question below first, or say “stop” to leave it. What you chose changes the "
    "same case, and the two would get mixed up. After that, say “my escalations”."
)
NOTHING_TOLD = frozenset({"policy", "imminent", OURS})
"""Facts that nobody misses: asked again at once, or known without being told."""


def held_back(tapped: tuple[str, str], walk: Walk) -> str | None:
    """Why a button of a case does nothing in a walk; None where it does.

    While somebody was said to be at risk, what was done about it is asked first. And a case is not
    changed under a report of it that is half told: it would be about another stage or version.

    Args:
        tapped: What the button asks for, and its value, which begins with the case's reference.
        walk: What goes on.
    """
    said, (button, value) = dict(walk.answers), tapped
    at_risk = said.get("imminent") in ("yes", "not_sure") and "protected" not in said
    if walk.phase == "walk" and at_risk and button in INTO_A_CASE:
        return SAFETY_FIRST
    same_case = value.split(" ")[0] == walk.reference
    if (walk.progressing or walk.amending) and same_case and button in ALTERS_A_CASE:
        return REPORT_FIRST
    return None


def put_aside(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker
) -> Aside | None:
    """What to go back to, if there is anything; in a walk it is said what becomes of it.

    Raises:
        RecordsError: what was told could not be kept.
    """
    walk = Walk.of(tracker)
    if not in_a_walk(tracker):
        return walk.aside
    match walk.phase:
        case "progress" | "amend":
            dispatcher.utter_message(response="utter_case_left", reference=walk.reference)
        case "prepare":
            dispatcher.utter_message(response="utter_prepare_stopped")
        case "mail":
            dispatcher.utter_message(response="utter_reminders_left")
        case "walk":
            walk = keep(around, tracker.sender_id, walk, once(tracker, "draft"))
            if walk.draft is not None:
                dispatcher.utter_message(response="utter_walk_put_aside")
            elif {fact for fact, _ in (*walk.answers, *walk.said)} - NOTHING_TOLD:
                dispatcher.utter_message(response="utter_walk_not_kept")
    on_record = walk.reference is not None
    return walk.aside if walk.draft is None or on_record else Aside(walk.draft, walk.said)


def back_to(walk: Walk) -> list[Button]:
    """The way back to what was put aside."""
    if walk.aside is None:
        return []
    return [answer_button("Carry on where I was", DRAFT, walk.aside.draft)]
