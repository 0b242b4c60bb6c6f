"""How long rehearsals are kept, and what deletes them."""

from datetime import UTC, date, datetime, time
from typing import cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from bot.rooms.tables import PlaceRow, RoomRow, WrongCodeRow


def purge(session: Session, *, today: date) -> int:
    """Delete every room whose day has come and that nobody asked to keep; how many there were.

    The wrong codes of earlier days go with them.
    """
    midnight = datetime.combine(today, time(), UTC)
    session.execute(delete(WrongCodeRow).where(WrongCodeRow.at < midnight))
    done = session.execute(
        delete(RoomRow).where(RoomRow.delete_on <= today, RoomRow.keep.is_(False))
    )
    return cast("CursorResult[tuple[()]]", done).rowcount


def delete_room(session: Session, room: RoomRow) -> None:
    """Delete a room with all its places."""
    session.execute(delete(RoomRow).where(RoomRow.id == room.id))


def delete_place(session: Session, place: PlaceRow) -> None:
    """Delete a place with all that was done in it, and a room that is its holder's alone."""
    code = session.scalar(select(RoomRow.code).where(RoomRow.id == place.room_id))
    if code is None:
        session.execute(delete(RoomRow).where(RoomRow.id == place.room_id))
    else:
        session.execute(delete(PlaceRow).where(PlaceRow.id == place.id))
