import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.records import audit
from bot.records.errors import BrokenChainError, UnstorableError

ENTRIES = 5


@pytest.fixture
def trail(database, now):
    """A database with five entries."""
    for number in range(ENTRIES):
        with database.session() as session:
            audit.note(
                session,
                at=now,
                who="person-1",
                what="StageEntered",
                about=f"ESC-2026-000{number}",
                detail={"stage": "Zwei – “β”", "b": [1, None], "a": 0.5},
            )
    return database


@pytest.fixture
def tamper(trail):
    """Change the trail as someone who owns the database could: without its triggers."""

    def run(statement):
        with trail.session() as session:
            connection = session.connection()
            if connection.dialect.name == "postgresql":
                session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
            else:
                for kind in ("update", "delete", "replace"):
                    session.execute(text(f"DROP TRIGGER audit_entry_no_{kind}"))
            # not text(): a colon in the words is no parameter
            connection.exec_driver_sql(statement)

    return run


def verify(database):
    with database.reading() as session:
        return audit.verify_audit(session)


def test_a_whole_trail_is_verified(trail):
    found = verify(trail)
    assert found.count == ENTRIES
    with trail.reading() as session:
        rows = session.execute(text("SELECT * FROM audit_entry ORDER BY seq")).all()
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert rows[0].previous == audit.GENESIS
    assert rows[-1].hash == found.head
    assert rows[0].at == "2026-11-12T16:30:00.000000+00:00"
    assert rows[0].detail == '{"a":0.5,"b":[1,null],"stage":"Zwei – “β”"}'


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        pytest.param("UPDATE audit_entry SET who = 'person-2' WHERE seq = 3", 3, id="who"),
        pytest.param("UPDATE audit_entry SET what = 'stageEntered' WHERE seq = 1", 1, id="what"),
        pytest.param("UPDATE audit_entry SET about = about || ' ' WHERE seq = 2", 2, id="about"),
        pytest.param(
            "UPDATE audit_entry SET at = replace(at, '16:30', '16:31') WHERE seq = 5", 5, id="at"
        ),
        pytest.param(
            "UPDATE audit_entry SET detail = replace(detail, ':0.5', ': 0.5') WHERE seq = 4",
            4,
            id="one space in the detail",
        ),
        pytest.param(
            "UPDATE audit_entry SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 2",
            2,
            id="hash",
        ),
        pytest.param("UPDATE audit_entry SET previous = hash WHERE seq = 2", 2, id="previous"),
        pytest.param("DELETE FROM audit_entry WHERE seq = 3", 3, id="one taken out"),
        pytest.param("DELETE FROM audit_entry WHERE seq = 1", 1, id="the first taken out"),
        pytest.param("DELETE FROM audit_entry WHERE seq = 5", 5, id="the last cut off"),
        pytest.param("DELETE FROM audit_entry", 1, id="all cut off"),
        pytest.param("UPDATE audit_entry SET seq = 9 WHERE seq = 5", 5, id="renumbered"),
        pytest.param("UPDATE audit_head SET hash = 'x'", 6, id="another end"),
    ],
)
def test_the_first_bad_entry_is_named(trail, tamper, statement, seq):
    tamper(statement)
    with pytest.raises(BrokenChainError, match=f"broken at entry {seq}:") as broken:
        verify(trail)
    assert broken.value.seq == seq


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET who = 'person-2' WHERE seq = 1",
        "DELETE FROM audit_entry WHERE seq = 5",
    ],
)
def test_the_database_refuses_to_change_the_trail(trail, statement):
    with pytest.raises(DBAPIError, match="append-only"), trail.session() as session:
        session.execute(text(statement))
    assert verify(trail).count == ENTRIES


def test_the_database_refuses_to_put_an_entry_in_place_of_another(trail, engine_name):
    columns = "seq, at, who, what, about, detail, previous, hash"
    values = "SELECT seq, at, 'x', what, about, detail, previous, hash FROM audit_entry"
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO audit_entry ({columns}) {values}",
        "postgresql": f"INSERT INTO audit_entry ({columns}) {values} "
        "ON CONFLICT (seq) DO UPDATE SET who = 'x'",
    }[engine_name]
    with pytest.raises(DBAPIError, match="append-only"), trail.session() as session:
        session.execute(text(statement))
    assert verify(trail).count == ENTRIES


def test_postgresql_refuses_to_empty_the_trail(trail, engine_name):
    if engine_name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"), trail.session() as session:
        session.execute(text("TRUNCATE audit_entry"))


def test_writers_at_once_make_one_chain(trail, now):
    def write():
        for _ in range(5):
            with trail.session() as session:
                audit.note(session, at=now, who="p", what="StageEntered", about="x", detail={})

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(trail).count == ENTRIES + 20


def test_an_entry_is_undone_with_its_transaction(trail, now):
    with pytest.raises(RuntimeError), trail.session() as session:
        audit.note(session, at=now, who="p", what="StageEntered", about="x", detail={})
        raise RuntimeError
    assert verify(trail).count == ENTRIES


@pytest.mark.parametrize(
    "detail", [{"x": float("nan")}, {"x": "\0"}, {"x": ("a",)}, {"x\0": 1}, {"x": object()}]
)
def test_a_detail_that_has_no_canonical_json_is_refused(trail, now, detail):
    with pytest.raises(UnstorableError), trail.session() as session:
        audit.note(session, at=now, who="p", what="StageEntered", about="x", detail=detail)
    assert verify(trail).count == ENTRIES
