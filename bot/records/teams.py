"""Microsoft Teams, what comes in: kept before Teams is told that it arrived, answered once.

A message is taken in with one transaction, and its answer goes into the outbox
(`bot.records.teams_outbox`) with the one that marks it answered. Whatever ends the program in
between, the message is there and waits, or its answer is there and goes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.databases.checks import Checked, JsonValue, check_instant
from bot.records import audit
from bot.records.tables import TeamsInboxRow, TeamsOutboxRow, TeamsReferenceRow
from bot.records.words import ReferenceStatus, TeamsKind


@dataclass(frozen=True, kw_only=True)
class Arrived(Checked):
    """One message of a personal chat, as `take_in` keeps it.

    Attributes:
        name: The same for the same message, however often Teams sends it.
        person: The sender id, from tenant and object id.
        conversation: The personal chat.
        service_url: Where answers to it go.
        bot: How the chat names the bot.
        account: How the chat names the person.
        activity: What Teams calls the message.
        kind: What it is.
        value: Its words or its button, as the worker reads them.
    """

    name: str
    person: str
    conversation: str
    service_url: str
    bot: str
    account: str
    activity: str | None
    kind: TeamsKind
    value: JsonValue


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message that is to be answered now; `attempt` counts from 1."""

    id: int
    name: str
    person: str
    conversation: str
    service_url: str
    activity: str | None
    kind: TeamsKind
    body: Mapping[str, Any]
    attempt: int


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Where a person can be written to unasked; see `TeamsReferenceRow`.

    `changed_at` moves with each message of theirs.
    """

    person: str
    conversation: str
    service_url: str
    status: ReferenceStatus
    last_error: str | None
    changed_at: datetime


def take_in(session: Session, arrived: Arrived, *, now: datetime) -> bool:
    """Keep a message and where its sender can be reached; whether it is new.

    What waits for this conversation is sent without more delay: it can plainly be reached. An
    install is taken in only until the person was welcomed. Nobody is reached in a group.
    """
    check_instant("The present instant", now)
    audit.take_turn(session)
    if arrived.kind == "elsewhere":
        return put_in(session, arrived, now=now)
    reference = _refreshed(session, arrived, now)
    if arrived.kind == "installed":
        if reference.welcomed_at is not None:
            return False
        reference.welcomed_at = now
    session.execute(
        update(TeamsOutboxRow)
        .where(
            TeamsOutboxRow.conversation == arrived.conversation,
            TeamsOutboxRow.status == "waiting",
            TeamsOutboxRow.next_try_at > now,
        )
        .values(next_try_at=now)
    )
    return put_in(session, arrived, now=now)


def put_in(
    session: Session, arrived: Arrived, *, now: datetime, post_id: int | None = None
) -> bool:
    """Put one message into the inbox, only once; whether it is new."""
    # the two dialects write the same clause, each with its own construct
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = kind.insert(TeamsInboxRow).values(
        name=arrived.name,
        person=arrived.person,
        conversation=arrived.conversation,
        service_url=arrived.service_url,
        activity=arrived.activity,
        kind=arrived.kind,
        body=arrived.value,
        post_id=post_id,
        status="waiting",
        attempts=0,
        taken_at=now,
    )
    new = statement.on_conflict_do_nothing(index_elements=["name"]).returning(TeamsInboxRow.id)
    return session.execute(new).first() is not None


def put_news(session: Session, reference: Reference, *, name: str, now: datetime) -> bool:
    """Let a person hear what happened in their rehearsal, once under this name; whether it is new.

    What happened is not kept here: the turn asks for it.
    """
    check_instant("The present instant", now)
    audit.take_turn(session)
    return put_in(session, unasked(reference, name=name, kind="news", value={}), now=now)


def unasked(reference: Reference, *, name: str, kind: TeamsKind, value: JsonValue) -> Arrived:
    """What goes out to a person though they sent nothing, as a message that could be put in."""
    return Arrived(
        name=name,
        person=reference.person,
        conversation=reference.conversation,
        service_url=reference.service_url,
        bot="",
        account="",
        activity=None,
        kind=kind,
        value=value,
    )


def waiting_news(session: Session) -> int:
    """How many people are just to hear what happened in their rehearsal."""
    asked = select(func.count(TeamsInboxRow.id)).where(
        TeamsInboxRow.status == "waiting", TeamsInboxRow.kind == "news"
    )
    return session.scalar(asked) or 0


def people(session: Session) -> Sequence[str]:
    """Everybody who has the app."""
    return session.scalars(select(TeamsReferenceRow.person)).all()


def waiting_conversations(session: Session, *, now: datetime) -> tuple[str, ...]:
    """The conversations where something is to be answered or sent now."""
    answers = select(TeamsInboxRow.conversation).where(TeamsInboxRow.status == "waiting")
    sends = select(TeamsOutboxRow.conversation).where(
        TeamsOutboxRow.status == "waiting", TeamsOutboxRow.next_try_at <= now
    )
    return tuple(session.scalars(union(answers, sends)))


def next_to_answer(session: Session, *, conversation: str) -> Waiting | None:
    """The oldest message of a conversation that waits, its try counted; none if there is none."""
    row = session.scalars(
        select(TeamsInboxRow)
        .where(TeamsInboxRow.conversation == conversation, TeamsInboxRow.status == "waiting")
        .order_by(TeamsInboxRow.id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    row.attempts += 1
    return Waiting(
        id=row.id,
        name=row.name,
        person=row.person,
        conversation=row.conversation,
        service_url=row.service_url,
        activity=row.activity,
        kind=cast(TeamsKind, row.kind),
        body=row.body,
        attempt=row.attempts,
    )


def mark_answered(session: Session, waiting: Waiting, *, now: datetime) -> TeamsInboxRow | None:
    """Empty an answered message; none where it was dropped meanwhile and needs no answer."""
    row = session.get(TeamsInboxRow, waiting.id, with_for_update=True, populate_existing=True)
    if row is None or row.status != "waiting":
        return None
    row.status, row.body, row.settled_at = "answered", None, now
    return row


def reference_of(session: Session, *, person: str) -> Reference | None:
    """Where this person can be reached in Teams, if they have the app."""
    return references(session, people=[person]).get(person)


def references(session: Session, *, people: Sequence[str]) -> Mapping[str, Reference]:
    """Where those of these people can be reached who have the app."""
    asked = select(TeamsReferenceRow).where(TeamsReferenceRow.person.in_(people))
    rows = session.scalars(asked.execution_options(populate_existing=True))
    return {
        row.person: Reference(
            person=row.person,
            conversation=row.conversation,
            service_url=row.service_url,
            status=cast(ReferenceStatus, row.status),
            last_error=row.last_error,
            changed_at=row.changed_at,
        )
        for row in rows
    }


def mark_unreachable(session: Session, *, conversation: str, error: str, now: datetime) -> None:
    """Microsoft says that this chat cannot be written to: nobody tries until it is heard again."""
    session.execute(
        update(TeamsReferenceRow)
        .where(TeamsReferenceRow.conversation == conversation)
        .values(status="unreachable", last_error=error, changed_at=now)
    )


def forget(session: Session, *, person: str, now: datetime) -> None:
    """The person removed the app: forget where they are, and what was said there.

    Their escalations stay. What still waited to be answered or sent is dropped.
    """
    check_instant("The present instant", now)
    audit.take_turn(session)
    session.execute(delete(TeamsReferenceRow).where(TeamsReferenceRow.person == person))
    session.execute(
        update(TeamsInboxRow)
        .where(TeamsInboxRow.person == person, TeamsInboxRow.status == "waiting")
        .values(status="dropped", body=None, settled_at=now)
    )
    theirs = TeamsOutboxRow.person == person
    session.execute(
        update(TeamsOutboxRow)
        .where(theirs, TeamsOutboxRow.status == "waiting")
        .values(status="dropped", body=None, last_error="The person removed the app.")
    )
    session.execute(update(TeamsOutboxRow).where(theirs).values(body=None))


def forget_old(session: Session, *, before: datetime) -> None:
    """Delete what was settled before an instant: Teams does not send it again by then."""
    old = (TeamsOutboxRow.status != "waiting", TeamsOutboxRow.made_at < before)
    session.execute(delete(TeamsOutboxRow).where(*old))
    kept: Sequence[Any] = (
        TeamsInboxRow.status != "waiting",
        TeamsInboxRow.settled_at < before,
        ~select(TeamsOutboxRow.id).where(TeamsOutboxRow.inbox_id == TeamsInboxRow.id).exists(),
    )
    session.execute(delete(TeamsInboxRow).where(*kept))


def _refreshed(session: Session, arrived: Arrived, now: datetime) -> TeamsReferenceRow:
    row = session.get(TeamsReferenceRow, arrived.person, populate_existing=True)
    if row is None:
        row = TeamsReferenceRow(person=arrived.person)
        session.add(row)
    row.conversation, row.service_url = arrived.conversation, arrived.service_url
    row.bot, row.account = arrived.bot, arrived.account
    row.status, row.last_error, row.changed_at = "active", None, now
    session.flush()
    return row
