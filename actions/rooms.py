"""What rehearsing works with: the scenarios, the rooms, the time. Nothing of the records."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.policy.library import Library, load_library
from bot.rehearsal.shelf import Shelf, load_shelf
from bot.rooms.rooms import Rooms, open_rooms
from bot.settings import Settings


@dataclass(frozen=True)
class RehearsalSurroundings:
    """Everything outside a conversation that a rehearsal may use: there is no case among it."""

    library: Library
    shelf: Shelf
    rooms: Rooms
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


_opened: list[RehearsalSurroundings] = []


def rehearsal_surroundings() -> RehearsalSurroundings:
    """The surroundings that were set up, or those that the environment asks for."""
    if not _opened:
        settings = Settings.from_environment(os.environ)
        library = load_library(settings.policies_dir)
        shelf = load_shelf(settings.rehearsals_dir, library)
        _opened.append(RehearsalSurroundings(library, shelf, open_rooms(settings.rooms_url)))
    return _opened[0]


def set_up_rehearsals(given: RehearsalSurroundings | None) -> None:
    """Work with these surroundings from now on; with none, open them anew at the next use."""
    _opened.clear()
    if given is not None:
        _opened.append(given)
