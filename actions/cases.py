"""Recorded cases in conversation: the list, the status, what came of a stage, one step back."""

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import BEGIN, answer_button, intent_button
from actions.conversation import limit_tapped, once, tap, text
from actions.notices import show_notices
from actions.putting_aside import back_to, put_aside
from actions.state import Walk, heard_before, standing_of
from actions.surroundings import Surroundings, surroundings
from actions.taps import AMEND, FILES, REMINDERS, REPORT, STATUS, UNDO, UNDO_NOW
from actions.versions import offer_newer
from actions.which_case import about, buttons_for, cases_here, in_a_walk, the_case
from bot.cards.case import case_card, cases_card
from bot.deadlines.spoken import DateRead, problem, read_date
from bot.escalation.progress import OutOfOrderError, Standing, check_day, outcome_question
from bot.escalation.told import outcome_in
from bot.records.errors import NotOpenError, RecordsError
from bot.records.progress import undo_last
from bot.reminders.words import NOT_AGREED

logger = logging.getLogger(__name__)


class ActionListCases(Action):
    """Every case of this person, the one due first on top."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_list_cases"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Show the list, with a button for each open case."""
        around = surroundings()
        show_notices(dispatcher, around, tracker)
        cases = cases_here(dispatcher, around, tracker)
        if not cases:
            dispatcher.utter_message(response="utter_case_none", buttons=list(BEGIN))
            return []
        card = cases_card(cases, around.library, around.now())
        dispatcher.utter_message(json_message=card.as_json())
        if not in_a_walk(tracker):
            dispatcher.utter_message(
                response="utter_case_choose", buttons=buttons_for(around, cases, STATUS)
            )
        return []


class ActionShowStatus(Action):
    """One case as it stands."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_show_status"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Show the case that is meant, or ask which one."""
        around = surroundings()
        case = the_case(dispatcher, around, tracker, STATUS)
        if case is None:
            return []
        policy = around.library.get(case.policy_id, case.policy_version)
        dispatcher.utter_message(json_message=case_card(case, policy, around.now()).as_json())
        versions = offer_newer(dispatcher, around, tracker, case, may_choose=not in_a_walk(tracker))
        if in_a_walk(tracker):
            return []
        going_on = (
            [answer_button("Tell what happened", REPORT, case.reference)]
            if case.status == "open"
            else []
        )
        files = answer_button("Files of this case", FILES, case.reference)
        dispatcher.utter_message(
            response="utter_case_what_next",
            buttons=[
                *back_to(Walk.of(tracker)),
                *versions,
                *going_on,
                answer_button("Change or mark something", AMEND, case.reference),
                files,
                answer_button("Take the last step back", UNDO, case.reference),
                answer_button("Reminders", REMINDERS, "show"),
                intent_button("All my escalations", "list_cases"),
            ],
        )
        return about(case, aside=Walk.of(tracker).aside).events()


class ActionReportOutcome(Action):
    """Begins to take what came of a stage; the form asks what is missing."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_report_outcome"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Take the case and whatever the message plainly says of it."""
        around = surroundings()
        case = the_case(dispatcher, around, tracker, REPORT, only_open=True)
        if case is None:
            return []
        policy = around.library.get(case.policy_id, case.policy_version)
        standing = standing_of(policy, case)
        words = ("" if tap(tracker) else text(tracker), heard_before(tracker))
        told = tapped_as_not_agreed(standing, tracker) or next(
            filter(None, (what_was_told(around, standing, each) for each in words)), ()
        )
        label = standing.at.label
        aside = put_aside(dispatcher, around, tracker)
        dispatcher.utter_message(
            response="utter_case_report", reference=case.reference, stage=label
        )
        walk = about(case, phase="progress", told=told, aside=aside)
        return [*walk.events(), FollowupAction("walk_form")]


class ActionUndoStep(Action):
    """Takes the last step of a case back, once that is confirmed."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_undo_step"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Ask first; then undo, and show the case as it stands again."""
        around = surroundings()
        case = the_case(dispatcher, around, tracker, UNDO)
        if case is None:
            return []
        tapped = tap(tracker)
        if tapped is None or tapped[0] != UNDO_NOW:
            dispatcher.utter_message(
                response="utter_case_undo_sure",
                reference=case.reference,
                buttons=[
                    answer_button("Yes, take it back", UNDO_NOW, case.reference),
                    answer_button("No, leave it", STATUS, case.reference),
                ],
            )
            return []
        try:
            with around.database.session() as session:
                undo_last(
                    session, key=once(tracker, "undo"), reference=case.reference,
                    person=tracker.sender_id, now=around.now(),
                )  # fmt: skip
        except NotOpenError:
            dispatcher.utter_message(response="utter_case_nothing_to_undo")
            return []
        except RecordsError:
            logger.exception("case.undo_failed")
            dispatcher.utter_message(response="utter_case_not_changed")
            return []
        dispatcher.utter_message(response="utter_case_undone")
        return ActionShowStatus().run(dispatcher, tracker, domain)


def tapped_as_not_agreed(standing: Standing, tracker: Tracker) -> tuple[tuple[str, str], ...]:
    """That there is no agreement, where a reminder's button says so and its stage is still open."""
    tapped = tap(tracker)
    if tapped is None or tapped[0] != NOT_AGREED:
        return ()
    stage = limit_tapped(tracker).partition("/")[0]
    can_be = outcome_question(standing).choice("not_agreed") is not None
    return (("outcome", "not_agreed"),) if stage == standing.stage and can_be else ()


def what_was_told(
    around: Surroundings, standing: Standing, words: str
) -> tuple[tuple[str, str], ...]:
    """The outcome and its day, where the message plainly says them and the stage allows them."""
    outcome = outcome_in(words)
    if outcome is None or outcome_question(standing).choice(outcome) is None:
        return ()
    told = (("outcome", outcome),)
    now = around.now()
    zone = standing.policy.place.timezone
    read = read_date(words, now, timezone=zone)
    if not isinstance(read, DateRead) or problem(read, now, timezone=zone):
        return told
    try:
        check_day(standing, read.on, now)
    except OutOfOrderError:
        return told
    return (*told, ("outcome_on", read.on.isoformat()))
