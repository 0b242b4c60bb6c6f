"""Two sweepers at once, in programs of their own, killed again and again."""

import multiprocessing
import random
import threading
import time
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from bot.policy.library import Library
from bot.records.database import open_database
from bot.records.mailboxes import choose_mail
from bot.records.post import notices_for
from bot.records.tables import ClockRow, EscalationRow
from bot.reminders import outbox
from bot.reminders.due import Pace
from bot.reminders.hours import hours_of
from bot.reminders.outbox import LEASE
from bot.reminders.sweep import sweep

MANY = 1000
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LOG = {
    "sqlite": (
        "CREATE TABLE delivery (post INTEGER, writer INTEGER)",
        """CREATE TRIGGER delivered AFTER UPDATE ON post WHEN NEW.status = 'sent'
        BEGIN INSERT INTO delivery VALUES (NEW.id, 0); END""",
    ),
    "postgresql": (
        "CREATE TABLE delivery (post INTEGER, writer INTEGER)",
        """CREATE FUNCTION delivered() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO delivery VALUES (NEW.id, pg_backend_pid()); RETURN NEW; END $$""",
        """CREATE TRIGGER delivered AFTER UPDATE ON post FOR EACH ROW
        WHEN (NEW.status = 'sent') EXECUTE FUNCTION delivered()""",
    ),
}
"""Writes down every delivery that was committed, so that one that happened twice is seen."""
fork = multiprocessing.get_context("fork")


@pytest.fixture
def engine_name() -> str:
    return "postgresql"  # SQLite lets one writer in at a time: see the test of its own below


def fill(database, policy, how_many=MANY, person="person-1"):
    """Cases with one clock each that is due tomorrow."""
    stage = policy.stages[0].id
    with database.session() as session:
        for statement in LOG[session.connection().dialect.name]:
            session.execute(text(statement))
        session.add_all(
            EscalationRow(
                id=f"case-{n}", reference=f"ESC-2026-{n:04}", person=person,
                policy_id=policy.id, policy_version=policy.document.label, policy_hash="ab",
                subject="child", side="raising", status="open", raised_on=date(2026, 11, 12),
                created_at=NOW,
                clocks=[
                    ClockRow(
                        stage=stage, key="reply", what="reply", owner="manager", event="told",
                        due_on=date(2026, 11, 19), words="5 working days", strength="should",
                        basis="stated", indicative=False, status="running",
                    )
                ],
            )
            for n in range(how_many)
        )  # fmt: skip


def deliveries(database):
    with database.reading() as session:
        return list(session.scalars(text("SELECT post FROM delivery")))


def sweep_until_killed(url, library):
    """A sweeper with small batches, so that there are many points to be killed at."""
    outbox.BATCH = 10
    with open_database(url) as database:
        while True:
            sweep(database, library, tell_time=lambda: NOW, pace=Pace(), mailer=None)


def settled(database):
    with database.reading() as session:
        return session.scalar(text("SELECT count(*) FROM post WHERE status = 'sent'"))


def delivered_once(database):
    found = deliveries(database)
    assert len(found) == len(set(found)) == MANY
    with database.reading() as session:
        assert len(notices_for(session, person="person-1")) == MANY
        assert session.scalar(text("SELECT count(*) FROM post")) == MANY


def test_a_thousand_reminders_are_delivered_once_while_sweepers_are_killed_again_and_again(
    url, database, library
):
    fill(database, library.get("sandwell"))
    hours_of(library.get("sandwell")).open_at(NOW)  # bank holidays are read once, before forking
    luck = random.Random(20261118)
    few = Library({"sandwell": library.versions["sandwell"]})

    def start():
        sweeper = fork.Process(target=sweep_until_killed, args=(url, few), daemon=True)
        sweeper.start()
        return sweeper

    sweepers, kills, next_kill = [start(), start()], 0, 20
    until = time.monotonic() + 120  # a busy machine; a few seconds otherwise
    try:
        while (sent := settled(database)) < MANY:
            assert time.monotonic() < until
            assert all(sweeper.is_alive() for sweeper in sweepers)
            if sent >= next_kill:
                time.sleep(luck.uniform(0, 0.02))
                victim = luck.randrange(2)
                sweepers[victim].kill()
                sweepers[victim].join()
                sweepers[victim] = start()
                kills, next_kill = kills + 1, sent + luck.randint(20, 120)
    finally:
        for sweeper in sweepers:
            sweeper.kill()
            sweeper.join()
    delivered_once(database)
    with database.reading() as session:
        writers = session.scalar(text("SELECT count(DISTINCT writer) FROM delivery"))
    assert kills > 3
    assert writers > 1


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_sweepers_in_threads_deliver_once_on_both_databases(url, database, library, engine_name):
    fill(database, library.get("sandwell"))
    failed = []

    def run():
        try:
            sweep(database, library, tell_time=lambda: NOW, pace=Pace(), mailer=None)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    delivered_once(database)


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_a_sender_killed_in_the_middle_of_a_mail_leaves_it_to_the_next(
    url, database, library, open_office, office, engine_name
):
    fill(database, library.get("sandwell"), how_many=3)
    with database.session() as session:
        choose_mail(session, person="person-1", address="me@school.example", now=NOW)
    mailer = open_office()
    arrived, go_on = threading.Event(), threading.Event()

    def hold():
        arrived.set()
        go_on.wait(10)

    office.wait = hold

    def send():
        with open_database(url) as ours:
            sweep(ours, library, tell_time=lambda: NOW, pace=Pace(), mailer=mailer)

    victim = fork.Process(target=send, daemon=True)
    victim.start()
    assert arrived.wait(20)
    victim.kill()
    victim.join()
    office.wait = lambda: None
    go_on.set()
    assert sweep(
        database, library, tell_time=lambda: NOW, pace=Pace(), mailer=mailer
    ).sent == 2  # fmt: skip
    later = sweep(database, library, tell_time=lambda: NOW + LEASE, pace=Pace(), mailer=mailer)
    assert (later.sent, later.waiting) == (1, 0)
    # the server had taken the first mail before its sender could write it down: it came twice,
    # and its Message-ID says so
    names = [line for each in office.taken for line in each.content.splitlines()
             if line.startswith(b"Message-ID")]  # fmt: skip
    assert (len(names), len(set(names))) == (4, 3)
