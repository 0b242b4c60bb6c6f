"""Rehearses: chooses a scenario or joins a room, plays each move, and ends with the debrief."""

import logging
from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import BEGIN
from actions.conversation import intent, intent_tapped, tap, text
from actions.rehearsal_listening import listen_in_place
from actions.rehearsal_places import (
    ask_whether_to_forget,
    cannot_go_on,
    enter,
    in_place,
    keep_longer,
    show_debrief,
    slot_of,
    start,
    turn_of,
)
from actions.rehearsal_words import (
    REHEARSAL,
    TO_REAL_WORK,
    button,
    buttons,
    utter_response,
    ways_in,
)
from actions.rooms import RehearsalSurroundings, rehearsal_surroundings
from bot.cards.rehearsal import cases_card
from bot.databases.errors import StorageError
from bot.policy.problems import RefusedFileError
from bot.rehearsal.hear import join_code, scenario_named
from bot.rehearsal.shelf import UnknownScenarioError
from bot.rooms.errors import AlreadyRehearsingError, CannotReplayError, RoomsError

logger = logging.getLogger(__name__)

WISH = "rehearse"
"""The intent of the greeting's button."""
MIXED = "mixed"
MOST_DEBRIEFS = 3
OF_THE_PAGE = "news"
"""What the page asks for by itself, and no person."""


class ActionRehearse(Action):
    """Everything that is said and done in a rehearsal, in every channel."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_rehearse"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Take the message as a command, as a move, or as words that may be one.

        A walk that goes on asks its question again.
        """
        events = taken(dispatcher, tracker)
        in_walk = (tracker.active_loop or {}).get("name") is not None
        left = any(event["event"] == "active_loop" for event in events)
        return [*events, FollowupAction("walk_form")] if in_walk and not left else events


def taken(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """What the message asks for: a button of a rehearsal, one of real work, or words."""
    tapped = tap(tracker)
    if tapped is None and not intent_tapped(tracker):
        return take_words(dispatcher, tracker, text(tracker))
    if tapped is None and intent(tracker) == WISH:
        tapped = (REHEARSAL, "look" if tracker.get_slot(REHEARSAL) else "list")
    if tapped is None or tapped[0] != REHEARSAL:
        return not_of_this(dispatcher, tracker)
    what = tapped[1]
    return said_plainly(dispatcher, tracker, lambda: rehearse(dispatcher, tracker, what))


def take_words(dispatcher: CollectingDispatcher, tracker: Tracker, words: str) -> list[EventType]:
    """Words typed in a rehearsal, or before one begins."""
    return said_plainly(dispatcher, tracker, lambda: listen(dispatcher, tracker, words))


def said_plainly(
    dispatcher: CollectingDispatcher, tracker: Tracker, play: Callable[[], list[EventType]]
) -> list[EventType]:
    """What `play` does; what cannot be is said in plain words, and nothing changes.

    Nothing that fails here may hold anybody in a rehearsal: there is always a way to real work.
    What is said while one goes on is marked as part of it.
    """
    going = tracker.get_slot(REHEARSAL)
    mark = {"json_message": {REHEARSAL: going["reference"]}} if going else {}
    try:
        return play()
    except AlreadyRehearsingError as error:
        choices = (("Go on with it", "resume"), ("End it", "leave"))
        dispatcher.utter_message(text=str(error), buttons=buttons(choices), **mark)
    except CannotReplayError as error:
        return cannot_go_on(dispatcher, tracker, rehearsal_surroundings(), str(error))
    except (RoomsError, UnknownScenarioError) as error:
        dispatcher.utter_message(text=str(error), **mark)
    except (StorageError, RefusedFileError):
        logger.exception("rehearsal.out_of_reach")
        choices = (("Try again", "look"), ("Back to real work", "aside"))
        dispatcher.utter_message(
            response="utter_rehearsal_out_of_reach", buttons=buttons(choices), **mark
        )
    return []


def listen(dispatcher: CollectingDispatcher, tracker: Tracker, words: str) -> list[EventType]:
    """A code, the name of a scenario, or words that may be a move."""
    around = rehearsal_surroundings()
    code, named = join_code(words), scenario_named(words)
    if code is not None:
        return rehearse(dispatcher, tracker, f"join:{code}")
    if named is not None:
        return rehearse(dispatcher, tracker, f"start:{named}")
    going = tracker.get_slot(REHEARSAL) is not None
    turn = turn_of(dispatcher, tracker, around) if going else None
    if turn is None:
        return [SlotSet(REHEARSAL, None), *offer_scenarios(dispatcher, around, tracker)]
    return listen_in_place(turn, words)


def rehearse(dispatcher: CollectingDispatcher, tracker: Tracker, what: str) -> list[EventType]:
    """What a button of a rehearsal asks for."""
    command, _, value = what.partition(":")
    if command == "aside":  # works without the database too
        given = [*BEGIN, button("Go on with the rehearsal", "resume")]
        dispatcher.utter_message(response="utter_rehearsal_put_aside", buttons=given)
        return [SlotSet(REHEARSAL, None)]
    if command == OF_THE_PAGE and tracker.get_slot(REHEARSAL) is None:
        return []  # another window has put it aside: nobody is drawn into it again
    around, holder = rehearsal_surroundings(), tracker.sender_id
    match command:
        case "list":
            return offer_scenarios(dispatcher, around, tracker, value)
        case "start":
            return start(dispatcher, tracker, around, value)
        case "join" if value:
            place = around.rooms.join(
                code=value, holder=holder, now=around.now(), library=around.library
            )
            return enter(dispatcher, tracker, around, place)
        case "join":
            dispatcher.utter_message(response="utter_rehearsal_ask_code")
            return []
        case "debrief":
            show_debrief(dispatcher, tracker, around, value)
            return []
        case "keep_longer":
            place = around.rooms.place(place_id=value, holder=holder)
            keep_longer(dispatcher, around, place, holder)
            return []
        case "keep":
            dispatcher.utter_message(response="utter_rehearsal_kept")
            return []
        case "forget":
            ask_whether_to_forget(dispatcher, around.rooms.place(place_id=value, holder=holder))
            return []
        case "forget_now":
            around.rooms.delete_place(place_id=value, holder=holder)
            dispatcher.utter_message(response="utter_rehearsal_forgotten")
            return []
    turn = turn_of(dispatcher, tracker, around)
    if turn is None:
        return ended_already(dispatcher)
    return [SlotSet(REHEARSAL, slot_of(turn.place)), *in_place(turn, command, value)]


def offer_scenarios(
    dispatcher: CollectingDispatcher,
    around: RehearsalSurroundings,
    tracker: Tracker,
    policy: str = "",
) -> list[EventType]:
    """The scenarios by policy, then those of one; and the rehearsal that is still open."""
    shelf = around.shelf
    if policy:
        chosen = shelf.mixed if policy == MIXED else shelf.under(policy)
        dispatcher.utter_message(json_message=cases_card(chosen).as_json())
        dispatcher.utter_message(
            response="utter_rehearsal_choose",
            buttons=[
                *buttons((each.scenario.title, f"start:{each.scenario.id}") for each in chosen),
                button("Another policy", "list"),
            ],
        )
        return []
    mine = around.rooms.places_of(holder=tracker.sender_id)
    going = [place for place in mine if not place.over and place.left_at is None]
    over = [place for place in mine if place.over][:MOST_DEBRIEFS]
    carry_on = [button(f"Go on with {place.reference}", "resume") for place in going]
    looking_back = [
        button(f"Debrief of {place.reference}", f"debrief:{place.id}") for place in over
    ]
    policies = {world.first.policy: world for world in shelf if not world.mixed}
    by_policy = [
        button(world.policies[id_].publisher, f"list:{id_}") for id_, world in policies.items()
    ]
    several = [button("More than one policy", f"list:{MIXED}")] if shelf.mixed else []
    dispatcher.utter_message(
        response="utter_rehearsal_offer",
        buttons=[*carry_on, *by_policy, *several, *ways_in(), *looking_back],
    )
    return []


def not_of_this(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """A button of real work, tapped in a rehearsal: it does nothing here, and that is said."""
    reference = (tracker.get_slot(REHEARSAL) or {}).get("reference", "")
    given = buttons(TO_REAL_WORK)
    utter_response(dispatcher, reference, "utter_rehearsal_real_button", given)
    return []


def ended_already(dispatcher: CollectingDispatcher) -> list[EventType]:
    """An old button, or a rehearsal that was deleted meanwhile."""
    dispatcher.utter_message(
        response="utter_rehearsal_gone", buttons=[button("Rehearse something else", "list")]
    )
    return [SlotSet(REHEARSAL, None)]
