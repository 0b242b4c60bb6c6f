"""The postman: a process that sends to Microsoft, and writes down that it was sent.

It reads the settings and then one errand a line, and answers each with a line of its own. It ends
when the guide does, by itself: where nothing can be read any more, it finishes what is in hand. So
neither Ctrl-C nor the end of the service ends it, nor a guide that is killed. One postman at a time
sends for a home: that of the next guide waits until the last one has finished.

    python -m bot.channels.teams.posting.postman
"""

import asyncio
import json
import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.channels.teams.posting.connector import SECONDS_TO_ANSWER, Address, Connector, LaterError
from bot.channels.teams.posting.sending import NotSentError, Sending
from bot.channels.teams.posting.tokens import SECONDS_TO_WAIT, tokens_of
from bot.records.database import open_database
from bot.records.errors import RecordsError
from bot.settings import Settings, SettingsError
from bot.settings.alone import alone

log = logging.getLogger(__name__)

SECONDS_TO_FINISH = 2 * (SECONDS_TO_ANSWER + SECONDS_TO_WAIT)
"""A reply is sent twice at most once the guide has ended, each time with a token to be fetched."""
SECONDS_FOR_ALL = SECONDS_TO_FINISH + 10
"""Then it ends whatever happens: the next postman waits for it, and nobody is answered."""
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


class Errands:
    """Runs the errands of one guide, beside one another."""

    def __init__(self, settings: Settings, answers: int) -> None:
        """Open the records.

        Args:
            settings: Of the guide.
            answers: The descriptor of the pipe to the guide.

        Raises:
            RecordsError: They cannot be opened.
            SettingsError: The certificate of the bot cannot be read.
        """
        self._answers = answers
        self._ending = asyncio.Event()
        self._database = open_database(settings.database_url)
        connector = Connector(tokens_of(settings), settings.teams_hosts, sleep=self._pause)
        self._sending = Sending(self._database, connector)
        self._errands: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        """Run every errand, until nobody can give one any more; then finish what is in hand."""
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            try:
                errand = json.loads(line)
            except ValueError:  # the guide was killed in the middle of it
                break
            task = asyncio.create_task(self._run(errand))
            self._errands.add(task)
            task.add_done_callback(self._errands.discard)
        self._ending.set()
        end_at_last = threading.Timer(SECONDS_FOR_ALL, os._exit, [1])
        end_at_last.daemon = True
        end_at_last.start()
        self._sending.end()
        if self._errands:
            await asyncio.wait(self._errands, timeout=SECONDS_TO_FINISH)
        await self._sending.close()
        self._database.close()

    async def _run(self, errand: Mapping[str, Any]) -> None:
        trouble = None
        try:
            if "deliver" in errand:
                await self._sending.deliver(errand["deliver"])
            else:
                await self._sending.typing(Address(*errand["typing"]))
        except NotSentError as error:
            trouble = str(error)
        except Exception as error:
            log.exception("teams.errand_failed")
            trouble = type(error).__name__
        answer = json.dumps({"number": errand["number"], "trouble": trouble})
        with suppress(BrokenPipeError):  # the guide is gone
            os.write(self._answers, answer.encode() + b"\n")

    async def _pause(self, seconds: float) -> None:
        """Wait between two tries; the guide's end ends this too."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ending.wait()
                raise LaterError("the guide has ended")


async def work(settings: Settings, answers: int) -> None:
    """Be the postman of a guide; raises as `Errands`."""
    await Errands(settings, answers).work()


def main() -> None:
    """Read the settings, wait for the last postman to finish, and work."""
    for name in SIGNALS:
        if hasattr(signal, name):  # Windows has two of them
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may come between the answers
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"))
    try:
        settings: Settings = pickle.load(sys.stdin.buffer)
    except (EOFError, pickle.UnpicklingError):  # the guide was gone before it had said anything
        return
    lock = settings.home / "teams-postman.lock"
    try:
        with alone(lock, lambda: log.warning("teams.waiting_for_the_last_postman lock=%s", lock)):
            asyncio.run(work(settings, answers))
    except (RecordsError, SettingsError, OSError) as error:
        sys.exit(f"Nothing can be sent to Microsoft Teams: {error}")


if __name__ == "__main__":
    main()
