"""Records what came of a stage, and shows what follows from it."""

import logging
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import answer_button, intent_button
from actions.cases import ActionShowStatus
from actions.moving import say_ending, step_of
from actions.putting_aside import back_to
from actions.state import Walk, standing_of
from actions.steps import write_step
from actions.surroundings import Surroundings
from bot.cards.answer import answer_card
from bot.escalation.progress import WAITING, Move, move
from bot.records.errors import NotOpenError, RecordsError

logger = logging.getLogger(__name__)


def told(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker, walk: Walk
) -> list[EventType]:
    """The end of the report: write the step once it is confirmed, else leave the case alone."""
    case, policy = walk.case(around), walk.policy(around)
    given = dict(walk.reported)
    done = replace(walk, phase="walk", answers=(("policy", dict(walk.answers)["policy"]),))
    if case is None or policy is None:
        raise ValueError("A report without a case cannot end.")
    if given.get("outcome") == WAITING:
        dispatcher.utter_message(response="utter_case_waiting", reference=case.reference)
        return [*done.events(), *ActionShowStatus().run(dispatcher, tracker, {})]
    if given.get("check") != "record" or walk.question(around) is not None:
        dispatcher.utter_message(
            response="utter_case_left", reference=case.reference, buttons=back_to(walk)
        )
        return done.events()
    standing = standing_of(policy, case)
    moved = move(standing, walk.reported, around.now())
    step = step_of(case, standing, moved, walk.reported, around.now())
    try:
        write_step(around, tracker, case.reference, step)
    except NotOpenError as error:
        dispatcher.utter_message(text=str(error))
        return done.events()
    except RecordsError:
        logger.exception("case.report_failed")
        dispatcher.utter_message(response="utter_case_not_changed")
        answers = [pair for pair in walk.answers if pair[0] != "check"]
        return [*walk.answered(answers).events(), FollowupAction("walk_form")]
    dispatcher.utter_message(
        response="utter_case_recorded", reference=case.reference, what=say_move(moved, walk, around)
    )
    if moved.decision is not None and moved.goes_on:
        dispatcher.utter_message(json_message=answer_card(moved.decision).as_json())
    dispatcher.utter_message(
        response="utter_case_what_next",
        buttons=[
            *back_to(walk),
            answer_button("Where it stands", "case_status", case.reference),
            intent_button("Prepare for the meeting", "prepare"),
            answer_button("Take this step back", "case_undo", case.reference),
        ],
    )
    return done.events()


def say_move(moved: Move, walk: Walk, around: Surroundings) -> str:
    """What follows, in a sentence."""
    policy = walk.policy(around)
    if moved.stays:
        return (
            f"It stays at {moved.left.label}: with these answers the policy gives no next stage. "
            "If you are still worried, tell your safeguarding lead."
        )
    if moved.entered is not None:
        return f"You have left {moved.left.label}, and {moved.entered.label} has begun."
    return f"It has ended. {say_ending(moved, policy) if policy else ''}".strip()
