"""What rooms give out: frozen, without rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.rehearsal.debrief import Debrief
from bot.rehearsal.scenario import Point
from bot.rehearsal.state import Entry, Scene, State
from bot.rehearsal.world import World
from bot.rooms.tables import PlaceRow, RoomRow


@dataclass(frozen=True, kw_only=True)
class Room:
    """A session of a scenario. Without a code it is one person's alone."""

    id: str
    code: str | None
    scenario: str
    opened_at: datetime
    ended_at: datetime | None
    keep: bool
    delete_on: date

    @property
    def led(self) -> bool:
        """Whether a facilitator leads it."""
        return self.code is not None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A participant's place in a room; `ended_at` is when its rehearsal came to its end."""

    id: str
    room: Room
    number: int
    reference: str
    alias: str
    joined_at: datetime
    left_at: datetime | None
    ended_at: datetime | None

    @property
    def over(self) -> bool:
        """Whether nothing more can happen here."""
        return self.ended_at is not None or self.room.ended_at is not None


@dataclass(frozen=True, kw_only=True)
class Untold:
    """A place where the facilitator did something that its holder was not told yet.

    `upto` is the last entry of it: it grows with each thing that is done.
    """

    place_id: str
    holder_hash: str
    upto: int


@dataclass(frozen=True)
class Opened:
    """A led session just opened; `key` is shown once and kept nowhere."""

    room: Room
    key: str


@dataclass(frozen=True)
class Standing:
    """Where a place stands, in the scenario as its session began with it."""

    place: Place
    world: World
    state: State


@dataclass(frozen=True)
class Acted(Standing):
    """What an entry brought; of a `repeated` message, what it brought the first time."""

    scenes: tuple[Scene, ...]
    repeated: bool = False


@dataclass(frozen=True)
class Led:
    """What the facilitator's entry came to: aliases where it was done, and why not elsewhere.

    A `repeated` message did nothing.
    """

    done: tuple[str, ...]
    skipped: Mapping[str, str]
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class PlaceView:
    """A place as its facilitator sees it; `score` is what it would be if it ended now."""

    place: Place
    state: State
    point: Point | None
    score: float
    last_at: datetime


@dataclass(frozen=True)
class RoomView:
    """A session as its facilitator sees it."""

    room: Room
    world: World
    places: tuple[PlaceView, ...]


@dataclass(frozen=True)
class Line:
    """A moment of a transcript: what was done and what it brought; the first has no entry."""

    entry: Entry | None
    led: bool
    at: datetime
    scenes: tuple[Scene, ...]


class Result(NamedTuple):
    """What a place came to."""

    alias: str
    reference: str
    debrief: Debrief


def room_of(row: RoomRow) -> Room:
    """A row as it is given out."""
    return Room(
        id=row.id,
        code=row.code,
        scenario=row.scenario_id,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        keep=row.keep,
        delete_on=row.delete_on,
    )


def place_of(row: PlaceRow) -> Place:
    """A row as it is given out, with its room."""
    return Place(
        id=row.id,
        room=room_of(row.room),
        number=row.number,
        reference=row.reference,
        alias=row.alias,
        joined_at=row.joined_at,
        left_at=row.left_at,
        ended_at=row.ended_at,
    )
