"""The debrief of a rehearsal as a file, for whoever rehearsed."""

from datetime import datetime

from bot.documents.debrief import debrief_paper
from bot.policy.library import Library
from bot.rehearsal.debrief import debrief
from bot.rooms.errors import NotYourPlaceError
from bot.rooms.rooms import Rooms


def debrief_of(
    rooms: Rooms, *, reference: str, holder: str, now: datetime, library: Library
) -> bytes:
    """The debrief of one rehearsal of this holder, as it stands.

    Raises:
        NotYourPlaceError: this holder has no such rehearsal, or it was deleted.
    """
    own = (place for place in rooms.places_of(holder=holder) if place.reference == reference)
    place = next(own, None)
    if place is None:
        raise NotYourPlaceError(f"You have no rehearsal {reference}, or it has been deleted.")
    found = rooms.standing(place_id=place.id, holder=holder, library=library)
    return debrief_paper(
        debrief(found.world, found.state), reference=reference, alias=place.alias, now=now
    )
