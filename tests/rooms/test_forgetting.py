"""Rehearsals go after their days, or when somebody says so, and with them all that was in them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import app
from bot.engine.serve import forget_rehearsals
from bot.records.migrate import upgrade as upgrade_records
from bot.rooms.errors import (
    NotYourPlaceError,
    NotYourRoomError,
    NotYoursToDoError,
    UnknownCodeError,
)


@pytest.fixture
def counted(rooms):
    """How many rows the tables of a room have between them."""

    def count():
        tables = ("room", "place", "entry", "lead")
        with rooms.database.reading() as session:
            connection = session.connection()
            return sum(
                connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
                for table in tables
            )

    return count


@pytest.fixture
def place(group):
    """A place in which both have done something."""
    place = group.join("web:1")
    group.act(place, "web:1", "ask", "weight")
    group.lead("announce", "Now.")
    return place


def test_thirty_days_then_nothing_is_left(group, place, rooms, counted, library, now):
    last = now.date() + timedelta(days=29)
    assert group.room().room.delete_on == last + timedelta(days=1) == date(2026, 12, 12)
    assert rooms.purge(today=last) == 0
    assert counted() == 5
    assert rooms.purge(today=last + timedelta(days=1)) == 1
    assert counted() == 0
    assert rooms.purge(today=last + timedelta(days=1)) == 0
    assert rooms.place_of(holder="web:1") is None
    with pytest.raises(NotYourPlaceError):
        rooms.news(place_id=place.id, holder="web:1")
    with pytest.raises(UnknownCodeError):
        group.join("web:2")


def test_what_is_kept_stays_until_it_is_not(group, place, rooms):
    rooms.keep(**group.leader, keep=True)
    assert group.room().room.keep
    assert rooms.purge(today=date(2030, 1, 1)) == 0
    rooms.keep(**group.leader, keep=False)
    assert rooms.purge(today=date(2030, 1, 1)) == 1


def test_one_of_ones_own_goes_too(rooms, world, now):
    rooms.open_alone(world=world, holder="web:1", now=now)
    assert rooms.purge(today=now.date() + timedelta(days=30)) == 1
    assert rooms.places_of(holder="web:1") == ()


def test_one_of_ones_own_can_be_kept(rooms, world, now):
    own = rooms.open_alone(world=world, holder="me", now=now)
    assert rooms.keep_own(place_id=own.id, holder="me").room.keep
    assert rooms.purge(today=own.room.delete_on) == 0
    rooms.keep_own(place_id=own.id, holder="me", keep=False)
    assert rooms.purge(today=own.room.delete_on) == 1


def test_a_participant_does_not_decide_how_long_a_session_is_kept(place, rooms):
    with pytest.raises(NotYoursToDoError, match="facilitator decides"):
        rooms.keep_own(place_id=place.id, holder="web:1")
    assert rooms.purge(today=place.room.delete_on) == 1


def test_a_deleted_session_is_gone_at_once(group, place, rooms, counted):
    rooms.delete(**group.leader)
    assert counted() == 0
    with pytest.raises(NotYourRoomError, match="may have been deleted"):
        group.room()


def test_a_participant_deletes_only_their_own(group, place, rooms):
    other = group.join("web:2")
    group.act(other, "web:2", "ask", "weight")
    group.lead_one(place, "announce", "To you alone.")
    rooms.delete_place(place_id=place.id, holder="web:1")
    assert [view.place for view in group.room().places] == [other]
    again = group.join("web:1")
    assert again.reference not in {place.reference, other.reference}


def test_a_number_is_not_given_twice(rooms, world, now):
    first = rooms.open_alone(world=world, holder="web:1", now=now)
    rooms.delete_place(place_id=first.id, holder="web:1")
    second = rooms.open_alone(world=world, holder="web:1", now=now)
    assert (first.reference, second.reference) == ("REH-2026-0001", "REH-2026-0002")
    later = rooms.open_alone(world=world, holder="web:2", now=now.replace(year=2027))
    assert later.reference == "REH-2027-0001"


def test_serve_forgets_what_is_past_its_day(rooms, url, world, now):
    rooms.open_alone(world=world, holder="web:1", now=now)
    forget_rehearsals(url, now.astimezone(UTC).date() + timedelta(days=31))
    assert rooms.places_of(holder="web:1") == ()


def test_the_command_forgets_what_is_past_its_day(
    rooms, url, world, now, library, monkeypatch, tmp_path
):
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path))
    monkeypatch.setenv("ESCALATE_ROOMS_URL", url)
    rooms.open_alone(world=world, holder="web:1", now=datetime.now(UTC))
    rooms.open_alone(world=world, holder="web:2", now=datetime.now(UTC) - timedelta(days=30))
    with pytest.raises(UnknownCodeError):
        rooms.join(code="?", holder="web:3", now=now - timedelta(days=400), library=library)
    done = CliRunner().invoke(app, ["rehearsals", "purge"])
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "Deleted 1 rehearsals whose day had come.\n"
    assert rooms.place_of(holder="web:1") is not None
    with rooms.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM wrong_code")).scalar_one() == 0


def test_the_command_does_not_touch_the_records(monkeypatch, tmp_path):
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path))
    monkeypatch.setenv("ESCALATE_ROOMS_URL", f"sqlite:///{tmp_path}/./escalations.db")
    upgrade_records(f"sqlite:///{tmp_path}/escalations.db")
    done = CliRunner().invoke(app, ["rehearsals", "purge"])
    assert done.exit_code == 2
    assert "does not keep rehearsals" in done.stderr
