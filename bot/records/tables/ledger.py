"""What makes the records trustworthy: the audit trail, the numbers, the keys."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.databases.columns import UtcDateTime
from bot.records.base import Base


class AuditEntryRow(Base):
    """One thing that someone did. Triggers refuse every change and deletion.

    `at` and `detail` are text, so that the hash covers the very bytes that are stored.
    """

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]
    detail: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class AuditHeadRow(Base):
    """Where the audit trail ends: one row, which is also the lock of every writer.

    It shows when the newest entries were cut off, which the chain alone cannot.
    """

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str]


class ReferenceCounterRow(Base):
    """The last number given to an escalation in a calendar year."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class IdempotencyRow(Base):
    """A message that was acted on, and what came of it: a repeat gets the same."""

    __tablename__ = "idempotency"

    key: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str]
    person: Mapped[str]
    result: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
