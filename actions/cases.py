"""Recorded cases in conversation: the list, the status, what came of a stage, one step back."""

import logging
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import BEGIN, Button, answer_button, intent_button
from actions.conversation import once, tap, text
from actions.notices import show_notices
from actions.state import Walk, standing_of
from actions.surroundings import Surroundings, surroundings
from actions.versions import VERSION_TAPS, choose_version, offer_newer
from bot.cards.case import case_card, cases_card, title_of_case
from bot.deadlines.spoken import DateRead, problem, read_date
from bot.escalation.progress import OutOfOrderError, Standing, check_day, outcome_question
from bot.escalation.references import names_a_case, references_in
from bot.escalation.told import outcome_in
from bot.policy.library import UnknownPolicyError
from bot.records.cases import Escalation
from bot.records.errors import NotOpenError, RecordsError
from bot.records.progress import undo_last
from bot.records.store import cases_of

logger = logging.getLogger(__name__)

STATUS, REPORT, UNDO, UNDO_NOW = "case_status", "case_report", "case_undo", "case_undo_now"
TAPS = (STATUS, REPORT, UNDO, UNDO_NOW, *VERSION_TAPS)
"""What the buttons of a case ask for."""
MOST_CASES = 6


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
        show_notices(dispatcher, around, tracker.sender_id)
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
        back = answer_button("Take the last step back", UNDO, case.reference)
        dispatcher.utter_message(
            response="utter_case_what_next",
            buttons=[*versions, *going_on, back, intent_button("All my escalations", "list_cases")],
        )
        return about(case).events()


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
        told = () if tap(tracker) else what_was_told(around, standing, text(tracker))
        label = standing.at.label
        dispatcher.utter_message(
            response="utter_case_report", reference=case.reference, stage=label
        )
        walk = about(case, phase="progress", told=told)
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


def tapped_on(
    case_tap: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
) -> list[EventType]:
    """Does what a button of a case asks for.

    The action is run here, not named to follow: no rule knows what comes after it, and Rasa would
    say that it has not understood.
    """
    match case_tap:
        case "case_report":
            return ActionReportOutcome().run(dispatcher, tracker, domain)
        case "case_status" | "case_version":
            return ActionShowStatus().run(dispatcher, tracker, domain)
        case "case_version_keep" | "case_version_take":
            choose_version(dispatcher, tracker)
            return ActionShowStatus().run(dispatcher, tracker, domain)
        case _:
            return ActionUndoStep().run(dispatcher, tracker, domain)


def the_case(
    dispatcher: CollectingDispatcher,
    around: Surroundings,
    tracker: Tracker,
    wanted: str,
    *,
    only_open: bool = False,
) -> Escalation | None:
    """The case that is meant; None once the person was told or asked which one."""
    cases = [
        case
        for case in cases_here(dispatcher, around, tracker)
        if case.status == "open" or not only_open
    ]
    if not cases:
        dispatcher.utter_message(response="utter_case_none", buttons=list(BEGIN))
        return None
    meant = cases_meant(cases, tracker)
    if meant is None:
        dispatcher.utter_message(response="utter_case_unknown")
        return None
    if len(meant) == 1:
        return meant[0]
    dispatcher.utter_message(
        response="utter_case_which", buttons=buttons_for(around, meant, wanted)
    )
    return None


def cases_meant(cases: Sequence[Escalation], tracker: Tracker) -> list[Escalation] | None:
    """The cases that a tap, a reference, or the talk so far can mean; None for an unknown one."""
    tapped = tap(tracker)
    known = [case.reference for case in cases]
    if tapped is not None and tapped[0] in TAPS:
        return [case for case in cases if case.reference == tapped[1].split(" ")[0]] or None
    named = references_in(text(tracker), known)
    if named:
        return [case for case in cases if case.reference in named]
    if names_a_case(text(tracker)):
        return None
    spoken_of = Walk.of(tracker).reference
    still = [case for case in cases if case.status == "open"] or list(cases)
    return [case for case in cases if case.reference == spoken_of] or still


def cases_here(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker
) -> list[Escalation]:
    """The cases of this person, the newest first; one whose policy is gone is only named."""
    with around.database.reading() as session:
        cases = cases_of(session, person=tracker.sender_id)
    here = []
    for case in cases:
        try:
            around.library.get(case.policy_id, case.policy_version)
        except UnknownPolicyError:
            logger.exception("case.policy_gone")
            dispatcher.utter_message(
                response="utter_case_policy_gone",
                reference=case.reference,
                policy=case.policy_id,
                version=case.policy_version,
            )
        else:
            here.append(case)
    return here


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


def about(case: Escalation, phase: str = "walk", told: tuple[tuple[str, str], ...] = ()) -> Walk:
    """The conversation turned to this case."""
    return Walk(
        answers=(("policy", case.policy_id), *told),
        phase="progress" if phase == "progress" else "walk",
        version=case.policy_version,
        reference=case.reference,
    )


def buttons_for(around: Surroundings, cases: Sequence[Escalation], wanted: str) -> list[Button]:
    """A button for each case, the open ones first."""
    ordered = sorted(cases, key=lambda case: case.status != "open")
    return [
        answer_button(title_of_case(case, around.library), wanted, case.reference)
        for case in ordered[:MOST_CASES]
    ]


def in_a_walk(tracker: Tracker) -> bool:
    """Whether a question of a walk is open."""
    return (tracker.active_loop or {}).get("name") is not None
