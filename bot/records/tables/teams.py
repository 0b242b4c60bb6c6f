"""Microsoft Teams: what came in, what goes out, and where people can be reached."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.databases.columns import UtcDateTime, one_of
from bot.records.base import Base
from bot.records.words import InboxStatus, OutboxStatus, ReferenceStatus, TeamsKind

NOTHING_OR_JSON = JSON(none_as_null=True)


class TeamsReferenceRow(Base):
    """The personal chat of one person, so that they can be written to unasked.

    `bot` and `account` are how that chat names the two of us. `welcomed_at` is empty until the
    person was greeted.
    """

    __tablename__ = "teams_reference"
    __table_args__ = (
        one_of("status", ReferenceStatus),
        Index("ix_teams_reference_conversation", "conversation"),
    )

    person: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str]
    service_url: Mapped[str]
    bot: Mapped[str]
    account: Mapped[str]
    status: Mapped[str]
    last_error: Mapped[str | None]
    welcomed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TeamsInboxRow(Base):
    """One message that we took, until it is answered and long enough after to know it again.

    `name` is made from what Teams calls the message: the same message has the same name. `body`
    holds the person's words and is emptied once they are answered.
    """

    __tablename__ = "teams_inbox"
    __table_args__ = (
        one_of("kind", TeamsKind),
        one_of("status", InboxStatus),
        CheckConstraint("(status = 'waiting') = (body IS NOT NULL)", name="body"),
        UniqueConstraint("name"),
        # "what waits in this conversation?", and "where does anything wait?"
        Index("ix_teams_inbox_status_conversation", "status", "conversation", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    person: Mapped[str]
    conversation: Mapped[str]
    service_url: Mapped[str]
    activity: Mapped[str | None]
    kind: Mapped[str]
    body: Mapped[Any] = mapped_column(NOTHING_OR_JSON, nullable=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    status: Mapped[str]
    attempts: Mapped[int]
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TeamsOutboxRow(Base):
    """One activity on its way to Teams.

    `replaces` is the activity that it takes the place of, if any; `sent_as` is what Teams calls it.
    The body of a card is kept after it was sent, until its buttons are too old to be tapped.
    """

    __tablename__ = "teams_outbox"
    __table_args__ = (
        one_of("status", OutboxStatus),
        CheckConstraint("status <> 'waiting' OR body IS NOT NULL", name="body"),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        UniqueConstraint("inbox_id", "nth"),
        Index("ix_teams_outbox_status_conversation", "status", "conversation", "id"),
        Index("ix_teams_outbox_sent_as", "conversation", "sent_as"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("teams_inbox.id"))
    nth: Mapped[int]
    person: Mapped[str]
    conversation: Mapped[str]
    service_url: Mapped[str]
    reply_to: Mapped[str | None]
    replaces: Mapped[str | None]
    body: Mapped[Any] = mapped_column(NOTHING_OR_JSON, nullable=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    status: Mapped[str]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_as: Mapped[str | None]
    last_error: Mapped[str | None]
