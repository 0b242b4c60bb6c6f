"""Answers what waits in the inbox, in order in each chat, and lets the answers be sent.

Inbox and outbox lie in the records, so it does not matter when the program ends:

| it ends | then, after it has started again |
| --- | --- |
| before a message is in the inbox | Teams, which got no 202, sends the message again |
| during the turn | the turn is taken again; what it writes is guarded by the message's name |
| after the turn, before the outbox | the replies are read from the stored conversation |
| after the outbox | they are sent; `sending.py` says how often |

One program at a time may do this. Two would answer twice.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.sealed import TAP_LIFETIME
from bot.channels.teams import turn
from bot.channels.teams.arriving.door import Door
from bot.channels.teams.posting.connector import Address
from bot.channels.teams.posting.post import Post
from bot.channels.teams.posting.sending import SECONDS_OF_TYPING, NotSentError
from bot.channels.teams.recording import Recording
from bot.records import teams, teams_outbox
from bot.records.database import Database
from bot.records.errors import RecordsError
from bot.records.teams import Waiting

log = logging.getLogger(__name__)

SECONDS_BETWEEN = 2.0
SECONDS_TO_FINISH = 10.0
TURNS_AT_ONCE = 1
"""A turn hardly ever waits for anything: more of them only keep the loop busy for longer."""
KEPT = TAP_LIFETIME + timedelta(days=1)
"""How long what was settled is kept: a card as long as its buttons can be tapped."""
BETWEEN_CLEARING = timedelta(hours=1)
WITHOUT_TYPING = ("elsewhere", "notice", "news")


class Worker:
    """Works in lanes: one for each conversation that has something to do."""

    def __init__(
        self,
        database: Database,
        post: Post,
        answering: turn.Answering,
        door: Door,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds_between: float = SECONDS_BETWEEN,
    ) -> None:
        """Keep what it works with.

        Args:
            database: The records.
            post: Sends what was put into the outbox.
            answering: Takes the turns.
            door: Where messages are taken in, ahead of everything that is done here.
            now: The present instant.
            seconds_between: How often it looks for what nobody woke it for: reminders, retries.
        """
        self.record = Recording(database)
        self._post, self._answering, self._door = post, answering, door
        self._now, self._seconds_between = now, seconds_between
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._turns = asyncio.Semaphore(TURNS_AT_ONCE)
        self._looking: asyncio.Task[None] | None = None
        self._stopping = False
        self._cleared_at: datetime | None = None

    async def start(self) -> None:
        """Begin; what an earlier run left behind comes first."""
        await self._post.start()
        self._looking = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """Let the turns under way end, for a few seconds; the rest waits in the records."""
        self._stopping = True
        if self._looking is not None:
            self._looking.cancel()
        if self._lanes:
            _, late = await asyncio.wait([*self._lanes.values()], timeout=SECONDS_TO_FINISH)
            for lane in late:
                lane.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._post.close()
        await self.record.close()

    def wake(self, conversation: str) -> None:
        """There is something to do in a conversation."""
        if self._stopping:
            return
        if conversation in self._lanes:
            self._woken.add(conversation)
            return
        lane = asyncio.create_task(self._lane(conversation))
        self._lanes[conversation] = lane

    async def _look(self) -> None:
        while True:
            try:
                found = await self.record(teams.waiting_conversations, now=self._now())
                for conversation in found:
                    if conversation not in self._lanes:
                        self.wake(conversation)
                await self._clear()
            except RecordsError as error:
                log.error("teams.records_unavailable %s", error)
            except Exception:
                log.exception("teams.look_failed")
            await asyncio.sleep(self._seconds_between)

    async def _clear(self) -> None:
        now = self._now()
        if self._cleared_at is None or now - self._cleared_at >= BETWEEN_CLEARING:
            await self.record(teams.forget_old, before=now - KEPT)
            self._cleared_at = now

    async def _lane(self, conversation: str) -> None:
        try:
            while not self._stopping:
                self._woken.discard(conversation)
                await self._door.quiet()
                await self._post.deliver(conversation)
                waiting = await self.record(teams.next_to_answer, conversation=conversation)
                if waiting is not None:
                    await self._answer(waiting)
                elif conversation not in self._woken:
                    return
        except RecordsError as error:
            log.error("teams.records_unavailable %s", error)
        except NotSentError as error:
            log.error("teams.not_sent cause=%s", error)
        except Exception:
            log.exception("teams.lane_failed")  # it is looked for again in a moment
        finally:
            self._lanes.pop(conversation, None)
            if conversation in self._woken:
                self.wake(conversation)

    async def _answer(self, waiting: Waiting) -> None:
        to = Address(waiting.service_url, waiting.conversation)
        answered = asyncio.Event()
        typing = asyncio.create_task(self._type(waiting, to, answered))
        try:
            card = await self._card(waiting)
            async with self._turns:
                await self._door.quiet()
                activities = await self._answering.answer(waiting, card)
            await self.record(teams_outbox.answer, waiting, activities, now=self._now())
        finally:
            answered.set()
            await typing  # a sign that came after the answer would stay on the screen

    async def _type(self, waiting: Waiting, to: Address, answered: asyncio.Event) -> None:
        """Show that an answer is on its way, at once and for as long as it is."""
        try:
            while waiting.kind not in WITHOUT_TYPING:
                await self._post.typing(to)
                with suppress(TimeoutError):
                    async with asyncio.timeout(SECONDS_OF_TYPING):
                        await answered.wait()
                        return
        except NotSentError as error:
            log.info("teams.not_shown cause=%s", error)

    async def _card(self, waiting: Waiting) -> Any:
        card = waiting.body.get("card") if waiting.kind == "tap" else None
        if not card:
            return None
        return await self.record(
            teams_outbox.card_sent_as, conversation=waiting.conversation, activity=card
        )
