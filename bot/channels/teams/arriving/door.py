"""The door: what arrives is taken in before anything else is done.

Microsoft waits 15 seconds for its 202. A turn has the loop to itself for as long as it thinks, so
among many of them a message that arrives could wait longer than that. Whoever is at the door
therefore goes first: while a message is being taken in, no turn begins and no conversation goes on.
Those that arrive together are written together, in a thread that does nothing else.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from bot.records import teams
from bot.records.database import Database
from bot.records.errors import DatabaseUnavailableError
from bot.records.teams import Arrived

PATIENCE = 0.5
"""How long, in seconds, answers wait for the door: however many arrive, some are answered."""
MOST_TOGETHER = 50
"""Messages in one transaction: the last of them waits for all."""


@dataclass(frozen=True)
class _AtTheDoor:
    arrived: Arrived
    now: datetime
    kept: "asyncio.Future[bool]"


class Door:
    """Takes messages into the inbox, many at once, and says when nobody waits outside."""

    def __init__(self, database: Callable[[], Database]) -> None:
        """Keep what gives the records that messages are taken into, once they are open."""
        self._database = database
        self._thread = ThreadPoolExecutor(1, "teams-door")
        self._waiting: list[_AtTheDoor] = []
        self._writing: asyncio.Task[None] | None = None
        self._busy = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Somebody who has proved who they are is at the door, for as long as this lasts."""
        self._busy += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._quiet.set()

    async def quiet(self) -> None:
        """Return once nobody is at the door, or after a short while."""
        await asyncio.sleep(0)  # whoever knocked during a turn comes in now
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._quiet.wait()

    async def take(self, arrived: Arrived, *, now: datetime) -> bool:
        """Keep a message in the inbox; whether it is new.

        Raises:
            RecordsError: It was not kept.
        """
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(_AtTheDoor(arrived, now, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await kept

    async def close(self) -> None:
        """End the thread, after what it is writing."""
        await asyncio.to_thread(self._thread.shutdown)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch = self._waiting[:MOST_TOGETHER]
            del self._waiting[:MOST_TOGETHER]
            outcomes: Sequence[bool | Exception]
            try:
                outcomes = await loop.run_in_executor(self._thread, self._keep, batch)
            except RuntimeError as error:  # the server is ending: nobody is left waiting
                outcomes = [error] * len(batch)
            for each, outcome in zip(batch, outcomes, strict=True):
                if each.kept.done():  # Microsoft did not wait for it, and sends it again
                    continue
                if isinstance(outcome, BaseException):
                    each.kept.set_exception(outcome)
                else:
                    each.kept.set_result(outcome)

    def _keep(self, batch: Sequence[_AtTheDoor]) -> list[bool | Exception]:
        """What became of each; where one of several cannot be kept, the others are."""
        try:
            with self._database().session() as session:
                return [teams.take_in(session, each.arrived, now=each.now) for each in batch]
        except DatabaseUnavailableError as error:
            return [error] * len(batch)
        except Exception as error:
            if len(batch) == 1:
                return [error]
            return [outcome for each in batch for outcome in self._keep([each])]
