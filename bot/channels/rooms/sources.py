"""What the facilitator's pages stand on, opened when first needed: policies, scenarios, rooms."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.policy.library import Library, load_library
from bot.rehearsal.shelf import Shelf, load_shelf
from bot.rooms.rooms import Rooms, open_rooms
from bot.rooms.views import Untold
from bot.settings import Settings


@dataclass(frozen=True)
class Sources:
    """Everything that a rehearsal needs."""

    library: Library
    shelf: Shelf
    rooms: Rooms
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def sources_of(settings: Settings) -> Sources:
    """The policies, scenarios and rooms that the settings name.

    Raises:
        PolicyError: a policy file is broken.
        ScenarioError: a scenario is.
        StorageError: the database of the rehearsals cannot be opened.
    """
    library = load_library(settings.policies_dir)
    shelf = load_shelf(settings.rehearsals_dir, library)
    return Sources(library, shelf, open_rooms(settings.rooms_url))


def sources_of_environment() -> Sources:
    """The same, as the environment asks for: for plain `rasa run`, which gives no settings."""
    return sources_of(Settings.from_environment(os.environ))


def no_rehearsals(_: str) -> int:
    """No news, because this server has no rehearsals."""
    return 0


class Rehearsals:
    """The sources, opened once, at the first use. Threads may share it."""

    def __init__(self, open_sources: Callable[[], Sources] = sources_of_environment) -> None:
        self._open_sources = open_sources
        self._opening = threading.Lock()
        self._sources: Sources | None = None

    def opened(self) -> Sources:
        """The sources. They read files and a database: ask for them in a thread."""
        with self._opening:
            if self._sources is None:
                self._sources = self._open_sources()
            return self._sources

    def news(self, sender: str) -> int:
        """How much a facilitator did in this sender's rehearsal that they were not told yet."""
        rooms = self.opened().rooms
        place = rooms.place_of(holder=sender)
        return 0 if place is None else rooms.news(place_id=place.id, holder=sender)

    def untold(self) -> tuple[Untold, ...]:
        """Whose rehearsal has something that they were not told yet; people as their hashes."""
        return self.opened().rooms.untold()

    def close(self) -> None:
        """Let go of the database."""
        if self._sources is not None:
            self._sources.rooms.close()
