"""What can go wrong with records, each in words that say what to do."""

from bot.databases.errors import (
    DatabaseBehindError,
    DatabaseUnavailableError,
    OtherDatabaseError,
    StorageError,
    UnstorableError,
)

__all__ = [
    "BrokenChainError",
    "DatabaseBehindError",
    "DatabaseUnavailableError",
    "KeyReusedError",
    "NotFoundError",
    "NotOpenError",
    "OtherDatabaseError",
    "RecordsError",
    "UnstorableError",
]

RecordsError = StorageError
"""Any refusal of the records or of their database; can be shown to an administrator."""


class NotFoundError(RecordsError):
    """There is no such record for this person; someone else's looks the same as none."""


class NotOpenError(RecordsError):
    """A draft or an alert that is already finished."""


class KeyReusedError(RecordsError):
    """An idempotency key that was used for something else, or by someone else."""


class BrokenChainError(RecordsError):
    """The audit trail was changed; `seq` is the first entry that does not fit."""

    def __init__(self, seq: int, reason: str) -> None:
        self.seq = seq
        self.reason = reason
        super().__init__(
            f"The audit trail is broken at entry {seq}: {reason}. "
            "Keep this database as it is and compare it with the last backup."
        )
