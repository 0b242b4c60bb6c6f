"""Puts a reminder off to the next working day, for whoever asks to be reminded tomorrow."""

import logging
from collections.abc import Iterator

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import answer_button, intent_button
from actions.changeable import due_of, limit_id, say_limit
from actions.conversation import limit_tapped, once
from actions.surroundings import Surroundings
from actions.taps import REPORT
from actions.which_case import cases_here, the_case
from bot.policy.model import Policy
from bot.records.cases import Clock, Escalation
from bot.records.errors import NotFoundError, NotOpenError, RecordsError
from bot.records.snoozing import snooze
from bot.records.words import STILL_RUNS
from bot.reminders.due import put_off_until
from bot.reminders.hours import hours_of
from bot.reminders.words import TOMORROW, say_date_stays, what_of
from bot.wording.dates import say_moment

logger = logging.getLogger(__name__)

MOST_LIMITS = 6


def remind_tomorrow(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker
) -> list[EventType]:
    """Put off the limit of the button that was tapped, or say why that cannot be."""
    case = the_case(dispatcher, around, tracker, TOMORROW, only_open=True)
    if case is None:
        return []
    limit = limit_tapped(tracker)
    clock = next((each for each in case.clocks if limit_id(each) == limit), None)
    if clock is None or clock.status not in STILL_RUNS:
        dispatcher.utter_message(response="utter_case_limit_over", reference=case.reference)
        return []
    return put_off(dispatcher, around, tracker, case, clock)


def remind_tomorrow_of_what_is_near(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker
) -> list[EventType]:
    """The same for words that name no limit: the only one that is near or past, else ask which."""
    near = [
        (case, clock)
        for case in cases_here(dispatcher, around, tracker)
        if case.status == "open"
        for clock in near_limits(around, case)
    ]
    if len(near) == 1:
        return put_off(dispatcher, around, tracker, *near[0])
    if not near:
        dispatcher.utter_message(
            response="utter_reminders_none_near",
            buttons=[intent_button("My escalations", "list_cases")],
        )
        return []
    dispatcher.utter_message(
        response="utter_reminders_which_limit",
        buttons=[
            answer_button(
                f"{case.reference}. {say_limit(policy_of(around, case), clock)}",
                TOMORROW,
                what_of(case.reference, clock.stage, clock.key),
            )
            for case, clock in near[:MOST_LIMITS]
        ],
    )
    return []


def near_limits(around: Surroundings, case: Escalation) -> Iterator[Clock]:
    """The limits of a case that a reminder is due of on the next working day."""
    policy = policy_of(around, case)
    for clock in case.clocks:
        due = due_of(policy, clock)
        if clock.status in STILL_RUNS and due is not None:
            hours, now = hours_of(policy), around.now()
            if put_off_until(due, now, hours, around.pace) is not None:
                yield clock


def put_off(
    dispatcher: CollectingDispatcher,
    around: Surroundings,
    tracker: Tracker,
    case: Escalation,
    clock: Clock,
) -> list[EventType]:
    """Write it down and say when the reminder comes, and that the date stays what it is."""
    policy, now = policy_of(around, case), around.now()
    due, hours = due_of(policy, clock), hours_of(policy)
    until = None if due is None else put_off_until(due, now, hours, around.pace)
    if due is None or until is None:
        dispatcher.utter_message(
            response="utter_reminders_not_near", reference=case.reference,
            limit=say_limit(policy, clock),
        )  # fmt: skip
        return []
    try:
        with around.database.session() as session:
            snooze(
                session, key=once(tracker, f"snooze:{case.reference}:{limit_id(clock)}"),
                reference=case.reference, person=tracker.sender_id, stage=clock.stage,
                limit=clock.key, until=until, now=now,
            )  # fmt: skip
    except (NotFoundError, NotOpenError) as error:
        dispatcher.utter_message(text=str(error))
        return []
    except RecordsError:
        logger.exception("reminders.not_put_off")
        dispatcher.utter_message(response="utter_reminders_not_changed")
        return []
    dispatcher.utter_message(
        response="utter_reminders_put_off",
        reference=case.reference,
        limit=clock.what,
        when=say_moment(until),
        date=say_date_stays(due, until, now.astimezone(hours.zone)),
        buttons=[
            answer_button("Tell what happened", REPORT, case.reference),
            intent_button("My escalations", "list_cases"),
        ],
    )
    return []


def policy_of(around: Surroundings, case: Escalation) -> Policy:
    """The policy in the version that the case follows."""
    return around.library.get(case.policy_id, case.policy_version)
