"""Bring the records' database up to date.

The migrations lie in this package and need no alembic.ini and no current folder.
"""

from pathlib import Path

from bot.databases.kind import VERSIONS, Kind
from bot.databases.migrate import Revision
from bot.databases.migrate import upgrade as upgrade_kind

MIGRATIONS = Path(__file__).parent / "migrations"
RECORDS = Kind(
    keeps="the records",
    setting="ESCALATE_DATABASE_URL",
    made_by="uv run escalate db upgrade",
    migrations=MIGRATIONS,
    version_table=VERSIONS,
    lock=6_710_886,
)


def upgrade(url: str) -> Revision:
    """Apply every migration that is missing, in one transaction; a second time does nothing.

    A missing SQLite file is made (readable by this user alone), its folder is not.

    Raises:
        DatabaseUnavailableError: it cannot be reached, made or written.
        DatabaseBehindError: it was made by a newer program.
        OtherDatabaseError: it keeps something else.
    """
    return upgrade_kind(url, RECORDS)
