"""Bring a database up to date, and say whether it is.

The migrations lie in this package and need no alembic.ini and no current folder.
"""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from bot.records.engine import check_file, make_engine, named, parse_url, unavailable
from bot.records.errors import DatabaseBehindError

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 6_710_886
"""The PostgreSQL advisory lock that two programs upgrading at once take in turn."""


@dataclass(frozen=True)
class Revision:
    """Which migration a database has had last (none: empty), and which is the newest."""

    current: str | None
    head: str

    @property
    def behind(self) -> bool:
        """Whether they differ."""
        return self.current != self.head


def upgrade(url: str) -> Revision:
    """Apply every migration that is missing, in one transaction; a second time does nothing.

    A missing SQLite file is made (readable by this user alone), its folder is not.

    Raises:
        DatabaseUnavailableError: it cannot be reached, made or written.
        DatabaseBehindError: it was made by a newer program.
    """
    address = parse_url(url)
    check_file(address, make=True)
    engine = make_engine(address)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK}
                )
            _refuse_newer(connection, named(address))
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return revision(connection)
    except DatabaseError as error:
        raise unavailable(address, error) from error
    finally:
        engine.dispose()


def revision(connection: Connection) -> Revision:
    """Which migration this database has had last, and which is the newest."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise FileNotFoundError(f"{MIGRATIONS} has no migrations: the program is not whole.")
    return Revision(MigrationContext.configure(connection).get_current_revision(), head)


def require_head(connection: Connection, name: str) -> None:
    """Raise `DatabaseBehindError` unless the database is exactly up to date."""
    found = revision(connection)
    if found.behind:
        _refuse_newer(connection, name)
        raise DatabaseBehindError(
            f"The database {name} is at version {found.current or 'none'} and this program needs "
            f"{found.head}. Run: uv run escalate db upgrade"
        )


def _refuse_newer(connection: Connection, name: str) -> None:
    found = revision(connection)
    known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found.current is not None and found.current not in known:
        raise DatabaseBehindError(
            f"The database {name} is at version {found.current}, which is newer than this program "
            f"({found.head}). Install the newer program."
        )


def _config() -> Config:
    config = Config()
    # Config reads % as the start of a variable
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
