"""Reminders on their way, who asked for them by mail, and who put one off."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.databases.columns import UtcDateTime, one_of
from bot.records.base import Base
from bot.records.words import PostStatus, PostWay, Recipient, ReminderKind

ONCE = ("escalation_id", "stage", "key", "kind", "due", "nth", "way", "recipient")
"""What makes a reminder the same one: it is made once however often it is found due."""
OF_ONE_LIMIT = ("escalation_id", "stage", "key", "due", "way", "recipient")
"""What the reminders have in common that one recipient gets of one limit and date by one way."""


class PostRow(Base):
    """A reminder of one time limit to one recipient.

    `key` is the clock's, `due` the date or instant (ISO 8601, UTC) that it had: an extended limit
    is reminded of anew. `nth` counts the repeats of `overdue_again` and is 0 for every other kind;
    of what comes once more because its person put it off, it counts their wishes from -1 down.
    While a mail is being sent, `next_try_at` is when the sender's lease on it ends.
    """

    __tablename__ = "post"
    __table_args__ = (
        one_of("kind", ReminderKind),
        one_of("way", PostWay),
        one_of("recipient", Recipient),
        one_of("status", PostStatus),
        CheckConstraint("(way = 'mail') = (address IS NOT NULL)", name="addressed"),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        UniqueConstraint(*ONCE, name="uq_post_once"),
        # "what is to be sent now?", and "what is dead?"
        Index("ix_post_status_way_next_try_at", "status", "way", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"))
    stage: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str]
    due: Mapped[str]
    nth: Mapped[int]
    way: Mapped[str]
    recipient: Mapped[str]
    address: Mapped[str | None]
    subject: Mapped[str]
    body: Mapped[str]
    status: Mapped[str]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None]


class MailboxRow(Base):
    """Where a person asked to have reminders sent: nobody gets mail who did not ask for it."""

    __tablename__ = "mailbox"

    person: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    to_manager: Mapped[str | None]
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SnoozeRow(Base):
    """One wish to be reminded of a time limit at `until` and not before; the limit stays as it is.

    `key` is the clock's and `due` the date or instant that it had, as in `PostRow`: an extended
    limit is not put off any more.
    """

    __tablename__ = "snooze"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"), index=True)
    stage: Mapped[str]
    key: Mapped[str]
    due: Mapped[str]
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
