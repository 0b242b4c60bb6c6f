"""How a person is reminded: says it, takes the choice of mail, and says what it cannot do."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button, answer_button, intent_button
from actions.conversation import tap, text
from actions.offers import misses
from actions.putting_off import remind_tomorrow_of_what_is_near
from actions.state import Walk
from actions.surroundings import Surroundings, surroundings
from actions.taps import REMINDERS
from bot.escalation.answers import Parsed
from bot.escalation.questions import SKIPPED, Question
from bot.records.errors import RecordsError
from bot.records.mailboxes import Mailbox, check_address, choose_mail, mailbox_of, stop_mail
from bot.reminders.choosing import (
    ADDRESS_FACT,
    CHECK_FACT,
    KEPT,
    LEAVE,
    MANAGER_FACT,
    YES,
    addresses_in,
    read_address,
    reminders_card,
)
from bot.reminders.wishes import Wish, wish_in

logger = logging.getLogger(__name__)

CANNOT: Mapping[Wish, str] = {
    "own_time": "utter_reminders_own_time",
    "own_way": "utter_reminders_own_way",
    "others": "utter_reminders_others",
    "one_case": "utter_reminders_one_case",
}


class ActionChooseReminders(Action):
    """Says how this person is reminded, and begins, alters or ends reminders by mail."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_choose_reminders"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Do what was tapped or is plainly wished; else show what there is to choose."""
        around, tapped = surroundings(), tap(tracker)
        wish = tapped[1] if tapped is not None else wish_in(text(tracker))
        with around.database.reading() as session:
            mailbox = mailbox_of(session, person=tracker.sender_id)
        match wish:
            case "stop":
                return stop(dispatcher, around, tracker.sender_id, mailbox)
            case "no_manager" if mailbox is not None and mailbox.to_manager is not None:
                return leave_manager_out(dispatcher, around, mailbox)
            case "mail" | "manager" if around.mail_from is not None:
                return begin(dispatcher, tracker, mailbox, manager=wish == "manager")
            case "tomorrow":
                return remind_tomorrow_of_what_is_near(dispatcher, around, tracker)
            case _ if wish == LEAVE:
                return reminders_left(dispatcher, Walk.of(tracker))
            case "own_time" | "own_way" | "others" | "one_case":
                dispatcher.utter_message(response=CANNOT[wish])
        return show(dispatcher, around, mailbox)


def show(
    dispatcher: CollectingDispatcher, around: Surroundings, mailbox: Mailbox | None
) -> list[EventType]:
    """How this person is reminded now, and what they may choose."""
    by_mail = around.mail_from is not None
    card = reminders_card(mailbox, around.pace, by_mail=by_mail)
    dispatcher.utter_message(json_message=card.as_json())
    offers = offers_for(mailbox, by_mail=by_mail)
    if by_mail or mailbox is not None:
        dispatcher.utter_message(response="utter_reminders_choose", buttons=offers)
    else:
        dispatcher.utter_message(response="utter_reminders_no_mail", buttons=offers)
    return []


def offers_for(mailbox: Mailbox | None, *, by_mail: bool) -> list[Button]:
    """What may be chosen now, and the calendar file, whose alarms anyone can move."""
    offers = []
    if by_mail:
        title = "Send me e-mail" if mailbox is None else "Change my address"
        offers.append((title, "mail"))
        if mailbox is None or mailbox.to_manager is None:
            offers.append(("Tell my manager too", "manager"))
    if mailbox is not None:
        if mailbox.to_manager is not None:
            offers.append(("Leave my manager out", "no_manager"))
        offers.append(("Stop the e-mail", "stop"))
    if offers:
        offers.append(("Leave it", LEAVE))
    return [
        *(answer_button(title, REMINDERS, wish) for title, wish in offers),
        intent_button("Calendar file", "get_document"),
    ]


def begin(
    dispatcher: CollectingDispatcher, tracker: Tracker, mailbox: Mailbox | None, *, manager: bool
) -> list[EventType]:
    """Let the form ask for what is missing; the walk's own answers are put by until it has ended.

    Whoever adds a manager keeps the address that was chosen. An address in the wish itself is
    taken, and shown with all the rest before anything is written.
    """
    told = addresses_in(text(tracker)) if tap(tracker) is None and not manager else []
    answers: list[tuple[str, str]] = []
    if manager and mailbox is not None:
        answers.append((ADDRESS_FACT, KEPT))
    elif len(told) == 1 and usable(told[0]):
        answers.append((ADDRESS_FACT, told[0]))
    if manager and mailbox is None:
        dispatcher.utter_message(response="utter_reminders_own_first")
    dispatcher.utter_message(response="utter_reminders_begin")
    walk = ended(Walk.of(tracker))
    policy = tuple(pair for pair in walk.answers if pair[0] == "policy")
    asking = replace(
        walk, phase="mail", answers=(*policy, *answers), said=walk.answers, narrowed=()
    )
    return [*asking.events(), FollowupAction("walk_form")]


def usable(address: str) -> bool:
    """Whether an address that came with the wish can be taken; else it is asked for."""
    try:
        check_address(address)
    except RecordsError:
        return False
    return True


def ended(walk: Walk) -> Walk:
    """The conversation as it was before mail was spoken of, or before a preparation."""
    if walk.phase == "mail":
        return replace(walk, phase="walk", answers=walk.said, said=(), narrowed=())
    if walk.phase == "walk":
        return walk
    return replace(walk, phase="walk", answers=walk.answers[:1], said=(), narrowed=())


def reminders_left(dispatcher: CollectingDispatcher, walk: Walk) -> list[EventType]:
    """Say that nothing has changed, and go back to what there was."""
    dispatcher.utter_message(
        response="utter_reminders_left", buttons=[intent_button("My escalations", "list_cases")]
    )
    return ended(walk).events()


def address_said(around: Surroundings, walk: Walk, asked: Question, raw: str) -> Parsed:
    """The address in a message, held against the person's own."""
    own = dict(walk.answers).get(ADDRESS_FACT)
    if own == KEPT:
        mailbox = chosen_by(around, walk)
        own = mailbox.address if mailbox is not None else None
    return read_address(asked, raw, own)


def not_an_address(dispatcher: CollectingDispatcher, tracker: Tracker, why: str) -> None:
    """Say what is wrong with it; the second time, that it may as well be left."""
    dispatcher.utter_message(response="utter_reminders_not_an_answer", why=why)
    if misses(tracker):
        dispatcher.utter_message(response="utter_reminders_leave_if_unsure")


def mail_confirmed(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker, walk: Walk
) -> list[EventType]:
    """The end of the form: write a confirmed choice, else leave everything as it was."""
    given = dict(walk.answers)
    if given.get(CHECK_FACT) != YES or walk.question(around) is not None:
        return reminders_left(dispatcher, walk)
    if around.mail_from is None:  # it was switched off meanwhile
        dispatcher.utter_message(response="utter_reminders_no_mail")
        return ended(walk).events()
    address, manager = given[ADDRESS_FACT], given[MANAGER_FACT]
    try:
        if address == KEPT:
            mailbox = chosen_by(around, walk)
            if mailbox is None:  # it was stopped meanwhile, in another window
                dispatcher.utter_message(response="utter_reminders_address_gone")
                return ask_again(walk, ADDRESS_FACT, CHECK_FACT)
            address = mailbox.address
        with around.database.session() as session:
            choose_mail(
                session, person=tracker.sender_id, address=address,
                to_manager=None if manager == SKIPPED else manager, now=around.now(),
            )  # fmt: skip
    except RecordsError:
        logger.exception("reminders.not_chosen")
        dispatcher.utter_message(response="utter_reminders_not_changed")
        return ask_again(walk, CHECK_FACT)
    dispatcher.utter_message(
        response="utter_reminders_chosen", sender=around.mail_from, buttons=ways_on()
    )
    return ended(walk).events()


def ask_again(walk: Walk, *facts: str) -> list[EventType]:
    """The form again, without these answers."""
    kept = [pair for pair in walk.answers if pair[0] not in facts]
    return [*walk.answered(kept).events(), FollowupAction("walk_form")]


def stop(
    dispatcher: CollectingDispatcher, around: Surroundings, person: str, mailbox: Mailbox | None
) -> list[EventType]:
    """End reminders by mail at once: whoever gave consent may take it back as easily."""
    if mailbox is None:
        dispatcher.utter_message(response="utter_reminders_nothing_to_stop", buttons=ways_on())
        return []
    try:
        with around.database.session() as session:
            stop_mail(session, person=person, now=around.now())
    except RecordsError:
        logger.exception("reminders.not_stopped")
        dispatcher.utter_message(response="utter_reminders_not_changed")
        return []
    dispatcher.utter_message(response="utter_reminders_stopped", buttons=ways_on())
    return []


def leave_manager_out(
    dispatcher: CollectingDispatcher, around: Surroundings, mailbox: Mailbox
) -> list[EventType]:
    """Send the manager no more, and the person the same as before."""
    try:
        with around.database.session() as session:
            choose_mail(
                session, person=mailbox.person, address=mailbox.address, now=around.now()
            )  # fmt: skip
    except RecordsError:
        logger.exception("reminders.not_stopped")
        dispatcher.utter_message(response="utter_reminders_not_changed")
        return []
    dispatcher.utter_message(response="utter_reminders_manager_out", buttons=ways_on())
    return []


def chosen_by(around: Surroundings, walk: Walk) -> Mailbox | None:
    """What this person chose before."""
    with around.database.reading() as session:
        return mailbox_of(session, person=walk.person)


def ways_on() -> list[Button]:
    """Where to go from here."""
    return [
        answer_button("How am I reminded?", REMINDERS, "show"),
        intent_button("Tell what happened", "report_outcome"),
        intent_button("My escalations", "list_cases"),
    ]
