"""The records as the loop sees them: each transaction is done in a thread, and waited for."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from bot.records.database import Database

THREADS = 4

P = ParamSpec("P")
T = TypeVar("T")


class Recording:
    """Does what it is given in a transaction, and hands back what came of it."""

    def __init__(self, database: Database) -> None:
        """Keep the records."""
        self._database = database
        self._threads = ThreadPoolExecutor(THREADS, "teams-records")

    async def __call__(
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

    async def close(self) -> None:
        """End the threads, after what they are writing."""
        await asyncio.to_thread(self._threads.shutdown)
