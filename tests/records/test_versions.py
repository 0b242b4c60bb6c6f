"""A person keeps the version of a case over a newer one: remembered, on the trail, no step."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.records.errors import KeyReusedError, NotFoundError, NotOpenError
from bot.records.progress import take_step, undo_last
from bot.records.steps import Ended, Step
from bot.records.store import find, record_escalation
from bot.records.tables import AuditEntryRow
from bot.records.versions import keep_version

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def case(database, new_case):
    with database.session() as session:
        recorded = record_escalation(
            session, key="walk:1", person="person-1", now=NOW, new=new_case()
        )
    return read(database, recorded.reference)


def read(database, reference):
    with database.reading() as session:
        return find(session, reference=reference, person="person-1")


def keeping(database, case, *, key="keep:1", person="person-1", over="2027-01"):
    with database.session() as session:
        return keep_version(
            session, key=key, reference=case.reference, person=person, now=NOW, over=over
        )


def test_the_choice_is_remembered_and_nothing_else_changes(database, case):
    assert not keeping(database, case).already
    assert read(database, case.reference) == replace(case, kept_over="2027-01")
    with database.reading() as session:
        noted = list(session.scalars(select(AuditEntryRow).order_by(AuditEntryRow.seq)))[-1]
    assert (noted.what, noted.about) == ("PolicyVersionKept", case.reference)
    assert noted.detail == '{"kept":"2026-01","over":"2027-01"}'


def test_it_is_no_step_to_take_back(database, case):
    keeping(database, case)
    with database.session() as session, pytest.raises(NotOpenError, match="no step to undo"):
        undo_last(session, key="u", reference=case.reference, person="person-1", now=NOW)


def test_a_repeated_message_keeps_once(database, case):
    keeping(database, case)
    keeping(database, case, key="keep:2", over="2028-01")
    assert keeping(database, case).already
    assert read(database, case.reference).kept_over == "2028-01"


def test_a_key_of_something_else_is_refused(database, case):
    with pytest.raises(KeyReusedError):
        keeping(database, case, key="walk:1")


def test_somebody_elses_case_is_not_there(database, case):
    with pytest.raises(NotFoundError):
        keeping(database, case, person="person-2")


def test_an_ended_case_is_left_alone(database, case):
    ended = Ended(status="resolved", ended_on=date(2026, 11, 20), ending="Agreed")
    step = Step(kind="outcome", at_stage=case.stages[-1].stage, ended=ended)
    with database.session() as session:
        take_step(session, key="s", reference=case.reference, person="person-1", now=NOW, step=step)
    with pytest.raises(NotOpenError, match="has ended"):
        keeping(database, case)
