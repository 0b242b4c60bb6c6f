"""Open a room, and come into one."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.databases.checks import check_instant
from bot.rehearsal.load import canonical, content_hash
from bot.rehearsal.world import World
from bot.rooms.errors import (
    AlreadyRehearsingError,
    RoomEndedError,
    RoomFullError,
    TooManyTriesError,
)
from bot.rooms.names import code_in, free_alias, hashed, new_code, new_key
from bot.rooms.tables import PlaceRow, ReferenceCounterRow, RoomRow, WrongCodeRow
from bot.rooms.views import Opened, place_of, room_of

DAYS_KEPT = 30
MOST_PLACES = 200
MOST_TRIES = 10
TRIES_FORGOTTEN_AFTER = timedelta(hours=1)


def open_alone(session: Session, world: World, *, holder_hash: str, now: datetime) -> PlaceRow:
    """A room of one person's own, and the place in it.

    Raises:
        AlreadyRehearsingError: this holder is in another rehearsal that goes on.
    """
    take_turn(session, holder_hash)
    _leave_what_is_over(session, holder_hash, now)
    room = _room(world, now)
    session.add(room)
    session.flush()
    return _add_place(session, room, holder_hash, now)


def open_led(session: Session, world: World, *, now: datetime) -> Opened:
    """A room that is led, without anybody in it."""
    code = new_code()
    while session.scalar(select(RoomRow.id).where(RoomRow.code == code)) is not None:
        code = new_code()
    key = new_key()
    room = _room(world, now, code=code, key_hash=hashed(key))
    session.add(room)
    session.flush()
    return Opened(room_of(room), key)


def join(
    session: Session, words: str, *, holder_hash: str, now: datetime
) -> tuple[PlaceRow, bool] | None:
    """The place in the room with this code, and whether it is new; none where no room has it.

    A wrong code is noted in this transaction: let it end before anybody is told.

    Raises:
        AlreadyRehearsingError: this holder is in another rehearsal that goes on.
        RoomEndedError: the session is over, and this holder was not in it.
        RoomFullError: the room is full.
        TooManyTriesError: this holder has tried too many wrong codes.
    """
    take_turn(session, holder_hash)
    _refuse_guessing(session, holder_hash, now)
    code = code_in(words)
    # without a code are the rooms of one person alone: nobody joins those
    room = None if code is None else _lock_room(session, code)
    if room is None:
        session.add(WrongCodeRow(holder_hash=holder_hash, at=now))
        return None
    mine = session.scalar(
        select(PlaceRow).where(PlaceRow.room_id == room.id, PlaceRow.holder_hash == holder_hash)
    )
    _leave_what_is_over(session, holder_hash, now, but=mine)
    if mine is not None:
        mine.left_at = None
        return mine, False
    if room.ended_at is not None:
        raise RoomEndedError(f"The session {room.code} is over, and nobody new can join it.")
    return _add_place(session, room, holder_hash, now), True


def take_up(session: Session, place: PlaceRow, *, now: datetime) -> None:
    """Come back to a place that was left; with the holder's turn held.

    Raises:
        AlreadyRehearsingError: its holder is in another rehearsal that goes on.
    """
    _leave_what_is_over(session, place.holder_hash, now, but=place)
    place.left_at = None


def take_turn(session: Session, holder_hash: str) -> None:
    """Wait until nothing else is opened for this holder, until this transaction ends.

    On SQLite the transaction itself began with the write lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(holder_hash)[:8], signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _refuse_guessing(session: Session, holder_hash: str, now: datetime) -> None:
    session.execute(delete(WrongCodeRow).where(WrongCodeRow.at <= now - TRIES_FORGOTTEN_AFTER))
    tries = session.scalar(
        select(func.count(WrongCodeRow.id)).where(WrongCodeRow.holder_hash == holder_hash)
    )
    if tries is not None and tries >= MOST_TRIES:
        raise TooManyTriesError(
            f"That were {tries} codes that no session has. Ask the facilitator for the code, and "
            "try again in an hour."
        )


def _lock_room(session: Session, code: str) -> RoomRow | None:
    return session.scalar(
        select(RoomRow)
        .where(RoomRow.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _leave_what_is_over(
    session: Session, holder_hash: str, now: datetime, *, but: PlaceRow | None = None
) -> None:
    """Leave the open place of a holder if nothing more can happen there; else refuse another."""
    current = session.scalar(
        select(PlaceRow)
        .where(PlaceRow.holder_hash == holder_hash, PlaceRow.left_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if current is None or current is but:
        return
    if not place_of(current).over:
        raise AlreadyRehearsingError(
            f"You are in the rehearsal {current.reference}, which still goes on. Leave it first."
        )
    current.left_at = now
    session.flush()  # before another is opened: one at a time is a rule of the table


def _room(
    world: World, now: datetime, *, code: str | None = None, key_hash: str | None = None
) -> RoomRow:
    check_instant("The present instant", now)
    return RoomRow(
        id=str(uuid4()),
        code=code,
        scenario_id=world.scenario.id,
        scenario_json=canonical(world.scenario),
        scenario_hash=content_hash(world.scenario),
        key_hash=key_hash,
        opened_at=now,
        ended_at=None,
        keep=False,
        delete_on=now.astimezone(UTC).date() + timedelta(days=DAYS_KEPT),
    )


def _add_place(session: Session, room: RoomRow, holder_hash: str, now: datetime) -> PlaceRow:
    there = session.execute(
        select(PlaceRow.number, PlaceRow.alias).where(PlaceRow.room_id == room.id)
    ).all()
    if len(there) >= MOST_PLACES:
        raise RoomFullError(
            f"The session {room.code} has {len(there)} participants, which is the most it can have."
        )
    place = PlaceRow(
        id=str(uuid4()),
        room=room,
        number=max((number for number, _ in there), default=0) + 1,
        reference=_next_reference(session, now),
        alias=free_alias({alias for _, alias in there}),
        holder_hash=holder_hash,
        joined_at=now,
        left_at=None,
        ended_at=None,
        told_upto=0,
    )
    session.add(place)
    session.flush()
    return place


def _next_reference(session: Session, now: datetime) -> str:
    # at New Year, UTC is the time of England and of Jersey
    year = now.astimezone(UTC).year
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(ReferenceCounterRow).values(year=year, last=0).on_conflict_do_nothing())
    counter = session.get_one(
        ReferenceCounterRow, year, with_for_update=True, populate_existing=True
    )
    counter.last += 1
    return f"REH-{year}-{counter.last:04d}"
