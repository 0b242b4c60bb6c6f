"""Which recorded case a message is about, and the conversation turned to it."""

import logging
from collections.abc import Sequence

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import BEGIN, Button, answer_button
from actions.conversation import tap, text
from actions.state import Aside, Walk
from actions.surroundings import Surroundings
from actions.taps import STATUS, TAPS, UNDO
from bot.cards.case import title_of_case
from bot.escalation.references import names_a_case, references_in
from bot.policy.library import UnknownPolicyError
from bot.records.cases import Escalation
from bot.records.store import cases_of

logger = logging.getLogger(__name__)

MOST_CASES = 6


def the_case(
    dispatcher: CollectingDispatcher,
    around: Surroundings,
    tracker: Tracker,
    wanted: str,
    *,
    only_open: bool = False,
) -> Escalation | None:
    """The case that is meant; None once the person was told or asked which one.

    With `only_open`, one that has ended is said to have ended: it must not look lost.
    """
    cases = cases_here(dispatcher, around, tracker)
    still = [case for case in cases if case.status == "open" or not only_open]
    if not cases:
        in_walk = in_a_walk(tracker)
        dispatcher.utter_message(
            response="utter_case_none_yet" if in_walk else "utter_case_none",
            buttons=[] if in_walk else list(BEGIN),
        )
        return None
    meant = cases_meant(still, tracker) if still else None
    if meant is None:
        _none_meant(dispatcher, around, tracker, cases if only_open else ())
        return None
    if len(meant) == 1:
        return meant[0]
    dispatcher.utter_message(
        response="utter_case_which", buttons=buttons_for(around, meant, wanted)
    )
    return None


def _none_meant(
    dispatcher: CollectingDispatcher,
    around: Surroundings,
    tracker: Tracker,
    cases: Sequence[Escalation],
) -> None:
    """Say that the cases which are meant have ended, or that there is no such case."""
    ended = (cases_meant(cases, tracker) if cases else None) or []
    if len(ended) == 1:
        reference = ended[0].reference
        dispatcher.utter_message(
            response="utter_case_ended",
            reference=reference,
            buttons=[
                answer_button("Where it stands", STATUS, reference),
                answer_button("Take the last step back", UNDO, reference),
            ],
        )
    elif ended:
        dispatcher.utter_message(
            response="utter_case_all_ended", buttons=buttons_for(around, ended, STATUS)
        )
    else:
        dispatcher.utter_message(response="utter_case_unknown")


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


def about(
    case: Escalation,
    phase: str = "walk",
    told: tuple[tuple[str, str], ...] = (),
    aside: Aside | None = None,
) -> Walk:
    """The conversation turned to this case; `aside` is what was put aside for it."""
    return Walk(
        answers=(("policy", case.policy_id), *told),
        phase="progress" if phase == "progress" else "walk",
        version=case.policy_version,
        reference=case.reference,
        aside=aside,
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
