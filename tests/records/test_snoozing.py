"""Reminders put off: on record once for each wish, in the trail, and never the limit itself."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from bot.records.audit import verify_audit
from bot.records.errors import KeyReusedError, NotFoundError, NotOpenError
from bot.records.progress import take_step
from bot.records.snoozing import Snooze, snooze, snoozes_of
from bot.records.steps import ClockSettled, Ended, Left, Step
from bot.records.store import find, record_escalation
from bot.records.tables import AuditEntryRow, EscalationRow


@pytest.fixture
def reference(database, new_case, now):
    """A recorded case of person-1 with one running clock, due on 19 November."""
    with database.session() as session:
        return record_escalation(
            session, key="k", person="person-1", now=now, new=new_case()
        ).reference


@pytest.fixture
def put_off(database, reference, now):
    """Put a reminder off to the next day at eight, unless told otherwise."""

    def run(key="press:1", **changed):
        given = {
            "reference": reference, "person": "person-1", "stage": "one", "limit": "reply",
            "until": now.replace(hour=8, minute=0) + timedelta(days=1), "now": now,
        }  # fmt: skip
        with database.session() as session:
            return snooze(session, key=key, **(given | changed))

    return run


@pytest.fixture
def known(database):
    """What is known of every limit, without the id of its case."""

    def read():
        with database.reading() as session:
            found = snoozes_of(session, session.scalars(select(EscalationRow.id)).all())
        return {limit[1:]: each for limit, each in found.items()}

    return read


def trail(database):
    with database.reading() as session:
        verify_audit(session)
        wanted = select(AuditEntryRow).where(AuditEntryRow.what == "ReminderSnoozed")
        return [(row.about, json.loads(row.detail)) for row in session.scalars(wanted)]


def test_a_wish_is_on_record_and_in_the_trail_and_the_limit_stays(
    database, reference, put_off, known, now
):
    with database.reading() as session:
        before = find(session, reference=reference, person="person-1")
    put_off()
    until = now.replace(day=13, hour=8, minute=0)
    assert known() == {("one", "reply", "2026-11-19"): Snooze(until, 1)}
    assert trail(database) == [
        (reference, {"stage": "one", "key": "reply", "due": "2026-11-19",
                     "until": until.isoformat()}),
    ]  # fmt: skip
    with database.reading() as session:
        assert find(session, reference=reference, person="person-1") == before


def test_the_same_press_again_is_one_wish_and_another_press_another(
    database, reference, put_off, known, now
):
    assert not put_off().already
    assert put_off(now=now + timedelta(seconds=20)).already
    assert len(trail(database)) == 1
    later = now + timedelta(days=4)
    assert not put_off("press:2", until=later).already
    assert known() == {("one", "reply", "2026-11-19"): Snooze(later, 2)}
    assert len(trail(database)) == 2


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"person": "person-2"}, NotFoundError),
        ({"reference": "ESC-2026-0099"}, NotFoundError),
        ({"limit": "other"}, NotFoundError),
        ({"stage": "two"}, NotFoundError),
        ({"limit": "urgent-reply"}, NotOpenError),
    ],
)
def test_only_ones_own_running_limit_can_be_put_off(put_off, known, changed, error):
    with pytest.raises(error):
        put_off(**changed)
    assert known() == {}


@pytest.mark.parametrize("ended", [True, False])
def test_what_was_settled_or_has_ended_can_not_be_put_off(database, reference, put_off, now, ended):
    met = ClockSettled(stage="one", key="reply", status="met", settled_on=now.date())
    step = Step(kind="clock", at_stage="one", settled=(met,))
    if ended:
        step = replace(
            step, kind="outcome", settled=(),
            left=Left(stage="one", left_on=now.date(), outcome="agreed"),
            ended=Ended(status="resolved", ended_on=now.date(), ending="Settled."),
        )  # fmt: skip
    with database.session() as session:
        take_step(session, key="s", reference=reference, person="person-1", now=now, step=step)
    with pytest.raises(NotOpenError, match=reference):
        put_off()


def test_a_wish_holds_for_the_date_that_the_limit_had(database, reference, put_off, known, now):
    put_off()
    longer = ClockSettled(
        stage="one", key="reply", status="extended", due_on=date(2026, 11, 26), reason="Leave"
    )
    step = Step(kind="clock", at_stage="one", settled=(longer,))
    with database.session() as session:
        take_step(session, key="s", reference=reference, person="person-1", now=now, step=step)
    put_off("press:2")
    assert {limit[2]: each.nth for limit, each in known().items()} == {
        "2026-11-19": 1, "2026-11-26": 1,
    }  # fmt: skip


def test_a_key_stands_for_one_thing(database, reference, put_off):
    with pytest.raises(KeyReusedError):
        put_off("k")


def test_what_fails_leaves_no_wish_behind(database, put_off, known, now):
    with pytest.raises(ValueError, match="time of a reminder"):
        put_off(until=now.replace(tzinfo=None))
    assert known() == {}
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM snooze")).scalar_one() == 0
