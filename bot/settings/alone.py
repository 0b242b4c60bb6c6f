"""One process at a time: what home is used for by one program, no other does meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import portalocker
from portalocker import LockFlags


@contextmanager
def alone(lock: Path, waits: Callable[[], None]) -> Iterator[None]:
    """Let no other process in that asks for the same lock; one that is killed lets go of it.

    The locked file stays: after its removal two processes could each hold a lock of that name.

    Args:
        lock: The file.
        waits: Called once if another process is in there, and has to end first.
    """
    with lock.open("a") as file:
        try:
            portalocker.lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
        except portalocker.AlreadyLocked:
            waits()
            portalocker.lock(file, LockFlags.EXCLUSIVE)
        yield
