"""What a participant does in a place, and what is told there."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.databases.checks import check_instant, check_text
from bot.policy.library import Library
from bot.rehearsal.play import begin, take
from bot.rehearsal.state import FACILITATOR, Entry
from bot.rooms.errors import LeftError, MessageReusedError, NotYourPlaceError, NotYoursToDoError
from bot.rooms.replay import Replay, entry_of
from bot.rooms.tables import EntryRow, PlaceRow, RoomRow
from bot.rooms.views import Acted, Standing, Untold, place_of


def own_place(session: Session, *, place_id: str, holder_hash: str, lock: bool = False) -> PlaceRow:
    """A place, for its own holder; with `lock`, nobody else changes it until this ends.

    Raises:
        NotYourPlaceError: there is none, or it is someone else's: the two look the same.
    """
    check_text("The place", place_id)
    asked = select(PlaceRow).where(PlaceRow.id == place_id, PlaceRow.holder_hash == holder_hash)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(asked)
    if found is None:
        raise NotYourPlaceError("You have no such place in a rehearsal.")
    return found


def open_place(session: Session, *, holder_hash: str) -> PlaceRow | None:
    """The place that this holder has open now."""
    return session.scalar(
        select(PlaceRow).where(PlaceRow.holder_hash == holder_hash, PlaceRow.left_at.is_(None))
    )


def every_place(session: Session, *, holder_hash: str) -> Sequence[PlaceRow]:
    """All places of a holder, the newest first."""
    return session.scalars(
        select(PlaceRow)
        .where(PlaceRow.holder_hash == holder_hash)
        .order_by(PlaceRow.joined_at.desc(), PlaceRow.reference.desc())
    ).all()


def entries_in(session: Session, place_id: str) -> Sequence[EntryRow]:
    """Everything that was done in a place, in its order."""
    return session.scalars(
        select(EntryRow).where(EntryRow.place_id == place_id).order_by(EntryRow.n)
    ).all()


def begun(place: PlaceRow, replay: Replay, library: Library) -> Acted:
    """The first moment of a place, and what is told in it."""
    world = replay.world(place.room, library)
    state, scenes = begin(world)
    return Acted(place_of(place), world, state, scenes)


def standing(session: Session, place: PlaceRow, replay: Replay, library: Library) -> Standing:
    """Where a place stands, with all that the facilitator did."""
    world = replay.world(place.room, library)
    return Standing(
        place_of(place), world, replay.state(world, place.id, entries_in(session, place.id))
    )


def act(
    session: Session,
    place: PlaceRow,
    replay: Replay,
    *,
    entry: Entry,
    message_id: str,
    now: datetime,
    library: Library,
) -> Acted:
    """Do one thing in a place that is locked, or find what the same message did before.

    Raises:
        LeftError: the place was left.
        MessageReusedError: the message did something else before.
        NotPossibleError: it cannot be done now; nothing has changed.
        NotYoursToDoError: only the facilitator may do it.
    """
    if entry.kind in FACILITATOR:
        raise NotYoursToDoError(f"Only the facilitator may do this: {entry.kind}.")
    check_text("The message's id", message_id)
    check_text("What is done", entry.what)
    check_instant("The present instant", now)
    world, entries = replay.world(place.room, library), entries_in(session, place.id)
    earlier = next((row for row in entries if row.message_id == message_id), None)
    if earlier is not None:
        if entry_of(earlier) != entry:
            raise MessageReusedError(
                f"The message {message_id} did {earlier.kind} {earlier.what!r} before, and "
                f"comes again with {entry.kind} {entry.what!r}. Give each message its own id."
            )
        then = entries[: earlier.n]
        _, scenes = replay.scenes(world, place.id, then, after=cast(int, earlier.told_after))
        state = replay.state(world, place.id, entries)
        return Acted(place_of(place), world, state, scenes, repeated=True)
    if place.left_at is not None:
        raise LeftError(f"You have left the rehearsal {place.reference}. Take it up again first.")
    before, news = replay.scenes(world, place.id, entries, after=place.told_upto)
    state, own = take(world, before, entry)
    n = len(entries) + 1
    session.add(
        EntryRow(
            place_id=place.id, n=n, kind=entry.kind, what=entry.what, led=False, at=now,
            message_id=message_id, told_after=place.told_upto,
        )
    )  # fmt: skip
    place.told_upto = n
    if state.ended is not None:
        place.ended_at = place.ended_at or now
    return Acted(place_of(place), world, state, (*news, *own))


def catch_up(session: Session, place: PlaceRow, replay: Replay, library: Library) -> Acted:
    """What the facilitator did since the participant was told last, in a place that is locked."""
    world, entries = replay.world(place.room, library), entries_in(session, place.id)
    state, news = replay.scenes(world, place.id, entries, after=place.told_upto)
    place.told_upto = len(entries)
    return Acted(place_of(place), world, state, news)


def untold(session: Session, *, place_id: str, holder_hash: str) -> int:
    """How many things the facilitator did that the participant was not told yet.

    Raises:
        NotYourPlaceError: there is no such place of this holder.
    """
    check_text("The place", place_id)
    found = session.scalar(
        select(func.count(EntryRow.n))
        .select_from(PlaceRow)
        .outerjoin(EntryRow, (EntryRow.place_id == PlaceRow.id) & (EntryRow.n > PlaceRow.told_upto))
        .where(PlaceRow.id == place_id, PlaceRow.holder_hash == holder_hash)
        .group_by(PlaceRow.id)
    )
    if found is None:
        raise NotYourPlaceError("You have no such place in a rehearsal.")
    return found


def untold_places(session: Session) -> tuple[Untold, ...]:
    """Every open place of a led room where something waits to be told; read without a world."""
    found = session.execute(
        select(PlaceRow.id, PlaceRow.holder_hash, func.max(EntryRow.n))
        .join(RoomRow, RoomRow.id == PlaceRow.room_id)
        .join(EntryRow, (EntryRow.place_id == PlaceRow.id) & (EntryRow.n > PlaceRow.told_upto))
        .where(PlaceRow.left_at.is_(None), RoomRow.code.is_not(None))
        .group_by(PlaceRow.id, PlaceRow.holder_hash)
        .order_by(PlaceRow.id)
    )
    return tuple(
        Untold(place_id=place_id, holder_hash=holder_hash, upto=upto)
        for place_id, holder_hash, upto in found
    )
