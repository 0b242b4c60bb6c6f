"""The guide's side of the post: says what is to be sent, and hears when that is done.

The postman is a process of its own. The guide thinks, and has its loop to itself meanwhile; between
a reply that Microsoft has and the record of that, nothing must think. And if the guide is killed,
the postman finishes what it has in hand, so that what was sent is known to have been sent.
"""

import asyncio
import itertools
import json
import logging
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from typing import Any, Protocol

from bot.channels.teams.posting.connector import Address
from bot.channels.teams.posting.sending import SECONDS_OF_TYPING, NotSentError
from bot.settings import Settings

log = logging.getLogger(__name__)

POSTMAN = "bot.channels.teams.posting.postman"
SECONDS_TO_FINISH = 10.0
"""How long the guide waits at its end. A postman that needs longer ends by itself."""


class Post(Protocol):
    """Sends what was put into the outbox: `Postman`, or `Sending` in the same process."""

    async def start(self) -> None:
        """Be ready; what cannot be made ready now is tried again at the first errand."""

    async def deliver(self, conversation: str) -> None:
        """Send what waits for a conversation; raises `NotSentError`."""

    async def typing(self, to: Address) -> None:
        """Show for a few seconds that an answer is on its way; raises `NotSentError`."""

    async def close(self) -> None:
        """Finish what is in hand, and nothing else."""


class Postman:
    """The postman as the guide sees it: called at the start, and again whenever it is gone."""

    def __init__(self, settings: Settings) -> None:
        """Keep what the postman has to know."""
        self._settings = settings
        self._process: Process | None = None
        self._calling = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[str | None]] = {}

    async def start(self) -> None:
        """Call the postman, so that the first reply does not wait for it."""
        try:
            async with self._calling:
                await self._called()
        except OSError as error:
            log.error("teams.no_postman cause=%s", error)

    async def deliver(self, conversation: str) -> None:
        """Have sent what waits for a conversation.

        Raises:
            NotSentError: It was not sent: what waits still waits.
        """
        await self._done({"deliver": conversation})

    async def typing(self, to: Address) -> None:
        """Have it shown for a few seconds that an answer is on its way.

        Raises:
            NotSentError: It could not be shown, or not in time to be of use.
        """
        try:
            async with asyncio.timeout(SECONDS_OF_TYPING + 1):
                await self._done({"typing": [to.service_url, to.conversation]})
        except TimeoutError as error:
            raise NotSentError("no typing: the postman is busy") from error

    async def close(self) -> None:
        """Let the postman finish what is in hand; it ends when nobody can call it any more."""
        if self._process is None or self._process.stdin is None:
            return
        self._process.stdin.close()
        if self._listening is not None:
            await asyncio.wait([self._listening], timeout=SECONDS_TO_FINISH)

    async def _done(self, errand: Mapping[str, Any]) -> None:
        number = next(self._numbers)
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        try:
            async with self._calling:
                process = self._process or await self._called()
                self._answers[number] = answer
                await _write(process, json.dumps({"number": number, **errand}).encode() + b"\n")
            trouble = await answer
        except OSError as error:
            raise NotSentError(f"the postman cannot be called: {error}") from error
        finally:
            self._answers.pop(number, None)
        if trouble is not None:
            raise NotSentError(trouble)

    async def _called(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", POSTMAN, stdin=PIPE, stdout=PIPE
        )
        self._process = process
        self._listening = asyncio.create_task(self._listen(process))
        # our own settings to our own program, through a pipe that nobody else holds
        await _write(process, pickle.dumps(self._settings))
        return process

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None and process.stdin is not None
        why = "the postman is not understood"
        try:
            async for line in process.stdout:
                told = json.loads(line)
                self._answer(told["number"], told["trouble"])
            code = await process.wait()
            why = f"the postman has ended with the code {code}"
            if code != 0:
                log.error("teams.postman_gone code=%s", code)
        finally:
            process.stdin.close()
            self._process = None
            for number in self._answers:
                self._answer(number, why)

    def _answer(self, number: int, trouble: str | None) -> None:
        answer = self._answers.get(number)
        if answer is not None and not answer.done():
            answer.set_result(trouble)


async def _write(process: Process, what: bytes) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(what)
        await process.stdin.drain()
    except RuntimeError as error:  # uvloop's word for a pipe that is closed
        raise ConnectionResetError(str(error)) from error
