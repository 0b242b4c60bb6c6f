"""Whether the file of an open SQLite database is still there.

A program that has a file open goes on writing to it after it was removed, or another was put in its
place, and nobody ever finds what it wrote. So each transaction looks, and one that would write
there is refused. What is copied over the file, into the same place on the disk, is not noticed.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot.databases.errors import DatabaseUnavailableError


def insist_on_the_same_file(engine: Engine, path: Path) -> None:
    """Refuse connections and transactions, from the first on, once the file is not that one."""
    event.listen(engine, "do_connect", guard := _SameFile(path))
    event.listen(engine, "begin", guard)


class _SameFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: tuple[int, int] | None = None

    def __call__(self, *_: Any) -> None:
        """Remember the file the first time that it is there, and compare it at every other.

        Raises:
            DatabaseUnavailableError: it is gone, or another.
        """
        here = self._here()
        if self._opened is None:
            self._opened = here
        elif here is None:
            raise DatabaseUnavailableError(
                f"The database {self._path} cannot be found any more. Nothing was written. Put it "
                "back, or stop this program and restore the last backup."
            )
        elif here != self._opened:
            raise DatabaseUnavailableError(
                f"The database {self._path} is another file by now than the one that was opened. "
                "Nothing was written. Start this program again to use the file that is there now."
            )

    def _here(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:  # gone, or its folder cannot be read
            return None
        return found.st_dev, found.st_ino
