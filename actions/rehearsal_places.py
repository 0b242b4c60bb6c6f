"""A place in a rehearsal: taken, played move by move, and left with the debrief."""

from dataclasses import dataclass, replace

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button
from actions.conversation import once
from actions.rehearsal_words import (
    ASIDE,
    ASKED,
    REHEARSAL,
    button,
    buttons,
    utter,
    utter_debrief_file,
    utter_more,
    utter_offers,
)
from actions.rooms import RehearsalSurroundings
from bot.cards.debrief import debrief_cards
from bot.cards.rehearsal import briefing_card, shown
from bot.rehearsal.debrief import debrief
from bot.rehearsal.offers import offers
from bot.rehearsal.play import NotPossibleError
from bot.rehearsal.state import Entry, Kind
from bot.rooms.errors import CannotReplayError
from bot.rooms.views import Acted, Place, Standing
from bot.wording.dates import say_date

PLAYED = "play"
MOVES: dict[str, Kind] = {
    "ask": "ask", "say": "say", "choose": "choose", "do": "do", "wait": "wait", "guide": "guide",
}  # fmt: skip
SURE = "End the rehearsal here? The debrief follows."


@dataclass(frozen=True)
class Turn:
    """One message in a rehearsal: who sends it, and the place that it is for."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    around: RehearsalSurroundings
    place: Place

    @property
    def holder(self) -> str:
        """The conversation that holds the place."""
        return str(self.tracker.sender_id)


def turn_of(
    dispatcher: CollectingDispatcher, tracker: Tracker, around: RehearsalSurroundings
) -> Turn | None:
    """The turn in the place that this conversation holds, if it holds one."""
    place = around.rooms.place_of(holder=tracker.sender_id)
    return Turn(dispatcher, tracker, around, place) if place is not None else None


def stand(turn: Turn) -> Standing:
    """The scenario, and where it stands."""
    return turn.around.rooms.standing(
        place_id=turn.place.id, holder=turn.holder, library=turn.around.library
    )


def slot_of(place: Place) -> dict[str, str]:
    """What the conversation remembers of a rehearsal: its reference and nothing else."""
    return {"reference": place.reference}


def asked(turn: Turn, yes: str) -> list[EventType]:
    """It remembers what was asked too, for one message: a typed yes does what `yes` says."""
    return [SlotSet(REHEARSAL, {**slot_of(turn.place), ASKED: yes})]


def start(
    dispatcher: CollectingDispatcher, tracker: Tracker, around: RehearsalSurroundings, id_: str
) -> list[EventType]:
    """Begin a rehearsal alone."""
    world = around.shelf.get(id_)
    place = around.rooms.open_alone(world=world, holder=tracker.sender_id, now=around.now())
    return enter(dispatcher, tracker, around, place)


def enter(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    around: RehearsalSurroundings,
    place: Place,
) -> list[EventType]:
    """Take a place: the briefing, and where it stands. An open walk is left as its draft."""
    turn = Turn(dispatcher, tracker, around, place)
    begun = around.rooms.begin_scenes(place_id=place.id, holder=turn.holder, library=around.library)
    present = caught_up(turn)
    alias = place.alias if place.room.led else None
    briefing = briefing_card(present.world, place.reference, alias=alias)
    utter(dispatcher, place.reference, briefing)
    events = tell(turn, replace(present, scenes=(*begun.scenes, *present.scenes)))
    left = [ActiveLoop(None), SlotSet("requested_slot", None)]
    in_walk = (tracker.active_loop or {}).get("name") is not None
    return [SlotSet(REHEARSAL, slot_of(place)), *(left if in_walk else []), *events]


def in_place(turn: Turn, command: str, value: str) -> list[EventType]:
    """A command of somebody who has a place. Where it is over, there is the debrief alone."""
    if turn.place.over:
        return look(turn)
    if command in MOVES:
        return move(turn, Entry(MOVES[command], value))
    match command:
        case "more":
            standing = stand(turn)
            now = offers(standing.world, standing.state)
            utter_more(turn.dispatcher, turn.place.reference, now, value)
        case "leave":
            choices = (("Yes, end it", "leave_now"), ("No, go on", "look"), ASIDE)
            utter(turn.dispatcher, turn.place.reference, SURE, buttons(choices))
            return asked(turn, "leave_now")
        case "leave_now":
            return move(turn, Entry("leave"))
        case _:  # news, resume, and a look at where it stands
            return look(turn)
    return []


def move(turn: Turn, entry: Entry) -> list[EventType]:
    """Play one entry, and tell what it brought."""
    try:
        acted = turn.around.rooms.act(
            place_id=turn.place.id, holder=turn.holder, entry=entry,
            message_id=once(turn.tracker, PLAYED), now=turn.around.now(),
            library=turn.around.library,
        )  # fmt: skip
    except NotPossibleError as error:
        present = caught_up(turn)
        if not present.state.paused:  # that is told with where it stands
            utter(turn.dispatcher, turn.place.reference, str(error))
        return tell(turn, present)
    return tell(turn, acted)


def look(turn: Turn) -> list[EventType]:
    """Where it stands, with what the facilitator did meanwhile."""
    return tell(turn, caught_up(turn))


def caught_up(turn: Turn) -> Acted:
    """What the facilitator did since this participant was told last."""
    return turn.around.rooms.catch_up(
        place_id=turn.place.id, holder=turn.holder, library=turn.around.library
    )


def tell(turn: Turn, acted: Acted) -> list[EventType]:
    """What happened, then what can be done; at the end the debrief, and real work again."""
    world, state, reference = acted.world, acted.state, turn.place.reference
    for said in shown(world, state, acted.scenes):
        utter(turn.dispatcher, reference, said)
    if state.ended is None:
        utter_offers(turn.dispatcher, reference, offers(world, state))
        return []
    utter_debrief(turn.dispatcher, acted)
    return [SlotSet(REHEARSAL, None)]


def utter_debrief(dispatcher: CollectingDispatcher, standing: Standing) -> None:
    """The debrief of a rehearsal that has just ended, and what can be done with it."""
    utter_what_it_came_to(dispatcher, standing)
    dispatcher.utter_message(
        response="utter_rehearsal_over",
        reference=standing.place.reference,
        until=say_how_long(standing.place),
        buttons=afterwards(standing.place),
    )


def utter_what_it_came_to(dispatcher: CollectingDispatcher, standing: Standing) -> None:
    """The debrief on cards, and as a file."""
    reference = standing.place.reference
    found = debrief(standing.world, standing.state)
    for card in debrief_cards(found, reference=reference):
        utter(dispatcher, reference, card)
    utter_debrief_file(dispatcher, reference)


def afterwards(place: Place) -> list[Button]:
    """What can be done with a rehearsal that is over."""
    again = button("Rehearse something else", "list")
    forget = button("Delete this rehearsal", f"forget:{place.id}")
    may_keep = not (place.room.led or place.room.keep)
    keep = [button("Keep it longer", f"keep_longer:{place.id}")] if may_keep else []
    return [again, forget, *keep]


def say_how_long(place: Place) -> str:
    """Until when a rehearsal is kept, and who decides about it."""
    if place.room.keep:
        return "It is kept until somebody deletes it."
    until = f"It is deleted on {say_date(place.room.delete_on)}"
    if not place.room.led:
        return f"{until}."
    return (
        f"{until}, unless the facilitator keeps the session longer. You can delete your part of it "
        "now: it is then missing from the group's debrief too."
    )


def keep_longer(
    dispatcher: CollectingDispatcher, around: RehearsalSurroundings, place: Place, holder: str
) -> None:
    """Keep a rehearsal of one's own beyond its day."""
    kept = around.rooms.keep_own(place_id=place.id, holder=holder)
    forget = button("Delete this rehearsal", f"forget:{kept.id}")
    dispatcher.utter_message(
        response="utter_rehearsal_kept_longer", reference=kept.reference, buttons=[forget]
    )


def show_debrief(
    dispatcher: CollectingDispatcher, tracker: Tracker, around: RehearsalSurroundings, place_id: str
) -> None:
    """The debrief of a rehearsal that has ended, again; another one may be going on meanwhile."""
    try:
        found = around.rooms.standing(
            place_id=place_id, holder=tracker.sender_id, library=around.library
        )
    except CannotReplayError as error:
        forget = button("Delete this rehearsal", f"forget:{place_id}")
        dispatcher.utter_message(text=str(error), buttons=[forget])
        return
    utter_what_it_came_to(dispatcher, found)
    dispatcher.utter_message(
        response="utter_rehearsal_looked_back",
        reference=found.place.reference,
        until=say_how_long(found.place),
        buttons=afterwards(found.place),
    )


def ask_whether_to_forget(dispatcher: CollectingDispatcher, place: Place) -> None:
    """Ask before a rehearsal is deleted: it cannot be brought back."""
    choices = (("Yes, delete it", f"forget_now:{place.id}"), ("No, keep it", "keep"))
    dispatcher.utter_message(
        response="utter_rehearsal_ask_forget", reference=place.reference, buttons=buttons(choices)
    )


def cannot_go_on(
    dispatcher: CollectingDispatcher, tracker: Tracker, around: RehearsalSurroundings, why: str
) -> list[EventType]:
    """A rehearsal that cannot be played any more is put down: it must not hold anybody."""
    place = around.rooms.place_of(holder=tracker.sender_id)
    forget: list[Button] = []
    if place is not None:
        around.rooms.leave(place_id=place.id, holder=tracker.sender_id, now=around.now())
        forget = [button("Delete this rehearsal", f"forget:{place.id}")]
    dispatcher.utter_message(
        response="utter_rehearsal_cannot_go_on", why=why,
        buttons=[button("Rehearse something else", "list"), *forget],
    )  # fmt: skip
    return [SlotSet(REHEARSAL, None)]
