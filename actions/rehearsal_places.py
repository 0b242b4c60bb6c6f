"""A place in a rehearsal: taken, played move by move, and left with the debrief."""

from dataclasses import dataclass, replace

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import once
from actions.rehearsal_words import (
    REHEARSAL,
    button,
    utter,
    utter_debrief_file,
    utter_offers,
    utter_paused,
)
from actions.rooms import RehearsalSurroundings
from bot.cards.debrief import debrief_cards
from bot.cards.rehearsal import briefing_card, shown
from bot.rehearsal.debrief import debrief
from bot.rehearsal.offers import offers
from bot.rehearsal.play import NotPossibleError
from bot.rehearsal.state import Entry
from bot.rooms.views import Acted, Place, Standing
from bot.wording.dates import say_date

PLAYED = "play"


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
    utter(dispatcher, place.reference, briefing_card(present.world, place.reference))
    events = tell(turn, replace(present, scenes=(*begun.scenes, *present.scenes)))
    left = [ActiveLoop(None), SlotSet("requested_slot", None)]
    in_walk = (tracker.active_loop or {}).get("name") is not None
    return [SlotSet(REHEARSAL, slot_of(place)), *(left if in_walk else []), *events]


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
    if state.paused and state.ended is None:
        utter_paused(turn.dispatcher, reference)
        return []
    if state.ended is None:
        utter_offers(turn.dispatcher, reference, offers(world, state))
        return []
    utter_debrief(turn.dispatcher, acted)
    return [SlotSet(REHEARSAL, None)]


def utter_debrief(dispatcher: CollectingDispatcher, standing: Standing) -> None:
    """The debrief, and what can be done with it."""
    reference = standing.place.reference
    found = debrief(standing.world, standing.state)
    for card in debrief_cards(found, reference=reference):
        utter(dispatcher, reference, card)
    utter_debrief_file(dispatcher, reference)
    again = button("Rehearse something else", "list")
    place = standing.place
    forget = button("Delete this rehearsal", f"forget:{place.id}")
    keep = (
        [] if place.room.led or place.room.keep else [button("Keep it longer", f"keep:{place.id}")]
    )
    dispatcher.utter_message(
        response="utter_rehearsal_over",
        reference=reference,
        how_long=say_how_long(place),
        buttons=[again, forget, *keep],
    )


def say_how_long(place: Place) -> str:
    """Until when a rehearsal is kept."""
    if place.room.keep:
        return "is kept until you delete it"
    return f"is deleted on {say_date(place.room.delete_on)}"


def show_debrief(
    dispatcher: CollectingDispatcher, tracker: Tracker, around: RehearsalSurroundings, place_id: str
) -> list[EventType]:
    """The debrief of a rehearsal that has ended, again."""
    found = around.rooms.standing(
        place_id=place_id, holder=tracker.sender_id, library=around.library
    )
    utter_debrief(dispatcher, found)
    return []
