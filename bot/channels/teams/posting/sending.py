"""What waits in the outbox is sent, in order in each chat, and marked as sent.

| the program ends | then, after it has started again |
| --- | --- |
| before Teams has an activity | that one is sent |
| after Teams has one, before that is written down | that one is sent a second time |

The last cannot be helped: Teams takes no name by which it could tell that it has an activity. The
same holds where Teams answers nothing: it may have the activity or not, and it is sent again. So
this is done in a process of its own (`postman.py`), where nothing else comes between the two.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.channels.teams.fixed import UNSHOWABLE, as_text
from bot.channels.teams.posting.connector import (
    Address,
    ClosedError,
    Connector,
    ConnectorError,
    LaterError,
    RefusedActivityError,
)
from bot.channels.teams.recording import Recording
from bot.records import teams_outbox
from bot.records.database import Database
from bot.records.errors import RecordsError
from bot.records.teams_outbox import Outgoing

log = logging.getLogger(__name__)

SECONDS_OF_TYPING = 3.0
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


class NotSentError(Exception):
    """Nothing could be sent now, or shown. What waits still waits. Says why, for the log."""


class Sending:
    """Sends what waits, and says that an answer is on its way."""

    def __init__(
        self,
        database: Database,
        connector: Connector,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Keep what it works with.

        Args:
            database: The records.
            connector: Speaks to Microsoft.
            now: The present instant.
        """
        self._record, self._connector, self._now = Recording(database), connector, now
        self._ending = False
        self._unmarked: dict[int, str | None] = {}

    async def start(self) -> None:
        """Nothing is needed before the first errand."""

    async def deliver(self, conversation: str) -> None:
        """Send what waits for a conversation, until nothing does or Teams takes no more now.

        Raises:
            NotSentError: The records cannot be used.
        """
        try:
            while not self._ending:
                outgoing = await self._record(
                    teams_outbox.next_to_send, conversation=conversation, now=self._now()
                )
                if outgoing is None or not await self._send(outgoing):
                    return
        except RecordsError as error:
            raise NotSentError(str(error)) from error

    async def typing(self, to: Address) -> None:
        """Show for a few seconds that an answer is on its way.

        Raises:
            NotSentError: It could not be shown, or not in time to be of use.
        """
        try:
            async with asyncio.timeout(SECONDS_OF_TYPING):
                await self._connector.typing(to)
        except (ConnectorError, TimeoutError) as error:
            raise NotSentError(f"no typing: {error or type(error).__name__}") from error

    def end(self) -> None:
        """Send nothing after the activities in hand."""
        self._ending = True

    async def close(self) -> None:
        """Let go of the connections and the threads."""
        await self._connector.close()
        await self._record.close()

    async def _send(self, outgoing: Outgoing) -> bool:
        """Send one activity and write down what became of it; whether the next may follow."""
        try:
            if outgoing.id not in self._unmarked:  # sent already, and the records were not there
                self._unmarked[outgoing.id] = await self._sent_as(outgoing)
        except LaterError as error:
            return await self._put_off(outgoing, error)
        except ClosedError as error:
            if outgoing.replaces is not None:  # the person deleted that card
                await self._record(teams_outbox.give_up, outgoing, error=str(error))
                return True
            log.warning("teams.closed cause=%s", error)
            await self._record(
                teams_outbox.give_up_conversation, outgoing, error=str(error), now=self._now()
            )
            return False
        except RefusedActivityError as error:
            await self._say_instead(outgoing, error)
            return True
        await self._record(
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
            await self._record(teams_outbox.give_up, outgoing, error=str(error))
            return True
        pause = max(PAUSES[outgoing.attempt - 1], timedelta(seconds=error.seconds or 0))
        log.warning("teams.put_off activity=%s cause=%s", outgoing.id, error)
        until = self._now() + pause
        await self._record(teams_outbox.put_off, outgoing, until=until, error=str(error))
        return False

    async def _say_instead(self, outgoing: Outgoing, error: RefusedActivityError) -> None:
        log.error("teams.refused activity=%s cause=%s", outgoing.id, error)
        instead = as_text(UNSHOWABLE)
        if outgoing.replaces is not None or outgoing.body == instead:
            await self._record(teams_outbox.give_up, outgoing, error=str(error))
            return
        await self._record(
            teams_outbox.put_instead, outgoing, instead, error=str(error), now=self._now()
        )
