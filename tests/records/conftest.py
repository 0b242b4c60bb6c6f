"""Databases of one test: a file, and a PostgreSQL database of its own that is dropped again."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from bot.records.cases import Answer, Clock, Duty, NewEscalation, Participant, StageEntry
from bot.records.database import Database, open_database
from bot.records.migrate import upgrade

SERVER = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432")


@cache
def server() -> Engine:
    """The server outside any database of a test; one connection for them all."""
    return create_engine(
        f"{SERVER}/postgres", isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3}
    )


def run_on_server(*statements: str) -> None:
    with server().connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    try:
        run_on_server("SELECT 1")
    except OperationalError as error:
        reason = f"no PostgreSQL at {SERVER}: {error.orig}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return SERVER


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    name = f"escalate_test_{uuid4().hex[:12]}"
    run_on_server(f"CREATE DATABASE {name}")
    try:
        upgrade(f"{postgresql_server}/{name}")
        yield name
    finally:
        run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"escalate_test_{uuid4().hex[:12]}"
    run_on_server(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an up-to-date database with nothing in it."""
    if engine_name == "sqlite":
        path = tmp_path / "escalations.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgresql_template")
    name = f"escalate_test_{uuid4().hex[:12]}"
    run_on_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{SERVER}/{name}"
    run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with open_database(url) as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 12, 16, 30, tzinfo=UTC)


@pytest.fixture
def new_case(now: datetime) -> Callable[..., NewEscalation]:
    """An escalation as the walk would hand it over; name the fields that should differ."""
    case = NewEscalation(
        policy_id="invented",
        policy_version="2026-01",
        policy_hash="ab" * 32,
        subject="child",
        side="raising",
        raised_on=date(2026, 11, 12),
        area="thresholds",
        summary="We do not agree about the next step – “not yet”.",
        stage=StageEntry(stage="one", label="Stage 1", entered_on=date(2026, 11, 12)),
        clocks=(
            Clock(
                stage="one",
                key="reply",
                what="Reply to the concern",
                owner="The manager challenged",
                event="raised",
                event_at=now,
                due_on=date(2026, 11, 19),
                words="within 5 working days",
                strength="must",
                basis="stated",
                indicative=False,
                convention="Day 1 is the first working day after the event.",
                citation="4.2, page 7",
                status="running",
            ),
            Clock(
                stage="one",
                key="urgent-reply",
                what="Reply when urgent",
                owner="The manager challenged",
                event="raised",
                due_at=datetime(2026, 11, 14, 16, 30, tzinfo=UTC),
                words="within 48 hours",
                strength="should",
                basis="inferred",
                indicative=True,
                status="not_started",
            ),
        ),
        duties=(
            Duty(
                key="write-down",
                kind="record",
                strength="must",
                who="You",
                to_whom="the child's record",
                what="Write down what was agreed",
                stage="one",
                citation="4.3",
            ),
        ),
        answers=(
            Answer(fact="spoken", value=True, said_at=now),
            Answer(fact="stage", value="one", said_at=now),
        ),
        participants=(
            Participant(role="designated safeguarding lead", side="raising", agency="School"),
            Participant(role="team manager", side="challenged"),
        ),
    )

    def change(**fields: Any) -> NewEscalation:
        return replace(case, **fields)

    return change


@pytest.fixture
def counts() -> Callable[[Database], dict[str, int]]:
    """How many rows each table has."""

    def count(database: Database) -> dict[str, int]:
        tables = ("escalation", "clock", "answer", "audit_entry", "idempotency", "risk_alert")
        with database.reading() as session:
            return {
                table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                for table in tables
            }

    return count
