import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.databases import engine as engines
from bot.records.audit import take_turn, verify_audit
from bot.records.database import open_database
from bot.records.errors import DatabaseBehindError, DatabaseUnavailableError
from bot.records.migrate import MIGRATIONS, upgrade
from bot.records.tables import Base


def test_migrations_from_nothing_equal_the_tables(empty_url):
    assert not upgrade(empty_url).behind
    with open_database(empty_url) as database, database.reading() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_carry_every_check_of_the_tables(empty_url):
    # compare_metadata does not look at checks
    upgrade(empty_url)
    with open_database(empty_url) as database, database.reading() as session:
        connection = session.connection()
        for table in Base.metadata.sorted_tables:
            found = inspect(connection).get_check_constraints(table.name)
            wanted = [c for c in table.constraints if isinstance(c, CheckConstraint)]
            assert {c["name"] for c in found} == {c.name for c in wanted}, table.name
            if connection.dialect.name == "sqlite":  # PostgreSQL rewrites what it was given
                assert {c["sqltext"] for c in found} == {str(c.sqltext) for c in wanted}


def test_two_programs_may_upgrade_at_once(empty_url):
    failed = []

    def run():
        try:
            upgrade(empty_url)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with open_database(empty_url) as database, database.reading() as session:
        assert verify_audit(session).count == 0


def test_sqlite_is_set_up_not_to_lose_anything(sqlite_template):
    with (
        open_database(f"sqlite:///{sqlite_template}") as database,
        database.session() as session,
    ):
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_running_clocks_have_an_index_of_their_own(database):
    with database.reading() as session:
        dialect = session.connection().dialect.name
        indexes = {
            each["name"]: each for each in inspect(session.connection()).get_indexes("clock")
        }
    for due in ("due_on", "due_at"):
        assert indexes[f"ix_clock_status_{due}"]["column_names"] == ["status", due]
        running = indexes[f"ix_clock_running_{due}"]
        assert running["column_names"] == [due]
        assert "running" in str(running["dialect_options"][f"{dialect}_where"])


def test_the_sweep_for_what_is_due_searches_an_index(sqlite_template):
    with (
        open_database(f"sqlite:///{sqlite_template}") as database,
        database.reading() as session,
    ):
        plan = session.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT id FROM clock "
                "WHERE status = 'running' AND due_on < '2026-11-12' ORDER BY due_on"
            )
        ).all()
    assert [row.detail.split(" INDEX ")[0] for row in plan] == ["SEARCH clock USING COVERING"]


@pytest.mark.parametrize("due", ["due_on < '2026-11-12'", "due_at < '2026-11-12 00:00:00'"])
def test_what_is_due_is_found_in_an_index_alone(database, due):
    with database.reading() as session:
        sqlite = session.connection().dialect.name == "sqlite"
        if not sqlite:  # an empty table is read whole, unless that is forbidden
            session.execute(text("SET LOCAL enable_seqscan = off"))
            session.execute(text("SET LOCAL enable_bitmapscan = off"))
        rows = session.execute(
            text(
                f"EXPLAIN {'QUERY PLAN' if sqlite else ''} SELECT id FROM clock "
                f"WHERE status IN ('running', 'extended') AND {due}"
            )
        )
        plan = " ".join(map(str, rows))
    assert ("USING COVERING INDEX ix_clock" if sqlite else "Index Only Scan using ix_clock") in plan


def test_a_new_sqlite_file_is_for_this_user_alone(tmp_path):
    upgrade(f"sqlite:///{tmp_path / 'new.db'}")
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600


def test_a_database_without_tables_says_to_upgrade(empty_url):
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).touch()
    with pytest.raises(DatabaseBehindError, match="uv run escalate db upgrade"):
        open_database(empty_url)


@pytest.mark.parametrize("opening", [open_database, upgrade])
def test_a_database_of_a_newer_program_is_left_alone(url, opening):
    with open_database(url) as database, database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseBehindError, match=r"9999.*Install the newer program"):
        opening(url)


def test_reading_cannot_write(database):
    with (
        pytest.raises(Exception, match=r"(?i)read.?only"),
        database.reading() as session,
    ):
        session.execute(text("UPDATE audit_head SET seq = 7"))
    with database.session() as session:
        assert verify_audit(session).count == 0


def test_a_missing_file_is_named_and_not_made(tmp_path):
    path = tmp_path / "none.db"
    with pytest.raises(DatabaseUnavailableError, match=rf"{path}.*db upgrade"):
        open_database(f"sqlite:///{path}")
    assert not path.exists()


@pytest.mark.parametrize("opening", [open_database, upgrade])
def test_a_missing_folder_is_named(tmp_path, opening):
    path = tmp_path / "no" / "such.db"
    with pytest.raises(DatabaseUnavailableError, match=rf"folder of {path} does not exist"):
        opening(f"sqlite:///{path}")


@pytest.mark.parametrize("opening", [open_database, upgrade])
def test_a_folder_in_place_of_the_file_is_named(tmp_path, opening):
    with pytest.raises(DatabaseUnavailableError, match=rf"{tmp_path} is a folder"):
        opening(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("opening", [open_database, upgrade])
def test_a_file_that_is_no_database_is_named(tmp_path, opening):
    path = tmp_path / "letter.db"
    path.write_text("Dear colleague, " * 100)
    with pytest.raises(DatabaseUnavailableError, match=rf"{path}.*not a database"):
        opening(f"sqlite:///{path}")


def test_a_file_that_can_only_be_read_is_refused_before_anyone_types(sqlite_template):
    with pytest.raises(DatabaseUnavailableError, match=rf"{sqlite_template}.*only be read"):
        open_database(f"sqlite:///file:{sqlite_template}?mode=ro&uri=true")


def test_a_locked_database_says_so_and_wrote_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "WAIT_SECONDS", 0)
    path = tmp_path / "held.db"
    upgrade(f"sqlite:///{path}")
    with open_database(f"sqlite:///{path}") as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            with (
                pytest.raises(DatabaseUnavailableError, match="Nothing was written"),
                database.session() as session,
            ):
                session.execute(text("UPDATE audit_head SET seq = 7"))
        finally:
            other.close()
        with database.reading() as session:
            assert verify_audit(session).count == 0


@pytest.fixture
def held(database, url):
    """The database, while another program holds its write lock."""
    with open_database(url) as other, other.session() as writing:
        take_turn(writing)
        yield database


def test_who_cannot_wait_is_told_soon_that_it_is_locked(held):
    began = time.monotonic()
    with (
        pytest.raises(DatabaseUnavailableError, match=r"held it for 0\.3 seconds.*repeat"),
        held.session(patience=0.3) as session,
    ):
        take_turn(session)
    assert 0.2 < time.monotonic() - began < 3


def test_impatience_lasts_for_one_transaction_only(held):
    for _ in range(2):
        with pytest.raises(DatabaseUnavailableError), held.session(patience=0) as session:
            take_turn(session)
    statement = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
    with held.reading() as session:
        name = session.connection().dialect.name
        assert session.execute(text(statement[name])).scalar_one() in (10_000, "10s")


def test_a_patient_transaction_writes_as_any_other(database):
    with database.session(patience=1) as session:
        take_turn(session)
        session.execute(text("UPDATE audit_head SET seq = 7"))
    with database.reading() as session:
        assert session.execute(text("SELECT seq FROM audit_head")).scalar_one() == 7


def test_a_file_damaged_while_it_is_open_is_named(tmp_path):
    path = tmp_path / "damaged.db"
    upgrade(f"sqlite:///{path}")
    with open_database(f"sqlite:///{path}") as database:
        size = path.stat().st_size
        path.write_bytes(path.read_bytes()[:100] + b"\xff" * (size - 100))
        for way in (database.reading, database.session):
            with (
                pytest.raises(DatabaseUnavailableError, match=rf"{path}.*backup"),
                way() as session,
            ):
                session.execute(text("SELECT * FROM audit_head")).all()


@pytest.fixture
def open_file(tmp_path):
    """Records of SQLite that a running program has open, and their file."""
    path = tmp_path / "records.db"
    upgrade(f"sqlite:///{path}")
    with open_database(f"sqlite:///{path}") as database:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        yield database, path


@pytest.mark.parametrize("way", ["session", "reading"])
def test_a_file_that_was_removed_while_it_is_open_is_named_and_not_made(open_file, way):
    database, path = open_file
    path.unlink()
    with (
        pytest.raises(DatabaseUnavailableError, match="cannot be found any more") as told,
        getattr(database, way)() as session,
    ):
        session.execute(text("SELECT 1"))
    assert str(path) in str(told.value)
    assert not path.exists()


def test_a_file_that_took_the_place_of_the_open_one_is_refused(open_file):
    database, path = open_file
    path.rename(path.with_suffix(".old"))
    upgrade(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnavailableError, match="is another file by now"):
        write_nothing(database)


def test_a_file_that_is_put_back_is_used_again(open_file):
    database, path = open_file
    path.rename(path.with_suffix(".old"))
    with pytest.raises(DatabaseUnavailableError):
        write_nothing(database)
    path.with_suffix(".old").rename(path)
    write_nothing(database)


def test_no_connection_beside_the_first_makes_a_removed_file_anew(open_file):
    database, path = open_file
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        path.unlink()
        with pytest.raises(DatabaseUnavailableError, match="cannot be found any more"):
            write_nothing(database)
    assert not path.exists()


def write_nothing(database):
    with database.session() as session:
        session.execute(text("SELECT 1"))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        pytest.param("sqlite://", "in memory", id="no file"),
        pytest.param("sqlite:///:memory:", "in memory", id="in memory"),
        pytest.param("nonsense", "not a database address", id="no address"),
        pytest.param("mysql://me@db/x", "mysql", id="another kind"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address, told):
    with pytest.raises(DatabaseUnavailableError, match=told):
        open_database(address)


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(DatabaseUnavailableError, match=r"127\.0\.0\.1") as refused:
        open_database("postgresql://me:hush@127.0.0.1:1/none")
    assert "hush" not in str(refused.value)


@contextmanager
def raw(url):
    engine = engines.make_engine(engines.parse_url(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def bring_to(url, revision):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with raw(url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_the_steps_on_record_stay_when_versions_come(empty_url):
    bring_to(empty_url, "0004")
    with raw(empty_url) as connection:
        connection.execute(
            text(
                "INSERT INTO escalation (id, reference, person, policy_id, policy_version,"
                " policy_hash, subject, side, status, raised_on, created_at) VALUES ('e', 'ESC-1',"
                " 'p', 'v', '1', 'ab', 'child', 'raising', 'open', '2026-11-18',"
                " '2026-11-18 09:00:00')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO step (escalation_id, position, kind, before, taken_at) VALUES"
                " ('e', 1, 'outcome', '{\"changed\": [], \"added\": {}}', '2026-11-18 09:00:00')"
            )
        )
    upgrade(empty_url)
    with raw(empty_url) as connection:
        assert connection.execute(text("SELECT escalation_id, kind FROM step")).all() == [
            ("e", "outcome")
        ]


def test_what_waits_for_teams_stays_when_news_come(empty_url):
    bring_to(empty_url, "0008")
    with raw(empty_url) as connection:
        connection.execute(
            text(
                "INSERT INTO teams_inbox (id, name, person, conversation, service_url, kind, body,"
                " status, attempts, taken_at) VALUES (7, 'm', 'p', 'a', 'https://s/', 'message',"
                " '{\"text\": \"Hello\"}', 'waiting', 1, '2026-11-18 09:00:00')"
            )
        )
        for id_, status, body in ((3, "waiting", '{"text": "Yes"}'), (4, "dead", None)):
            connection.execute(
                text(
                    "INSERT INTO teams_outbox (id, inbox_id, nth, person, conversation,"
                    " service_url, body, status, attempts, next_try_at, made_at) VALUES (:id, 7,"
                    " :id, 'p', 'a', 'https://s/', :body, :status, 0, '2026-11-18 09:00:00',"
                    " '2026-11-18 09:00:00')"
                ),
                {"id": id_, "status": status, "body": body},
            )
        before = teams_rows(connection)
    upgrade(empty_url)
    with raw(empty_url) as connection:
        assert teams_rows(connection) == before
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE teams_outbox SET inbox_id = 8"))


def teams_rows(connection):
    return [
        connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).mappings().all()
        for table in ("teams_inbox", "teams_outbox")
    ]


def test_an_error_does_not_repeat_what_was_to_be_written(database):
    with pytest.raises(DatabaseUnavailableError) as caught, database.reading() as session:
        session.execute(text("UPDATE mailbox SET address = :a"), {"a": "me@school.example"})
    assert "UPDATE mailbox" in str(caught.value.__cause__)
    assert "school.example" not in str(caught.value.__cause__)
