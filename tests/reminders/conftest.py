"""Databases of one test, as the tests of the records have them, with cases that run out of time."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from bot.policy.library import Library, load_library
from bot.records.cases import StageEntry
from bot.records.database import Database
from bot.records.store import record_escalation
from bot.records.tables import PostRow
from bot.reminders.due import Pace
from bot.reminders.mail import Mailer
from bot.reminders.sweep import sweep

USUAL = Pace()
ROOT = Path(__file__).parents[2]
spec = spec_from_file_location("records_conftest", ROOT / "tests" / "records" / "conftest.py")
records = module_from_spec(spec)
spec.loader.exec_module(records)
engine_name, url, database = records.engine_name, records.url, records.database
sqlite_template, new_case, now = records.sqlite_template, records.new_case, records.now
postgresql_server, postgresql_template = records.postgresql_server, records.postgresql_template


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(ROOT / "policies")


@pytest.fixture
def recorded(database, new_case, library) -> Callable[..., str]:
    """Record a case with one running clock; its reference."""

    def record(due, policy="sandwell", person="person-1", **clock) -> str:
        known = library.get(policy)
        stage = known.stages[0]
        dated = {"due_at": due, "due_on": None} if isinstance(due, datetime) else {"due_on": due}
        new = new_case(
            policy_id=policy,
            policy_version=known.document.label,
            stage=StageEntry(stage=stage.id, label=stage.label, entered_on=date(2026, 11, 12)),
        )
        running = replace(new.clocks[0], stage=stage.id, **{**dated, **clock})
        new = replace(new, clocks=(running,), duties=())
        with database.session() as session:
            return record_escalation(
                session, key=uuid4().hex, person=person, now=datetime(2026, 11, 1, tzinfo=UTC),
                new=new,
            ).reference  # fmt: skip

    return record


@pytest.fixture
def sweep_at(database, library) -> Callable[..., object]:
    """One sweep at a moment."""

    def run(moment, mailer=None, pace=USUAL):
        return sweep(database, library, tell_time=lambda: moment, pace=pace, mailer=mailer)

    return run


@pytest.fixture
def posts(database: Database) -> Callable[[], list[PostRow]]:
    """The outbox in the order in which it was filled."""

    def read() -> list[PostRow]:
        with database.reading() as session:
            return list(session.query(PostRow).order_by(PostRow.id))

    return read


class Office:
    """A mail server of our own: what it took, and how it behaves."""

    def __init__(self) -> None:
        self.taken: list = []
        self.refused: set[str] = set()
        self.refusal = "550 no mailbox {address} here"
        self.wait: Callable[[], None] = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return self.refusal.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.wait()
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def open_office(office) -> Iterator[Callable[..., Mailer]]:
    """Open the mail server and give a mailer that speaks to it."""
    controllers = []

    def begin(**how) -> Mailer:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(office, hostname="127.0.0.1", port=port, **how)
        controller.start()
        controllers.append(controller)
        return Mailer(
            host="127.0.0.1", port=port, security="none", sender="guide@escalation.example"
        )

    yield begin
    for controller in controllers:
        controller.stop()


@pytest.fixture
def mailer(open_office) -> Mailer:
    return open_office()
