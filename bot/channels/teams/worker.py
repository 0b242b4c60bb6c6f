"""Answers what waits in the inbox and sends what waits in the outbox, in order in each chat.

Both lie in the records, so it does not matter when the program ends:

| it ends | then, after it has started again |
| --- | --- |
| before a message is in the inbox | Teams, which got no 202, sends the message again |
| during the turn | the turn is taken again; what it writes is guarded by the message's name |
| after the turn, before the outbox | the replies are read from the stored conversation |
| after the outbox, before Teams has them | they are sent |
| after Teams has one, before that is written down | that one is sent a second time |

The last cannot be helped: Teams takes no name by which it could tell that it has an activity. The
same holds where Teams answers nothing: it may have the activity or not, and it is sent again.

One program at a time may do this. Two would answer twice.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from bot.channels.sealed import TAP_LIFETIME
from bot.channels.teams import turn
from bot.channels.teams.connector import (
    Address,
    ClosedError,
    Connector,
    ConnectorError,
    LaterError,
    RefusedActivityError,
)
from bot.channels.teams.door import Door
from bot.records import teams, teams_outbox
from bot.records.database import Database
from bot.records.errors import RecordsError
from bot.records.teams import Waiting
from bot.records.teams_outbox import Outgoing

log = logging.getLogger(__name__)

SECONDS_BETWEEN = 2.0
SECONDS_OF_TYPING = 3.0
SECONDS_TO_FINISH = 10.0
TURNS_AT_ONCE = 1
"""A turn hardly ever waits for anything: more of them only keep the loop busy for longer."""
THREADS = 4
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""What lies between one try to send and the next; the try after the last pause is the last one."""
KEPT = TAP_LIFETIME + timedelta(days=1)
"""How long what was settled is kept: a card as long as its buttons can be tapped."""
BETWEEN_CLEARING = timedelta(hours=1)
WITHOUT_TYPING = ("elsewhere", "notice", "news")

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """Works in lanes: one for each conversation that has something to do."""

    def __init__(
        self,
        database: Database,
        connector: Connector,
        answering: turn.Answering,
        door: Door,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds_between: float = SECONDS_BETWEEN,
    ) -> None:
        """Keep what it works with.

        Args:
            database: The records.
            connector: Sends.
            answering: Takes the turns.
            door: Where messages are taken in, ahead of everything that is done here.
            now: The present instant.
            seconds_between: How often it looks for what nobody woke it for: reminders, retries.
        """
        self._database, self._connector, self._answering = database, connector, answering
        self._door = door
        self._now, self._seconds_between = now, seconds_between
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._turns = asyncio.Semaphore(TURNS_AT_ONCE)
        self._threads = ThreadPoolExecutor(THREADS, "teams-records")
        self._looking: asyncio.Task[None] | None = None
        self._stopping = False
        self._cleared_at: datetime | None = None
        self._unmarked: dict[int, str | None] = {}

    def start(self) -> None:
        """Begin; what an earlier run left behind comes first."""
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
        await asyncio.to_thread(self._threads.shutdown)

    def wake(self, conversation: str) -> None:
        """There is something to do in a conversation."""
        if self._stopping:
            return
        if conversation in self._lanes:
            self._woken.add(conversation)
            return
        lane = asyncio.create_task(self._lane(conversation))
        self._lanes[conversation] = lane

    async def record(
        self, do: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do something in one transaction, in a thread.

        Raises:
            RecordsError: It was not done.
        """

        def run() -> T:
            with self._database.session() as session:
                return do(session, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)

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
                await self._send_what_waits(conversation)
                waiting = await self.record(teams.next_to_answer, conversation=conversation)
                if waiting is not None:
                    await self._answer(waiting)
                elif conversation not in self._woken:
                    return
        except RecordsError as error:
            log.error("teams.records_unavailable %s", error)
        except Exception:
            log.exception("teams.lane_failed")  # it is looked for again in a moment
        finally:
            self._lanes.pop(conversation, None)
            if conversation in self._woken:
                self.wake(conversation)

    async def _answer(self, waiting: Waiting) -> None:
        to = Address(waiting.service_url, waiting.conversation)
        shown_once = asyncio.Event()
        typing = asyncio.create_task(self._type(waiting, to, shown_once))
        try:
            card = await self._card(waiting)
            async with self._turns:
                await self._door.quiet()
                activities = await self._answering.answer(waiting, card)
            await self.record(teams_outbox.answer, waiting, activities, now=self._now())
            await shown_once.wait()  # one that came after the answer would stay on the screen
        finally:
            typing.cancel()
            await asyncio.gather(typing, return_exceptions=True)

    async def _type(self, waiting: Waiting, to: Address, shown_once: asyncio.Event) -> None:
        try:
            while waiting.kind not in WITHOUT_TYPING:
                async with asyncio.timeout(SECONDS_OF_TYPING):
                    await self._connector.typing(to)
                shown_once.set()
                await asyncio.sleep(SECONDS_OF_TYPING)
        except (ConnectorError, TimeoutError) as error:
            log.info("teams.no_typing cause=%s", error)
        finally:
            shown_once.set()

    async def _card(self, waiting: Waiting) -> Any:
        card = waiting.body.get("card") if waiting.kind == "tap" else None
        if not card:
            return None
        return await self.record(
            teams_outbox.card_sent_as, conversation=waiting.conversation, activity=card
        )

    async def _send_what_waits(self, conversation: str) -> None:
        while not self._stopping:
            outgoing = await self.record(
                teams_outbox.next_to_send, conversation=conversation, now=self._now()
            )
            if outgoing is None or not await self._send(outgoing):
                return

    async def _send(self, outgoing: Outgoing) -> bool:
        """Send one activity and write down what became of it; whether the next may follow."""
        try:
            if outgoing.id not in self._unmarked:  # sent already, and the records were not there
                self._unmarked[outgoing.id] = await self._sent_as(outgoing)
        except LaterError as error:
            return await self._put_off(outgoing, error)
        except ClosedError as error:
            if outgoing.replaces is not None:  # the person deleted that card
                await self.record(teams_outbox.give_up, outgoing, error=str(error))
                return True
            log.warning("teams.closed cause=%s", error)
            await self.record(
                teams_outbox.give_up_conversation, outgoing, error=str(error), now=self._now()
            )
            return False
        except RefusedActivityError as error:
            await self._say_instead(outgoing, error)
            return True
        await self.record(
            teams_outbox.mark_sent, outgoing, sent_as=self._unmarked[outgoing.id], now=self._now()
        )
        del self._unmarked[outgoing.id]
        return True

    async def _sent_as(self, outgoing: Outgoing) -> str | None:
        to = Address(outgoing.service_url, outgoing.conversation)
        if outgoing.replaces is not None:
            await self._connector.replace(to, outgoing.replaces, outgoing.body)
            return None
        if outgoing.reply_to is None:
            return await self._connector.send(to, outgoing.body)
        try:
            return await self._connector.send(to, outgoing.body, reply_to=outgoing.reply_to)
        except ClosedError:
            # perhaps only the message is gone that this replies to
            return await self._connector.send(to, outgoing.body)

    async def _put_off(self, outgoing: Outgoing, error: LaterError) -> bool:
        if outgoing.attempt > len(PAUSES):
            log.error("teams.given_up activity=%s cause=%s", outgoing.id, error)
            await self.record(teams_outbox.give_up, outgoing, error=str(error))
            return True
        pause = max(PAUSES[outgoing.attempt - 1], timedelta(seconds=error.seconds or 0))
        log.warning("teams.put_off activity=%s cause=%s", outgoing.id, error)
        until = self._now() + pause
        await self.record(teams_outbox.put_off, outgoing, until=until, error=str(error))
        return False

    async def _say_instead(self, outgoing: Outgoing, error: RefusedActivityError) -> None:
        log.error("teams.refused activity=%s cause=%s", outgoing.id, error)
        instead = turn.as_text(turn.UNSHOWABLE)
        if outgoing.replaces is not None or outgoing.body == instead:
            await self.record(teams_outbox.give_up, outgoing, error=str(error))
            return
        await self.record(
            teams_outbox.put_instead, outgoing, instead, error=str(error), now=self._now()
        )
