"""What sounds like a new disagreement and may be the outcome of one on record: ask, lose nothing.

"We met and did not agree" is how people tell what came of a stage, and also how they begin to
describe a disagreement. Whoever has an open case is asked which is meant; their words are kept for
either.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button, answer_button
from actions.conversation import entity, intent, tap, text
from actions.state import HEARD, HEARD_OF, Walk, heard_before, standing_of
from actions.surroundings import Surroundings
from actions.taps import REPORT
from actions.which_case import MOST_CASES, cases_here, in_a_walk
from bot.cards.case import title_of_case
from bot.escalation.answers import LONGEST_TEXT
from bot.escalation.progress import WAITING, outcome_question
from bot.escalation.said import plainly, yes_or_no
from bot.escalation.told import outcome_in
from bot.records.cases import Escalation
from bot.records.errors import RecordsError

logger = logging.getLogger(__name__)

NEW = "new_disagreement"
SHORT = 120
"""An outcome is told in a sentence; what is longer describes."""


def asked_which(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker
) -> list[EventType] | None:
    """Asks whether the words are about a case on record; None where they plainly are not.

    Where the records cannot be read, the walk begins: it asks about risk first, and waits for none.
    """
    words = text(tracker)
    outcome = outcome_in(words) if len(words) <= SHORT else None
    if outcome is None or outcome == WAITING or intent(tracker) != "describe" or in_a_walk(tracker):
        return None
    try:
        found = cases_here(dispatcher, around, tracker)
    except RecordsError:
        logger.exception("walk.open_cases_not_read")
        return None
    cases = [each for each in found if each.status == "open" and may_end_so(around, each, outcome)]
    if not cases:
        return None
    about = f"**{cases[0].reference}**" if len(cases) == 1 else "one of your escalations"
    dispatcher.utter_message(
        response="utter_case_outcome_or_new", reference=about, buttons=ways(around, cases)
    )
    named = entity(tracker, "partnership")
    kept = ((HEARD, words[:LONGEST_TEXT]), *(((HEARD_OF, named),) if named else ()))
    # The rule would begin the walk now: it waits for the answer.
    return [*replace(Walk.of(tracker), said=kept).events(), FollowupAction("action_listen")]


def meant_by_the_words(tracker: Tracker) -> Literal["new", "outcome"] | None:
    """What the kept words are, as it is answered by tap or by typing; None for any other answer."""
    if not heard_before(tracker):
        return None
    tapped = tap(tracker)
    match tapped[0] if tapped else yes_or_no(plainly(text(tracker))):
        case "new_disagreement" | "no":
            return "new"
        case "case_report" | "yes":
            return "outcome"
        case _:
            return None


def may_end_so(around: Surroundings, case: Escalation, outcome: str) -> bool:
    """Whether the present stage of the case can have that outcome."""
    policy = around.library.get(case.policy_id, case.policy_version)
    return outcome_question(standing_of(policy, case)).choice(outcome) is not None


def ways(around: Surroundings, cases: Sequence[Escalation]) -> list[Button]:
    """A button for each case, and one for a new disagreement."""
    yes = [
        answer_button(
            "Yes: tell what happened"
            if len(cases) == 1
            else f"Tell what happened: {title_of_case(case, around.library)}",
            REPORT,
            case.reference,
        )
        for case in cases[:MOST_CASES]
    ]
    return [*yes, answer_button("No, it is a new disagreement", NEW, "begin")]
