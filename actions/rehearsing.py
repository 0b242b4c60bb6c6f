"""Rehearses: chooses a scenario or joins a room, plays each move, and ends with the debrief."""

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import tap, text
from actions.rehearsal_places import (
    Turn,
    enter,
    look,
    move,
    show_debrief,
    slot_of,
    stand,
    start,
    turn_of,
)
from actions.rehearsal_words import (
    REHEARSAL,
    button,
    buttons,
    offered,
    utter,
    utter_more,
    utter_offers,
    utter_response,
    ways_in,
)
from actions.rooms import RehearsalSurroundings, rehearsal_surroundings
from bot.cards.questions import terms_card
from bot.cards.rehearsal import cases_card
from bot.policy.library import UnknownPolicyError
from bot.rehearsal.hear import hear, join_code, scenario_named
from bot.rehearsal.offers import offers
from bot.rehearsal.shelf import UnknownScenarioError
from bot.rehearsal.state import Entry, Kind
from bot.rooms.errors import AlreadyRehearsingError, RoomsError
from bot.wording.glossary import explained

MOVES: dict[str, Kind] = {
    "ask": "ask", "say": "say", "choose": "choose", "do": "do", "wait": "wait", "guide": "guide",
}  # fmt: skip
MIXED = "mixed"
MOST_DEBRIEFS = 3
SURE = "End the rehearsal here? The debrief follows."


class ActionRehearse(Action):
    """Everything that is said and done in a rehearsal, in every channel."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_rehearse"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Take the message as a command, as a move, or as words that may be one."""
        tapped = tap(tracker)
        if tapped is None:
            return take_words(dispatcher, tracker, text(tracker))
        if tapped[0] != REHEARSAL:
            return not_of_this(dispatcher, tracker)
        return said_plainly(dispatcher, lambda: rehearse(dispatcher, tracker, tapped[1]))


def take_words(dispatcher: CollectingDispatcher, tracker: Tracker, words: str) -> list[EventType]:
    """Words typed in a rehearsal, or before one begins."""
    return said_plainly(dispatcher, lambda: listen(dispatcher, tracker, words))


def said_plainly(
    dispatcher: CollectingDispatcher, play: Callable[[], list[EventType]]
) -> list[EventType]:
    """What `play` does; what cannot be is said in plain words, and nothing changes."""
    try:
        return play()
    except AlreadyRehearsingError as error:
        choices = (("Go on with it", "resume"), ("End it", "leave"))
        dispatcher.utter_message(text=str(error), buttons=buttons(choices))
    except (RoomsError, UnknownScenarioError, UnknownPolicyError) as error:
        dispatcher.utter_message(text=str(error))
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
    if not words.strip():
        return look(turn)
    standing = stand(turn)
    if standing.state.ended is not None:  # the facilitator was first
        return look(turn)
    now = offers(standing.world, standing.state)
    heard = hear(now, words)
    if heard.entry is not None and heard.entry.kind == "leave":
        return rehearse(dispatcher, tracker, "leave")
    if heard.entry is not None:
        return move(turn, heard.entry)
    reference = turn.place.reference
    if heard.may_be:
        asks = "Is this what you decide?" if len(heard.may_be) == 1 else "Which of these?"
        utter(dispatcher, reference, asks, [*offered(heard.may_be), button("None", "look")])
        return []
    if meant := explained(words):
        utter(dispatcher, reference, terms_card(meant))
    else:
        utter_response(dispatcher, reference, "utter_rehearsal_not_understood")
    utter_offers(dispatcher, reference, now)
    return []


def rehearse(dispatcher: CollectingDispatcher, tracker: Tracker, what: str) -> list[EventType]:
    """What a button of a rehearsal asks for."""
    around, holder = rehearsal_surroundings(), tracker.sender_id
    command, _, value = what.partition(":")
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
            return show_debrief(dispatcher, tracker, around, value)
        case "keep":
            kept = around.rooms.keep_own(place_id=value, holder=holder)
            forget = button("Delete this rehearsal", f"forget:{value}")
            dispatcher.utter_message(
                response="utter_rehearsal_kept", reference=kept.reference, buttons=[forget]
            )
            return []
        case "forget":
            around.rooms.delete_place(place_id=value, holder=holder)
            dispatcher.utter_message(response="utter_rehearsal_forgotten")
            return []
    turn = turn_of(dispatcher, tracker, around)
    if turn is None:
        return ended_already(dispatcher)
    return [SlotSet(REHEARSAL, slot_of(turn.place)), *in_place(turn, command, value)]


def in_place(turn: Turn, command: str, value: str) -> list[EventType]:
    """A command of somebody who has a place."""
    if command in MOVES:
        return move(turn, Entry(MOVES[command], value))
    match command:
        case "more":
            standing = stand(turn)
            now = offers(standing.world, standing.state)
            utter_more(turn.dispatcher, turn.place.reference, now, value)
        case "leave":
            utter(
                turn.dispatcher, turn.place.reference, SURE,
                buttons((("Yes, end it", "leave_now"), ("No, go on", "look"))),
            )  # fmt: skip
        case "leave_now":
            return move(turn, Entry("leave"))
        case _:  # news, resume, and a look at where it stands
            return look(turn)
    return []


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
            buttons=buttons((each.scenario.title, f"start:{each.scenario.id}") for each in chosen),
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
    utter_response(
        dispatcher, reference, "utter_rehearsal_real_button",
        buttons((("Go on rehearsing", "look"), ("End the rehearsal", "leave"))),
    )  # fmt: skip
    return []


def ended_already(dispatcher: CollectingDispatcher) -> list[EventType]:
    """An old button, or a rehearsal that was deleted meanwhile."""
    dispatcher.utter_message(
        response="utter_rehearsal_gone", buttons=[button("Rehearse something else", "list")]
    )
    return [SlotSet(REHEARSAL, None)]
