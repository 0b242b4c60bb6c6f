"""The outbox: reminders put in once, shown as notices in the conversation, listed when dead."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import cast, get_args

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.databases.checks import Checked, check_instant
from bot.records import audit
from bot.records.errors import NotFoundError
from bot.records.tables import ClockRow, EscalationRow, PostRow
from bot.records.tables.post import ONCE
from bot.records.words import STILL_RUNS, PostStatus, PostWay, Recipient, ReminderKind

OF_ITS_CLOCK = and_(
    ClockRow.escalation_id == PostRow.escalation_id,
    ClockRow.stage == PostRow.stage,
    ClockRow.key == PostRow.key,
)
"""Joins a reminder to its clock, which an undone step may have taken away."""


@dataclass(frozen=True, kw_only=True)
class NewPost(Checked):
    """A reminder to put into the outbox; see `PostRow` for its fields."""

    escalation_id: str
    stage: str
    key: str
    kind: ReminderKind
    due: str
    nth: int
    way: PostWay
    recipient: Recipient
    address: str | None
    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A reminder to show in the conversation; `id` is what `mark_seen` takes."""

    id: int
    reference: str
    stage: str
    key: str
    kind: ReminderKind
    subject: str
    body: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A reminder that was given up, and why. Its address is left out: it may be a name."""

    reference: str
    stage: str
    key: str
    kind: ReminderKind
    due: str
    way: PostWay
    recipient: Recipient
    attempts: int
    made_at: datetime
    last_error: str


def due_words(due_on: date | None, due_at: datetime | None) -> str | None:
    """The due date of a clock as a reminder keeps it; none where the clock has none."""
    if due_at is not None:
        return due_at.astimezone(UTC).isoformat()
    return None if due_on is None else due_on.isoformat()


def put(session: Session, posts: Sequence[NewPost], *, now: datetime) -> int:
    """Put reminders in, each only once; how many are new.

    One that was dropped comes back: it was never sent, and its clock runs again.
    """
    if not posts:
        return 0
    audit.take_turn(session)
    fresh = {
        "status": "waiting", "attempts": 0, "next_try_at": now, "made_at": now, "last_error": None,
    }  # fmt: skip
    # the two dialects write the same clause, each with its own construct
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = kind.insert(PostRow).values([{**asdict(post), **fresh} for post in posts])
    replaced = ("address", "subject", "body", *fresh)
    return len(
        session.execute(
            statement.on_conflict_do_update(
                index_elements=ONCE,
                set_={name: statement.excluded[name] for name in replaced},
                where=PostRow.status == "dropped",
            ).returning(PostRow.id)
        ).all()
    )


def notices_for(session: Session, *, person: str) -> tuple[Notice, ...]:
    """What this person has not seen yet: the latest reminder of each limit that still runs.

    An earlier reminder of the same limit says nothing more, and one of a limit that was settled,
    extended or undone since is out of date: neither is shown.
    """
    rows = session.execute(
        select(PostRow, EscalationRow.reference, ClockRow.due_on, ClockRow.due_at)
        .join(EscalationRow, EscalationRow.id == PostRow.escalation_id)
        .join(ClockRow, OF_ITS_CLOCK)
        .where(
            EscalationRow.person == person,
            EscalationRow.status == "open",
            ClockRow.status.in_(STILL_RUNS),
            PostRow.way == "conversation",
            PostRow.status == "sent",
        )
        .order_by(PostRow.made_at, PostRow.id)
    )
    latest = {
        (row.escalation_id, row.stage, row.key): (row, reference)
        for row, reference, due_on, due_at in rows
        if row.due == due_words(due_on, due_at)
    }
    return tuple(_notice(row, reference) for row, reference in latest.values() if not row.seen_at)


def mark_seen(session: Session, *, person: str, notices: Sequence[int], now: datetime) -> None:
    """Remember that this person was shown these notices; a second time changes nothing.

    Raises:
        NotFoundError: one of them is not this person's.
    """
    check_instant("The present instant", now)
    audit.take_turn(session)
    theirs = select(EscalationRow.id).where(EscalationRow.person == person)
    own = and_(PostRow.id.in_(notices), PostRow.escalation_id.in_(theirs))
    if len(session.scalars(select(PostRow.id).where(own)).all()) != len(set(notices)):
        raise NotFoundError("You have no such reminder.")
    session.execute(update(PostRow).where(own, PostRow.seen_at.is_(None)).values(seen_at=now))


def dead_letters(session: Session) -> tuple[DeadLetter, ...]:
    """Every reminder that was given up, the oldest first."""
    rows = session.execute(
        select(PostRow, EscalationRow.reference)
        .join(EscalationRow, EscalationRow.id == PostRow.escalation_id)
        .where(PostRow.status == "dead")
        .order_by(PostRow.made_at, PostRow.id)
    )
    return tuple(
        DeadLetter(
            reference=reference,
            stage=row.stage,
            key=row.key,
            kind=cast(ReminderKind, row.kind),
            due=row.due,
            way=cast(PostWay, row.way),
            recipient=cast(Recipient, row.recipient),
            attempts=row.attempts,
            made_at=row.made_at,
            last_error=row.last_error or "",
        )
        for row, reference in rows
    )


def standing(session: Session) -> Mapping[PostStatus, int]:
    """How many reminders there are in each status."""
    counted = dict(
        session.execute(select(PostRow.status, func.count()).group_by(PostRow.status))
        .tuples()
        .all()
    )
    return {status: counted.get(status, 0) for status in get_args(PostStatus)}


def _notice(row: PostRow, reference: str) -> Notice:
    return Notice(
        id=row.id,
        reference=reference,
        stage=row.stage,
        key=row.key,
        kind=cast(ReminderKind, row.kind),
        subject=row.subject,
        body=row.body,
        sent_at=cast(datetime, row.sent_at),
    )
