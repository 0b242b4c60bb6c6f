"""What a facilitator did reaches people in Teams by itself: no page polls there.

Every few seconds the rooms are asked whose rehearsal has something to tell. For whoever of them
has the app, one message is put into the inbox under a name that is made from the place and the
last thing that was done there. So it is answered as any other, in its turn, and once, whatever
ends the program. Where the person could not be told, because a real risk came first, it is put in
again when they have written: their own message made another name of it.

The rooms know people by a hash alone, so the hashes of those who have the app are held against
theirs.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.orm import Session

from bot.channels.teams.worker import Worker
from bot.records import teams
from bot.records.teams import Reference
from bot.rooms.names import hashed
from bot.rooms.views import Untold

log = logging.getLogger(__name__)

SECONDS_BETWEEN = 2.0
SECONDS_AFTER_TROUBLE = 60.0
SECONDS_TO_FINISH = 5.0
BETWEEN_READINGS = timedelta(seconds=10)
"""How long those who have the app are not read again for a hash that is none of theirs.

It may stay unknown for weeks: that of somebody who closed the chat page.
"""
MOST_AT_ONCE = 20
"""So many wait to hear news at a time: a message about a danger is never behind two hundred."""


class Rooms(Protocol):
    """Where rehearsals are asked for: `bot.channels.rooms.sources.Rehearsals`."""

    def untold(self) -> Sequence[Untold]:
        """Whose rehearsal has something that they were not told yet."""

    def news(self, sender: str) -> int:
        """How much of it there is for one person."""


class HaveTheApp:
    """Everybody who has the app, by the hash under which the rooms know them."""

    def __init__(self, worker: Worker, now: Callable[[], datetime]) -> None:
        self._worker, self._now = worker, now
        self._hashes: Mapping[str, str] = {}
        self._people: Mapping[str, str] = {}
        self._read_at: datetime | None = None

    async def among(self, hashes: Set[str]) -> Mapping[str, str]:
        """Those whose hash is among these, by their hash; they are read anew for an unknown one.

        Raises:
            RecordsError: They could not be read.
        """
        now = self._now()
        due = self._read_at is None or now - self._read_at >= BETWEEN_READINGS
        if due and not hashes <= self._people.keys():
            self._hashes = await self._worker.record(self._read)
            self._people = {each: person for person, each in self._hashes.items()}
            self._read_at = now
        return {each: self._people[each] for each in hashes & self._people.keys()}

    def _read(self, session: Session) -> Mapping[str, str]:
        """The hash of each person; one that was made is not made again."""
        known = self._hashes
        return {person: known.get(person) or hashed(person) for person in teams.people(session)}


class Put(NamedTuple):
    """What was put in for one place: up to which entry, and when its holder had last written."""

    upto: int
    heard_at: datetime


class News:
    """Looks for what people in Teams were not told yet, until it is stopped."""

    def __init__(
        self,
        rooms: Rooms,
        worker: Worker,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds_between: float = SECONDS_BETWEEN,
    ) -> None:
        """Keep what it works with.

        Args:
            rooms: Whose rehearsal has news.
            worker: Answers what is put into the inbox.
            now: The present instant.
            seconds_between: How long it waits between one look and the next.
        """
        self._rooms, self._worker, self._now = rooms, worker, now
        self._seconds_between = seconds_between
        self._people = HaveTheApp(worker, now)
        self._put: Mapping[str, Put] = {}
        self._looking: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()

    def start(self) -> None:
        """Begin, after a first pause: whatever an earlier run left behind comes before it."""
        self._looking = asyncio.create_task(self._look_for_ever())

    async def stop(self) -> None:
        """End, after the look under way if that ends in time."""
        self._stopped.set()
        if self._looking is not None:
            await asyncio.wait([self._looking], timeout=SECONDS_TO_FINISH)
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def look(self) -> None:
        """Look once.

        Raises:
            RecordsError: The records cannot be used.
            StorageError: The rooms cannot be used.
            RefusedFileError: A policy or a scenario is broken, so the rooms were not opened.
        """
        untold = await asyncio.to_thread(self._rooms.untold)
        people = await self._people.among({each.holder_hash for each in untold})
        found = [(each, people[each.holder_hash]) for each in untold if each.holder_hash in people]
        conversations: Sequence[str] = ()
        put: Mapping[str, Put] = {}
        if found:
            put, conversations = await self._worker.record(self._put_in, found)
        self._put = put
        for conversation in conversations:
            self._worker.wake(conversation)

    def _put_in(
        self, session: Session, found: Sequence[tuple[Untold, str]]
    ) -> tuple[Mapping[str, Put], Sequence[str]]:
        """Put in what is new, as much as may wait at once; what was put in by now, and where."""
        references = teams.references(session, people=[person for _, person in found])
        put, conversations = {}, []
        free = MOST_AT_ONCE - teams.waiting_news(session)
        for untold, person in found:
            reference = references.get(person)
            if reference is None or reference.status != "active":
                continue
            news = Put(untold.upto, reference.changed_at)
            fresh = self._put.get(untold.place_id) != news
            if fresh and free <= 0:
                continue
            put[untold.place_id] = news
            name = name_of(untold, reference)
            if fresh and teams.put_news(session, reference, name=name, now=self._now()):
                conversations.append(reference.conversation)
                free -= 1
        return put, conversations

    async def _look_for_ever(self) -> None:
        pause, troubled = self._seconds_between, False
        while not await self._stopped_within(pause):
            try:
                await self.look()
                pause, troubled = self._seconds_between, False
            except Exception as error:
                pause = SECONDS_AFTER_TROUBLE
                if not troubled:  # once, however long it lasts: with a message people hear it too
                    log.error("teams.no_news cause=%s %s", type(error).__name__, error)
                troubled = True

    async def _stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        return self._stopped.is_set()


def name_of(untold: Untold, reference: Reference) -> str:
    """What the inbox knows this news by: the same for the same, until the person writes again."""
    named = f"teams-news:{untold.place_id}:{untold.upto}:{reference.changed_at.isoformat()}"
    return str(uuid5(NAMESPACE_OID, named))
