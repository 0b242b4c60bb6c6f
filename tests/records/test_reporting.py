from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from bot.records.errors import UnstorableError
from bot.records.reporting import escalations_of
from bot.records.store import find, record_escalation


@pytest.fixture
def record(database, now, new_case):
    numbers = iter(range(10_000))

    def run(person="person-1", at=now, **fields):
        with database.session() as session:
            return record_escalation(
                session, key=f"key-{next(numbers)}", person=person, now=at, new=new_case(**fields)
            ).reference

    return run


@pytest.fixture
def read(database):
    def run(**asked):
        with database.reading() as session:
            return escalations_of(session, **asked)

    return run


@contextmanager
def statements(session):
    """The statements that are sent meanwhile."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_without_any_case_there_is_nothing(read):
    assert read() == ()


def test_everyones_cases_come_whole_in_the_order_in_which_they_were_raised(record, read, database):
    later = record(raised_on=date(2026, 6, 2))
    earlier = record(person="person-2", raised_on=date(2026, 6, 1))
    found = read()
    assert [case.reference for case in found] == [earlier, later]
    with database.reading() as session:
        assert found[0] == find(session, reference=earlier, person="person-2")
        assert found[1] == find(session, reference=later, person="person-1")


def test_of_one_day_the_first_to_be_recorded_comes_first(record, read, now):
    second = record(at=now + timedelta(minutes=1))
    first = record(at=now)
    assert [case.reference for case in read()] == [first, second]


def test_a_year_is_that_in_which_it_was_raised_from_its_first_day_to_its_last(record, read):
    new_year = datetime(2027, 1, 2, 9, 0, tzinfo=UTC)
    record(raised_on=date(2025, 12, 31))
    first = record(raised_on=date(2026, 1, 1))
    last = record(raised_on=date(2026, 12, 31), at=new_year)
    record(raised_on=date(2027, 1, 1), at=new_year)
    assert last == "ESC-2027-0001"  # numbered by the day of recording, counted by that of raising
    assert [case.reference for case in read(year=2026)] == [first, last]
    assert len(read()) == 4
    assert read(year=2024) == ()


def test_a_policy_is_all_its_versions_and_no_other(record, read):
    wanted = {record(policy_version="2025-01"), record(policy_version="2026-01")}
    record(policy_id="another")
    assert {case.reference for case in read(policy_id="invented")} == wanted
    assert {case.reference for case in read(policy_id="invented", year=2026)} == wanted
    assert read(policy_id="invented%") == ()


def test_the_number_of_queries_does_not_grow_with_the_cases(record, database):
    def queries():
        with database.reading() as session, statements(session) as sent:
            escalations_of(session)
        return len(sent)

    record()
    few = queries()
    for _ in range(20):
        record()
    assert queries() == few


def test_it_can_be_read_where_nothing_may_be_written(record, database, counts, new_case):
    record()
    before = counts(database)
    with database.reading() as session:
        (case,) = escalations_of(session)
        assert not session.dirty
    assert case.stages == (new_case().stage,)
    assert counts(database) == before


@pytest.mark.parametrize("year", [0, -1, 10_000])
def test_a_year_that_is_none_is_refused(read, year):
    with pytest.raises(ValueError, match=f"The year is {year}. Allowed: 1 to 9999."):
        read(year=year)


def test_a_policy_that_no_database_can_hold_is_refused_by_name(read):
    with pytest.raises(UnstorableError, match="The policy has a NUL character at position 1"):
        read(policy_id="j\0")
