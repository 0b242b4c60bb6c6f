"""What the facilitator does in a room, and sees of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.databases.checks import check_instant, check_text
from bot.policy.library import Library
from bot.rehearsal.debrief import debrief
from bot.rehearsal.offers import open_point
from bot.rehearsal.play import NotPossibleError, begin, take
from bot.rehearsal.state import FACILITATOR, Entry, Kind, State
from bot.rehearsal.world import World
from bot.rooms.errors import NotYourPlaceError, NotYourRoomError, NotYoursToDoError, RoomEndedError
from bot.rooms.names import fits
from bot.rooms.replay import Replay, entry_of, played
from bot.rooms.tables import EntryRow, LeadRow, PlaceRow, RoomRow
from bot.rooms.views import Led, Line, PlaceView, Result, RoomView, place_of, room_of

FOR_LATE_COMERS: tuple[Kind, ...] = ("move", "inject", "pause", "resume")
"""What is done in the place of somebody who joins later, too."""


def led_room(session: Session, *, room_id: str, key: str, lock: bool = False) -> RoomRow:
    """A room, for who has its key; with `lock`, nobody joins or leads it until this ends.

    Raises:
        NotYourRoomError: there is none, or this is not its key: the two look the same.
    """
    check_text("The room", room_id)
    asked = select(RoomRow).where(RoomRow.id == room_id)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(asked)
    if found is None or found.key_hash is None or not fits(key, found.key_hash):
        raise NotYourRoomError("This key opens no session. It may have been deleted.")
    return found


def lead(
    session: Session,
    room: RoomRow,
    replay: Replay,
    *,
    entry: Entry,
    now: datetime,
    library: Library,
    message_id: str | None = None,
    only: str | None = None,
) -> Led:
    """Do one thing in every place of a room that is locked, or in `only` one, where it can be.

    Raises:
        NotPossibleError: it can be done in no place whatever.
        NotYourPlaceError: the room has no such place.
        NotYoursToDoError: only a participant may do it.
        RoomEndedError: the session is over.
    """
    check_instant("The present instant", now)
    check_text("What is done", entry.what)
    if message_id is not None and _was_led(session, room, message_id):
        return Led((), {}, repeated=True)
    if room.ended_at is not None:
        raise RoomEndedError(f"The session {room.code} is over. Its debrief is ready.")
    world = replay.world(room, library)
    _check(world, entry)
    places = _locked_places(session, room, only)
    _note(session, room, entry, now, message_id=message_id, only=only)
    entries = _entries(session, room)
    done, skipped = [], {}
    for place in places:
        state = replay.state(world, place.id, entries[place.id])
        n = len(entries[place.id]) + 1
        try:
            add_led(session, world, place, state, n, entry=entry, now=now)
        except NotPossibleError as error:
            skipped[place.alias] = str(error)
        else:
            done.append(place.alias)
    if entry.kind == "end" and only is None:
        room.ended_at = now
    return Led(tuple(done), skipped)


def bring_to_the_present(
    session: Session, place: PlaceRow, replay: Replay, *, now: datetime, library: Library
) -> None:
    """Do in a new place what the facilitator did before to the clock and the events."""
    world = replay.world(place.room, library)
    earlier = session.scalars(
        select(LeadRow)
        .where(
            LeadRow.room_id == place.room_id,
            LeadRow.place_id.is_(None),
            LeadRow.kind.in_(FOR_LATE_COMERS),
        )
        .order_by(LeadRow.n)
    )
    state, n = begin(world)[0], 1
    for row in earlier:
        try:
            state = add_led(session, world, place, state, n, entry=entry_of(row), now=now)
        except NotPossibleError:
            continue  # here it has happened by itself, or the time is over
        n += 1


def add_led(
    session: Session,
    world: World,
    place: PlaceRow,
    state: State,
    n: int,
    *,
    entry: Entry,
    now: datetime,
) -> State:
    """Write an entry of the facilitator's into a place, as its entry number `n`.

    Raises:
        NotPossibleError: it cannot be done there; nothing is written.
    """
    after, _ = take(world, state, entry)
    session.add(
        EntryRow(
            place_id=place.id, n=n, kind=entry.kind, what=entry.what, led=True, at=now,
            message_id=None, told_after=None,
        )
    )  # fmt: skip
    if after.ended is not None:
        place.ended_at = place.ended_at or now
    return after


def view(session: Session, room: RoomRow, replay: Replay, library: Library) -> RoomView:
    """The room with where everybody stands, in the order in which they joined."""
    world, entries = replay.world(room, library), _entries(session, room)
    return RoomView(
        room_of(room),
        world,
        tuple(
            _place_view(
                world, place, entries[place.id], replay.state(world, place.id, entries[place.id])
            )
            for place in _places(session, room)
        ),
    )


def results(
    session: Session, room: RoomRow, replay: Replay, library: Library
) -> tuple[Result, ...]:
    """The debrief of every place, in the order in which they joined."""
    world, entries = replay.world(room, library), _entries(session, room)
    return tuple(
        Result(
            place.alias,
            place.reference,
            debrief(world, replay.state(world, place.id, entries[place.id])),
        )
        for place in _places(session, room)
    )


def transcript(
    session: Session, room: RoomRow, place_id: str, replay: Replay, library: Library
) -> tuple[Line, ...]:
    """Everything that was done and told in a place.

    Raises:
        NotYourPlaceError: the room has no such place.
    """
    world = replay.world(room, library)
    place = next((each for each in _places(session, room) if each.id == place_id), None)
    if place is None:
        raise NotYourPlaceError("This session has no such place.")
    state, scenes = begin(world)
    lines = [Line(None, False, place.joined_at, scenes)]
    for row in _entries(session, room)[place.id]:
        state, scenes = played(world, state, row)
        lines.append(Line(entry_of(row), row.led, row.at, scenes))
    return tuple(lines)


def _check(world: World, entry: Entry) -> None:
    """Refuse what no place could do, so that it is refused in a room without places too."""
    if entry.kind not in FACILITATOR:
        raise NotYoursToDoError(f"Only a participant may do this: {entry.kind}.")
    if entry.kind != "reveal":  # at the beginning, no decision need be open
        take(world, begin(world)[0], entry)


def _was_led(session: Session, room: RoomRow, message_id: str) -> bool:
    check_text("The message's id", message_id)
    return (
        session.scalar(
            select(LeadRow.n).where(LeadRow.room_id == room.id, LeadRow.message_id == message_id)
        )
        is not None
    )


def _note(
    session: Session,
    room: RoomRow,
    entry: Entry,
    now: datetime,
    *,
    message_id: str | None,
    only: str | None,
) -> None:
    last = session.scalar(select(func.max(LeadRow.n)).where(LeadRow.room_id == room.id))
    session.add(
        LeadRow(
            room_id=room.id, n=(last or 0) + 1, kind=entry.kind, what=entry.what, place_id=only,
            at=now, message_id=message_id,
        )
    )  # fmt: skip


def _places(session: Session, room: RoomRow, *, lock: bool = False) -> Sequence[PlaceRow]:
    asked = select(PlaceRow).where(PlaceRow.room_id == room.id).order_by(PlaceRow.number)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    return session.scalars(asked).all()


def _locked_places(session: Session, room: RoomRow, only: str | None) -> Sequence[PlaceRow]:
    places = _places(session, room, lock=True)
    if only is None:
        return places
    chosen = [place for place in places if place.id == only]
    if not chosen:
        raise NotYourPlaceError("This session has no such place.")
    return chosen


def _entries(session: Session, room: RoomRow) -> Mapping[str, Sequence[EntryRow]]:
    """What was done in each place of a room, in its order; read at once for them all."""
    found: dict[str, list[EntryRow]] = defaultdict(list)
    for row in session.scalars(
        select(EntryRow)
        .join(PlaceRow, PlaceRow.id == EntryRow.place_id)
        .where(PlaceRow.room_id == room.id)
        .order_by(EntryRow.place_id, EntryRow.n)
    ):
        found[row.place_id].append(row)
    return found


def _place_view(
    world: World, place: PlaceRow, entries: Sequence[EntryRow], state: State
) -> PlaceView:
    return PlaceView(
        place=place_of(place),
        state=state,
        point=open_point(world, state) if state.ended is None else None,
        score=debrief(world, state).score,
        last_at=max((row.at for row in entries if not row.led), default=place.joined_at),
    )
