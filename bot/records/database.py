"""The one way in: open the records that are up to date, and hold one transaction at a time."""

from sqlalchemy import false, update

from bot.databases.database import Database, open_kind
from bot.records.migrate import RECORDS
from bot.records.tables import AuditHeadRow

__all__ = ["Database", "open_database"]


def open_database(url: str) -> Database:
    """Open the records for reading and writing.

    Raises:
        DatabaseUnavailableError: missing, not a database, or cannot be written.
        DatabaseBehindError: it needs `uv run escalate db upgrade`, or a newer program.
        OtherDatabaseError: it keeps something else.
    """
    return open_kind(url, RECORDS, trial=update(AuditHeadRow).where(false()).values(seq=0))
