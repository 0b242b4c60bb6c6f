"""Bring a database up to date, and say whether it is, and whether it is the right one."""

from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from bot.databases.engine import check_file, make_engine, named, parse_url, unavailable
from bot.databases.errors import DatabaseBehindError, OtherDatabaseError
from bot.databases.kind import VERSIONS, Kind


@dataclass(frozen=True)
class Revision:
    """Which migration a database has had last (none: empty), and which is the newest."""

    current: str | None
    head: str

    @property
    def behind(self) -> bool:
        """Whether they differ."""
        return self.current != self.head


def upgrade(url: str, kind: Kind) -> Revision:
    """Apply every migration that is missing, in one transaction; a second time does nothing.

    A missing SQLite file is made (readable by this user alone), its folder is not.

    Raises:
        DatabaseUnavailableError: it cannot be reached, made or written.
        DatabaseBehindError: it was made by a newer program.
        OtherDatabaseError: it keeps something else.
    """
    address = parse_url(url)
    check_file(address, setting=kind.setting)
    engine = make_engine(address)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": kind.lock})
            _refuse_other(connection, kind, named(address))
            _refuse_newer(connection, kind, named(address))
            config = _config(kind)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return revision(connection, kind)
    except DatabaseError as error:
        raise unavailable(address, error) from error
    finally:
        engine.dispose()


def revision(connection: Connection, kind: Kind) -> Revision:
    """Which migration this database has had last, and which is the newest."""
    head = ScriptDirectory.from_config(_config(kind)).get_current_head()
    if head is None:
        raise FileNotFoundError(f"{kind.migrations} has no migrations: the program is not whole.")
    context = MigrationContext.configure(connection, opts={"version_table": kind.version_table})
    return Revision(context.get_current_revision(), head)


def require_head(connection: Connection, kind: Kind, name: str) -> None:
    """Make sure that a database is of this kind and exactly up to date.

    Raises:
        DatabaseBehindError: it is not up to date, or newer than this program.
        OtherDatabaseError: it keeps something else.
    """
    _refuse_other(connection, kind, name)
    found = revision(connection, kind)
    if found.behind:
        _refuse_newer(connection, kind, name)
        raise DatabaseBehindError(
            f"The database {name} is at version {found.current or 'none'} and this program needs "
            f"{found.head}. Run: {kind.made_by}"
        )


def _refuse_other(connection: Connection, kind: Kind, name: str) -> None:
    for table in inspect(connection).get_table_names():
        if table.endswith(VERSIONS) and table != kind.version_table:
            raise OtherDatabaseError(
                f"The database {name} does not keep {kind.keeps}: its table {table} shows that it "
                f"keeps something else of this program. Set {kind.setting} to a database of its "
                "own. Nothing was written."
            )


def _refuse_newer(connection: Connection, kind: Kind, name: str) -> None:
    found = revision(connection, kind)
    known = {each.revision for each in ScriptDirectory.from_config(_config(kind)).walk_revisions()}
    if found.current is not None and found.current not in known:
        raise DatabaseBehindError(
            f"The database {name} is at version {found.current}, which is newer than this program "
            f"({found.head}). Install the newer program."
        )


def _config(kind: Kind) -> Config:
    config = Config()
    # Config reads % as the start of a variable
    config.set_main_option("script_location", str(kind.migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
