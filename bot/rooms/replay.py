"""Where places stand, played from their entries; what was played once is not played again."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import cast

from bot.policy.library import Library, UnknownPolicyError
from bot.rehearsal.load import restored
from bot.rehearsal.play import NotPossibleError, begin, take
from bot.rehearsal.state import Entry, Kind, Scene, State
from bot.rehearsal.world import World
from bot.rooms.errors import CannotReplayError
from bot.rooms.tables import EntryRow, LeadRow, RoomRow

MOST_KEPT = 1000
"""States kept in memory; of a place beyond them, every entry is played again."""


@dataclass(frozen=True)
class _Kept:
    world: World
    upto: int
    state: State


class Replay:
    """Scenarios and states in memory. Threads may share it.

    Entries are never changed and never taken away, so a state that was played once stays right for
    as long as its place is there. Only what is committed may be played through it. Playing raises
    `CannotReplayError` where a newer program does not allow what an older one did.
    """

    def __init__(self) -> None:
        self._worlds: dict[str, tuple[Library, World]] = {}
        self._states: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def world(self, room: RoomRow, library: Library) -> World:
        """The scenario of a room as it was when the room was opened.

        Raises:
            CannotReplayError: its policy is not here any more, or this program cannot read it.
        """
        known = self._worlds.get(room.scenario_hash)
        if known is None or known[0] is not library:
            known = (library, _staged_again(room, library))
            self._worlds[room.scenario_hash] = known
        return known[1]

    def state(self, world: World, place_id: str, entries: Sequence[EntryRow]) -> State:
        """Where a place stands after these of its entries, which begin with its first."""
        with self._lock:
            kept = self._states.get(place_id)
        if kept is None or kept.world is not world or kept.upto > len(entries):
            kept = _Kept(world, 0, begin(world)[0])
        state = kept.state
        for row in entries[kept.upto :]:
            state, _ = played(world, state, row)
        with self._lock:
            self._states[place_id] = _Kept(world, len(entries), state)
            self._states.move_to_end(place_id)
            while len(self._states) > MOST_KEPT:
                self._states.popitem(last=False)
        return state

    def scenes(
        self, world: World, place_id: str, entries: Sequence[EntryRow], *, after: int
    ) -> tuple[State, tuple[Scene, ...]]:
        """Where a place stands after these entries, and what came after the first so many."""
        state = self.state(world, place_id, entries[:after])
        told: list[Scene] = []
        for row in entries[after:]:
            state, scenes = played(world, state, row)
            told += scenes
        return state, tuple(told)


def _staged_again(room: RoomRow, library: Library) -> World:
    try:
        return restored(room.scenario_json, library)
    except UnknownPolicyError as error:
        raise CannotReplayError(
            f"This rehearsal cannot go on, because its policy is not here any more. {error}"
        ) from error
    except ValueError as error:  # what pydantic raises
        raise CannotReplayError(
            f"This rehearsal of {room.scenario_id} was begun with another version of the program, "
            "and this version cannot read its scenario. Delete this rehearsal, and begin it again."
        ) from error


def entry_of(row: EntryRow | LeadRow) -> Entry:
    """A row as the rehearsal knows it."""
    return Entry(cast(Kind, row.kind), row.what)


def played(world: World, state: State, row: EntryRow) -> tuple[State, tuple[Scene, ...]]:
    """The state after an entry that was done before, and what it brought.

    Raises:
        CannotReplayError: this program does not allow it any more.
    """
    try:
        return take(world, state, entry_of(row))
    except NotPossibleError as error:
        raise CannotReplayError(
            f"This rehearsal was played with an earlier version of the program, and this version "
            f"cannot go on with it: it does not allow step {row.n} ({row.kind} {row.what}). Delete "
            "this rehearsal, and begin it again."
        ) from error
