"""The one way in: open a database that is up to date, and hold one transaction at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import URL, Engine, Executable
from sqlalchemy.exc import DatabaseError, InterfaceError
from sqlalchemy.orm import Session

from bot.databases.engine import (
    check_file,
    make_engine,
    named,
    parse_url,
    reading_only,
    refused_by_rule,
    unavailable,
)
from bot.databases.kind import Kind
from bot.databases.migrate import require_head


class Database:
    """An open database; close it, or use it in a `with` statement. Threads may share it."""

    def __init__(self, address: URL, engine: Engine) -> None:
        self._address = address
        self._writing = engine
        self._reading = reading_only(engine)

    @property
    def name(self) -> str:
        """How to name it to people: the file, or the address without the password."""
        return named(self._address)

    @contextmanager
    def session(self, patience: float | None = None) -> Iterator[Session]:
        """One transaction that may write: committed at the end, undone on any exception.

        Only once this has ended without an exception is anything recorded.

        Args:
            patience: how many seconds it may wait for each lock that another writer holds;
                `engine.WAIT_SECONDS` unless told. Advice at risk is not kept waiting.

        Raises:
            DatabaseUnavailableError: it cannot be reached or written, or stays locked.
        """
        with self._transaction(self._writing, patience) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that sees one moment, never waits for writers and cannot write.

        Raises:
            DatabaseUnavailableError: it cannot be reached or read.
        """
        with self._transaction(self._reading) as session:
            yield session

    @contextmanager
    def _transaction(self, engine: Engine, patience: float | None = None) -> Iterator[Session]:
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                if patience is not None:
                    session.connection(execution_options={"patience": patience})
                yield session
        except (DatabaseError, InterfaceError) as error:
            if refused_by_rule(error):  # what was to be written is wrong, not the database
                raise
            raise unavailable(self._address, error, waited=patience) from error

    def close(self) -> None:
        """Let go of every connection."""
        self._writing.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_kind(url: str, kind: Kind, *, trial: Executable) -> Database:
    """Open a database of this kind for reading and writing.

    Args:
        url: where it is.
        kind: what it has to be.
        trial: writes nothing, but is refused where writing is: before anyone has typed a word.

    Raises:
        DatabaseUnavailableError: missing, not a database, or cannot be written.
        DatabaseBehindError: it needs to be brought up to date, or a newer program.
        OtherDatabaseError: it keeps something else.
    """
    address = parse_url(url)
    check_file(address, setting=kind.setting, made_by=kind.made_by)
    engine = make_engine(address)
    try:
        with engine.begin() as connection:
            require_head(connection, kind, named(address))
            connection.execute(trial)
    except DatabaseError as error:
        engine.dispose()
        raise unavailable(address, error) from error
    except BaseException:
        engine.dispose()
        raise
    return Database(address, engine)
