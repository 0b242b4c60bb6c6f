"""One turn at a time for each person, finished even when the browser goes away."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bot.channels.refusal import CALL_999, RefusedError

MOST_WAITING = 8
SENDERS_REMEMBERED = 2_000
IDS_REMEMBERED = 500

TOO_MANY = (
    "You have sent several messages and the first is still being answered. "
    f"Wait for the answer, then send this one again. {CALL_999}"
)
T = TypeVar("T")


@dataclass
class Place:
    """Where one sender stands.

    Attributes:
        answered: Ids of messages that this process has answered, the oldest first.
        looked_back: Whether the stored conversation was searched for older ids.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    answered: OrderedDict[str, None] = field(default_factory=OrderedDict)
    looked_back: bool = False

    def remember(self, message_id: str) -> None:
        """Note that a message was answered."""
        self.answered[message_id] = None
        while len(self.answered) > IDS_REMEMBERED:
            self.answered.popitem(last=False)
            self.looked_back = False  # what we forget here, the stored conversation still knows


class Turns:
    """The places of all senders and the turns under way."""

    def __init__(self) -> None:
        self._places: OrderedDict[str, Place] = OrderedDict()
        self._under_way: set[asyncio.Task[object]] = set()

    async def finish(self, turn: Callable[[], Awaitable[T]]) -> T:
        """Run a turn to its end, whatever becomes of the one who waits for it."""

        async def run() -> T:
            return await turn()

        task = asyncio.create_task(run())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def drain(self, seconds: float) -> None:
        """Wait for the turns under way, before the server stops."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)

    @asynccontextmanager
    async def of(self, sender: str, *, urgent: bool = False) -> AsyncIterator[Place]:
        """This sender's place, held alone; others of the same sender wait in order.

        An `urgent` message is taken however many are waiting.

        Raises:
            RefusedError: 429 when too many are waiting already.
        """
        place = self._places.setdefault(sender, Place())
        self._places.move_to_end(sender)
        if place.waiting >= MOST_WAITING and not urgent:
            raise RefusedError(429, TOO_MANY)
        place.waiting += 1
        try:
            async with place.lock:
                yield place
        finally:
            place.waiting -= 1
            self._forget_idle()

    def _forget_idle(self) -> None:
        excess = len(self._places) - SENDERS_REMEMBERED
        if excess > 0:
            idle = [sender for sender, place in self._places.items() if place.waiting == 0]
            for sender in idle[:excess]:
                del self._places[sender]
