"""The rehearsals' database: its tables, its mark, and that it is never the records'."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from bot.databases.database import open_kind
from bot.databases.errors import DatabaseBehindError, OtherDatabaseError
from bot.records.database import open_database
from bot.records.migrate import upgrade as upgrade_records
from bot.rooms.migrate import ROOMS
from bot.rooms.rooms import open_rooms
from bot.rooms.tables import Base


def test_migrations_from_nothing_equal_the_tables(empty_url):
    with open_rooms(empty_url) as rooms, rooms.database.reading() as session:
        context = MigrationContext.configure(
            session.connection(),
            opts={"version_table": ROOMS.version_table, "compare_server_default": True},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_carry_every_check_of_the_tables(empty_url):
    # compare_metadata does not look at checks
    with open_rooms(empty_url) as rooms, rooms.database.reading() as session:
        connection = session.connection()
        for table in Base.metadata.sorted_tables:
            found = inspect(connection).get_check_constraints(table.name)
            wanted = [c for c in table.constraints if isinstance(c, CheckConstraint)]
            assert {c["name"] for c in found} == {c.name for c in wanted}, table.name
            if connection.dialect.name == "sqlite":  # PostgreSQL rewrites what it was given
                assert {c["sqltext"] for c in found} == {str(c.sqltext) for c in wanted}


def test_two_programs_may_open_a_new_one_at_once(empty_url):
    failed = []

    def run():
        try:
            open_rooms(empty_url).close()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_opening_again_keeps_what_is_there(url, world, now):
    with open_rooms(url) as rooms:
        place = rooms.open_alone(world=world, holder="web:1", now=now)
    with open_rooms(url) as rooms:
        assert rooms.place_of(holder="web:1") == place


def test_the_records_are_not_opened_as_rehearsals(empty_url):
    upgrade_records(empty_url)
    with pytest.raises(OtherDatabaseError, match=r"not keep rehearsals.*ESCALATE_ROOMS_URL"):
        open_rooms(empty_url)
    with open_database(empty_url) as database, database.reading() as session:
        assert "room" not in inspect(session.connection()).get_table_names()


@pytest.mark.parametrize("opening", [upgrade_records, open_database])
def test_rehearsals_are_not_opened_as_the_records(url, opening):
    with pytest.raises(OtherDatabaseError, match=r"not keep the records.*ESCALATE_DATABASE_URL"):
        opening(url)
    with open_rooms(url) as rooms, rooms.database.reading() as session:
        assert "escalation" not in inspect(session.connection()).get_table_names()


def test_one_that_holds_both_is_refused_as_either(url):
    with open_rooms(url) as rooms, rooms.database.session() as session:
        session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    for opening in (open_rooms, open_database):
        with pytest.raises(OtherDatabaseError):
            opening(url)


def test_one_of_a_newer_program_is_left_alone(url):
    with open_rooms(url) as rooms, rooms.database.session() as session:
        session.execute(text(f"UPDATE {ROOMS.version_table} SET version_num = '9999'"))
    with pytest.raises(DatabaseBehindError, match=r"9999.*Install the newer program"):
        open_rooms(url)


def test_one_without_tables_is_not_opened_unless_it_is_brought_up_to_date(empty_url):
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).touch()
    with pytest.raises(DatabaseBehindError, match="version none"):
        open_kind(empty_url, ROOMS, trial=text("SELECT 1"))
