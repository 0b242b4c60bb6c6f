"""An SQLAlchemy engine for SQLite or PostgreSQL, set up for what must not be lost."""

import os
import sqlite3
import stat
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, IntegrityError

from bot.databases.errors import DatabaseUnavailableError
from bot.databases.same_file import insist_on_the_same_file

WAIT_SECONDS = 10
"""How long a writer waits for another before it gives up."""


def parse_url(url: str) -> URL:
    """The address of a database.

    Raises:
        DatabaseUnavailableError: not an address, another kind of database, or SQLite in memory.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnavailableError(f"This is not a database address: {error}") from error
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseUnavailableError(
            f"The database address starts with {address.drivername}://. "
            "Allowed: sqlite:////folder/file.db or postgresql://user@host/database."
        )
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise DatabaseUnavailableError(
            "SQLite in memory forgets everything. Name a file: sqlite:////folder/file.db"
        )
    return address


def make_engine(address: URL) -> Engine:
    """An engine; nothing is connected yet. Whoever makes it disposes of it.

    What a failed statement was to write is left out of the error: errors go into the log.
    """
    if address.get_backend_name() == "sqlite":
        engine = create_engine(
            address, hide_parameters=True, connect_args={"timeout": WAIT_SECONDS}
        )
        path = sqlite_file(address)
        if path is not None:
            insist_on_the_same_file(engine, path)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(
            address,
            hide_parameters=True,
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            connect_args={"connect_timeout": WAIT_SECONDS},
        )
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def reading_only(engine: Engine) -> Engine:
    """The same engine and pool, in transactions that cannot write and see one moment."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def named(address: URL) -> str:
    """How to name a database to people: its file, or its address without the password."""
    path = sqlite_file(address)
    return address.render_as_string(hide_password=True) if path is None else str(path)


def sqlite_file(address: URL) -> Path | None:
    """The file of an SQLite database, absolute; none for PostgreSQL."""
    if address.get_backend_name() != "sqlite" or address.database is None:
        return None
    return Path(address.database.removeprefix("file:")).absolute()


def check_file(address: URL, *, setting: str, made_by: str | None = None) -> None:
    """Refuse an SQLite file that cannot be one; a missing one is made, for us alone.

    Args:
        address: of any database; PostgreSQL has no file to check.
        setting: the variable that the address comes from.
        made_by: the command that makes a missing file; then it is refused here, and not made.

    Raises:
        DatabaseUnavailableError: names the file, and says what to do.
    """
    path = sqlite_file(address)
    if path is None:
        return
    # asked once: another program may be making the file at this moment
    kind = stat.S_IFMT(path.stat().st_mode) if path.exists() else None
    if kind == stat.S_IFREG:
        return
    if kind is not None:
        raise DatabaseUnavailableError(f"{path} is a folder or a device. Name a database file.")
    if not path.parent.is_dir():
        raise DatabaseUnavailableError(
            f"The folder of {path} does not exist. Make it, or set {setting}."
        )
    if made_by is not None:
        raise DatabaseUnavailableError(f"There is no database at {path}. Make it with: {made_by}")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseUnavailableError(
            f"{path} cannot be made: {error.strerror}. Set {setting} to a file in a "
            "folder that you may write to."
        ) from error


def require_writable(url: str, *, setting: str) -> None:
    """Make sure that a database takes writes; a missing SQLite file is made. Nothing is kept.

    Raises:
        DatabaseUnavailableError: it cannot be made, reached or written; says what to do.
    """
    address = parse_url(url)
    check_file(address, setting=setting)
    engine = make_engine(address)
    try:
        with engine.connect() as connection, connection.begin() as trial:
            connection.execute(text("CREATE TABLE trial_of_writing (id INTEGER)"))
            trial.rollback()
    except DatabaseError as error:
        raise unavailable(address, error) from error
    finally:
        engine.dispose()


def refused_by_rule(error: DBAPIError) -> bool:
    """Whether a constraint or trigger of our own tables refused what was to be written."""
    raised_by_trigger = "P0001"  # PostgreSQL's RAISE; SQLite's is an IntegrityError
    return (
        isinstance(error, IntegrityError)
        or getattr(error.orig, "pgcode", None) == raised_by_trigger
    )


def unavailable(
    address: URL, error: DBAPIError, *, waited: float | None = None
) -> DatabaseUnavailableError:
    """What a fault of the driver means, naming the database; `waited` is in seconds."""
    cause = str(error.orig).strip()
    if "readonly" in cause or "read-only" in cause:
        advice = "It can only be read. Give this user the right to write to it and to its folder"
    elif "locked" in cause or "lock timeout" in cause:
        seconds = WAIT_SECONDS if waited is None else waited
        unit = "second" if seconds == 1 else "seconds"
        advice = f"Another program held it for {seconds:g} {unit}. Nothing was written; repeat"
    elif "malformed" in cause or "not a database" in cause:
        advice = "Nothing was written. Keep the file as it is and restore the last backup"
    else:
        advice = "Nothing was written. Check that it is there and that this user may use it"
    return DatabaseUnavailableError(f"The database {named(address)}: {cause}. {advice}.")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # the driver would begin its own deferred transactions, late: we say BEGIN ourselves
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
        cursor.execute("PRAGMA foreign_keys = ON")
        _switch_to_wal(cursor)
        # WAL with NORMAL may lose the last commits at a power cut
        cursor.execute("PRAGMA synchronous = FULL")
    finally:
        cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    # SQLite does not apply busy_timeout to this one statement: a new file opened by two at once
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            if mode != "wal":
                raise sqlite3.OperationalError(f"the folder allows journal mode {mode}, not WAL")
            return


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    patience = connection.get_execution_options().get("patience", WAIT_SECONDS)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    # said every time: the pool hands on what the transaction before was told
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(patience)}")
    # a transaction that reads first and writes later could find itself overtaken
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    patience = connection.get_execution_options().get("patience")
    if patience is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_milliseconds(patience)}ms'")


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))  # PostgreSQL takes 0 for "wait for ever"
