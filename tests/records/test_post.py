"""The outbox: reminders put in once, shown to their person as notices, never lost from sight."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.records.errors import NotFoundError
from bot.records.post import (
    NewPost,
    dead_letters,
    due_words,
    mark_seen,
    notices_for,
    put,
    standing,
)
from bot.records.store import record_escalation
from bot.records.tables import ClockRow, EscalationRow, PostRow


@pytest.fixture
def case(database, new_case, now):
    """A recorded case of person-1 with one running clock, due on 19 November; its id."""
    with database.session() as session:
        record_escalation(session, key="k", person="person-1", now=now, new=new_case())
        return session.scalars(select(EscalationRow.id)).one()


@pytest.fixture
def post(case):
    return NewPost(
        escalation_id=case, stage="one", key="reply", kind="due_soon", due="2026-11-19", nth=0,
        way="conversation", recipient="person", address=None, subject="ESC: ends soon",
        body="A time limit ends on Thursday.",
    )  # fmt: skip


def putting(database, now, *posts):
    with database.session() as session:
        return put(session, posts, now=now)


def sent(database, now):
    with database.session() as session:
        session.execute(update(PostRow).values(status="sent", sent_at=now))


def notices(database, person="person-1"):
    with database.reading() as session:
        return notices_for(session, person=person)


def seeing(database, now, *notices, person="person-1"):
    with database.session() as session:
        mark_seen(session, person=person, notices=[each.id for each in notices], now=now)


def test_a_reminder_is_put_in_once(database, now, post):
    assert putting(database, now, post, replace(post, kind="due_today")) == 2
    assert putting(database, now, post, replace(post, kind="overdue")) == 1
    assert putting(database, now) == 0
    with database.reading() as session:
        assert standing(session) == {"waiting": 3, "sent": 0, "dead": 0, "dropped": 0}


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "overdue"}, {"due": "2026-11-20"}, {"key": "other"}, {"stage": "two"},
        {"nth": 1}, {"way": "mail", "address": "me@school.example"},
    ],
)  # fmt: skip
def test_another_kind_date_clock_or_way_is_another_reminder(database, now, post, changed):
    assert putting(database, now, post, replace(post, **changed)) == 2


@pytest.mark.parametrize("status", ["waiting", "sent", "dead"])
def test_what_stands_is_not_put_in_again(database, now, post, status):
    putting(database, now, post)
    with database.session() as session:
        session.execute(
            update(PostRow).values(status=status, sent_at=now if status == "sent" else None)
        )
    assert putting(database, now + timedelta(days=1), replace(post, body="Anew")) == 0
    with database.reading() as session:
        assert session.scalars(select(PostRow.body)).one() == post.body


def test_what_was_dropped_comes_back_fresh(database, now, post):
    putting(database, now, post)
    with database.session() as session:
        session.execute(update(PostRow).values(status="dropped", attempts=3, last_error="settled"))
    later = now + timedelta(days=1)
    assert putting(database, later, replace(post, body="Anew")) == 1
    with database.reading() as session:
        row = session.scalars(select(PostRow)).one()
    assert (row.status, row.attempts, row.last_error, row.body) == ("waiting", 0, None, "Anew")
    assert row.next_try_at == row.made_at == later


@pytest.mark.parametrize(
    "wrong", [{"way": "mail"}, {"address": "me@school.example"}, {"kind": "soon"}]
)
def test_the_tables_refuse_what_makes_no_sense(database, now, post, wrong):
    with pytest.raises(IntegrityError):
        putting(database, now, replace(post, **wrong))


def test_a_notice_is_shown_once_it_is_sent_and_until_it_is_seen(database, now, post):
    putting(database, now, post)
    assert notices(database) == ()
    sent(database, now)
    (notice,) = notices(database)
    assert (notice.reference, notice.kind, notice.body) == ("ESC-2026-0001", "due_soon", post.body)
    assert notice.sent_at == now
    seeing(database, now, notice)
    assert notices(database) == ()
    seeing(database, now + timedelta(hours=1), notice)
    with database.reading() as session:
        assert session.scalars(select(PostRow.seen_at)).one() == now


def test_only_the_latest_of_a_limit_is_shown_and_seeing_it_ends_the_earlier_ones(
    database, now, post
):
    putting(database, now, post)
    putting(database, now + timedelta(days=1), replace(post, kind="due_today"))
    sent(database, now)
    (notice,) = notices(database)
    assert notice.kind == "due_today"
    seeing(database, now, notice)
    assert notices(database) == ()


def test_nobody_sees_the_notices_of_somebody_else(database, now, post):
    putting(database, now, post)
    sent(database, now)
    (notice,) = notices(database)
    assert notices(database, person="person-2") == ()
    with pytest.raises(NotFoundError):
        seeing(database, now, notice, person="person-2")
    assert notices(database) == (notice,)


@pytest.mark.parametrize("how", ["settled", "extended", "undone", "ended"])
def test_a_notice_that_is_out_of_date_is_not_shown(database, now, post, how):
    putting(database, now, post)
    sent(database, now)
    changes = {
        "settled": update(ClockRow).values(status="met"),
        "extended": (
            update(ClockRow)
            .where(ClockRow.key == "reply")
            .values(status="extended", due_on=date(2026, 12, 1))
        ),
        "undone": delete(ClockRow),
        "ended": update(EscalationRow).values(status="resolved"),
    }
    with database.session() as session:
        session.execute(changes[how], execution_options={"synchronize_session": False})
    assert notices(database) == ()


def test_mail_is_no_notice(database, now, post):
    putting(database, now, replace(post, way="mail", address="me@school.example"))
    sent(database, now)
    assert notices(database) == ()


def test_what_is_dead_is_listed_with_its_reason_and_without_its_address(database, now, post):
    putting(database, now, replace(post, way="mail", address="me@school.example"), post)
    with database.session() as session:
        session.execute(
            update(PostRow)
            .where(PostRow.way == "mail")
            .values(status="dead", attempts=6, last_error="550")
        )
    with database.reading() as session:
        (letter,) = dead_letters(session)
        assert standing(session)["dead"] == 1
    assert (letter.reference, letter.attempts, letter.last_error) == ("ESC-2026-0001", 6, "550")
    assert "school.example" not in repr(letter)


def test_a_due_date_is_kept_in_utc():
    assert due_words(date(2026, 11, 19), None) == "2026-11-19"
    summer = datetime.fromisoformat("2026-07-02T09:30:00+01:00")
    assert due_words(None, summer) == "2026-07-02T08:30:00+00:00"
    assert due_words(None, None) is None
