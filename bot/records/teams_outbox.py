"""Microsoft Teams, what goes out: in order in each conversation, and known to have gone.

Who sends takes the first that waits, sends it outside the database and writes down what became of
it. If the program ends after Teams has it and before that is written, or if Teams never says that
it has it, it is sent again: no message to Teams carries a name by which a second one could be
told from the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.databases.checks import check_instant, check_json
from bot.records import audit
from bot.records.errors import NotFoundError
from bot.records.tables import PostRow, TeamsInboxRow, TeamsOutboxRow
from bot.records.teams import (
    Reference,
    Waiting,
    mark_answered,
    mark_unreachable,
    put_in,
    reference_of,
    unasked,
)


@dataclass(frozen=True, kw_only=True)
class NewActivity:
    """One activity to send; `replaces` is the one that it takes the place of, if any."""

    body: Mapping[str, Any]
    replaces: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """An activity to send now; `attempt` counts from 1."""

    id: int
    conversation: str
    service_url: str
    reply_to: str | None
    replaces: str | None
    body: Mapping[str, Any]
    attempt: int


def answer(
    session: Session, waiting: Waiting, activities: Sequence[NewActivity], *, now: datetime
) -> bool:
    """Put the answer to a message out and mark it answered; whether it was still to be answered.

    Raises:
        UnstorableError: an activity holds what no database keeps.
    """
    row = mark_answered(session, waiting, now=now)
    if row is None:
        return False
    for nth, activity in enumerate(activities):
        session.add(
            _outgoing(
                activity, now, nth=nth, inbox_id=row.id, person=row.person,
                conversation=row.conversation, service_url=row.service_url,
                reply_to=row.activity, post_id=row.post_id,
            )
        )  # fmt: skip
        session.flush()  # the order of the ids is the order of the replies
    return True


def put_message(
    session: Session, *, person: str, activities: Sequence[NewActivity], now: datetime
) -> Reference:
    """Write to a person unasked; where that goes.

    Raises:
        NotFoundError: they do not have the app, or Teams does not let us write to them.
        UnstorableError: an activity holds what no database keeps.
    """
    check_instant("The present instant", now)
    reference = reference_of(session, person=person)
    if reference is None or reference.status != "active":
        raise NotFoundError("This person cannot be reached in Microsoft Teams.")
    for nth, activity in enumerate(activities):
        session.add(
            _outgoing(
                activity, now, nth=nth, person=person, conversation=reference.conversation,
                service_url=reference.service_url,
            )
        )  # fmt: skip
        session.flush()
    return reference


def put_notice(session: Session, post: PostRow, *, person: str, case: str, now: datetime) -> bool:
    """Let a reminder of a case go out to Teams, once; whether this person is there to be reached.

    `case` is the reference of the escalation.
    """
    reference = reference_of(session, person=person)
    if reference is None or reference.status != "active":
        return False
    arrived = unasked(
        reference,
        name=str(uuid5(NAMESPACE_OID, f"teams-notice:{post.id}")),
        kind="notice",
        value={"text": post.body, "case": case, "stage": post.stage, "limit": post.key},
    )
    put_in(session, arrived, now=now, post_id=post.id)
    return True


def next_to_send(session: Session, *, conversation: str, now: datetime) -> Outgoing | None:
    """The first activity of a conversation that waits, its try counted; none before its time."""
    row = session.scalars(
        select(TeamsOutboxRow)
        .where(TeamsOutboxRow.conversation == conversation, TeamsOutboxRow.status == "waiting")
        .order_by(TeamsOutboxRow.id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or row.next_try_at > now:
        return None
    row.attempts += 1
    return Outgoing(
        id=row.id,
        conversation=row.conversation,
        service_url=row.service_url,
        reply_to=row.reply_to,
        replaces=row.replaces,
        body=row.body,
        attempt=row.attempts,
    )


def mark_sent(session: Session, outgoing: Outgoing, *, sent_as: str | None, now: datetime) -> None:
    """Teams has it. Its words are forgotten, but for a card that a tap may still replace.

    A reminder that arrived counts as seen: the next answer does not repeat it.
    """
    row = session.get_one(TeamsOutboxRow, outgoing.id, populate_existing=True)
    row.status, row.sent_at, row.sent_as, row.last_error = "sent", now, sent_as, None
    if row.body is not None and (sent_as is None or not row.body.get("attachments")):
        row.body = None
    if row.post_id is not None:
        session.execute(
            update(PostRow)
            .where(PostRow.id == row.post_id, PostRow.seen_at.is_(None))
            .values(seen_at=now)
        )


def put_off(session: Session, outgoing: Outgoing, *, until: datetime, error: str) -> None:
    """Teams could not take it now: it waits until then, and so does what comes after it."""
    session.execute(
        update(TeamsOutboxRow)
        .where(TeamsOutboxRow.id == outgoing.id, TeamsOutboxRow.status == "waiting")
        .values(next_try_at=until, last_error=error)
    )


def put_instead(
    session: Session, outgoing: Outgoing, body: Mapping[str, Any], *, error: str, now: datetime
) -> None:
    """Teams does not take it at all: these words go in its place."""
    session.execute(
        update(TeamsOutboxRow)
        .where(TeamsOutboxRow.id == outgoing.id, TeamsOutboxRow.status == "waiting")
        .values(body=dict(body), replaces=None, attempts=0, next_try_at=now, last_error=error)
    )


def give_up(session: Session, outgoing: Outgoing, *, error: str) -> None:
    """Teams will not take this one however often it is tried."""
    session.execute(
        update(TeamsOutboxRow)
        .where(TeamsOutboxRow.id == outgoing.id, TeamsOutboxRow.status == "waiting")
        .values(status="dead", body=None, last_error=error)
    )


def give_up_conversation(
    session: Session, outgoing: Outgoing, *, error: str, now: datetime
) -> None:
    """Teams says that this chat is closed to us: nothing that waits for it can arrive."""
    audit.take_turn(session)
    mark_unreachable(session, conversation=outgoing.conversation, error=error, now=now)
    session.execute(
        update(TeamsOutboxRow)
        .where(
            TeamsOutboxRow.conversation == outgoing.conversation,
            TeamsOutboxRow.status == "waiting",
        )
        .values(status="dead", body=None, last_error=error)
    )
    session.execute(
        update(TeamsInboxRow)
        .where(
            TeamsInboxRow.conversation == outgoing.conversation,
            TeamsInboxRow.status == "waiting",
            TeamsInboxRow.kind.in_(("notice", "news")),
        )
        .values(status="dropped", body=None, settled_at=now)
    )


def card_sent_as(session: Session, *, conversation: str, activity: str) -> Mapping[str, Any] | None:
    """The card that Teams calls so, while its buttons can still be tapped."""
    return session.scalars(
        select(TeamsOutboxRow.body)
        .where(TeamsOutboxRow.conversation == conversation, TeamsOutboxRow.sent_as == activity)
        .order_by(TeamsOutboxRow.id.desc())
        .limit(1)
    ).one_or_none()


def _outgoing(activity: NewActivity, now: datetime, **where: Any) -> TeamsOutboxRow:
    body = dict(activity.body)
    check_json("An activity", body)
    return TeamsOutboxRow(
        body=body,
        replaces=activity.replaces,
        status="waiting",
        attempts=0,
        next_try_at=now,
        made_at=now,
        **where,
    )
