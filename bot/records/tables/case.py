"""An escalation and what belongs to it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.databases.columns import UtcDateTime, one_of
from bot.records.base import Base
from bot.records.words import (
    ClockStatus,
    DutyStatus,
    EscalationStatus,
    ParticipantSide,
    Side,
    StepKind,
    Subject,
)

RUNNING = text("status IN ('running', 'extended')")
"""An extended limit still runs, to its new date."""


class EscalationRow(Base):
    """One professional disagreement being taken through one version of one policy."""

    __tablename__ = "escalation"
    __table_args__ = (
        one_of("subject", Subject),
        one_of("side", Side),
        one_of("status", EscalationStatus),
        Index("ix_escalation_person", "person", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    person: Mapped[str]
    policy_id: Mapped[str]
    policy_version: Mapped[str]
    policy_hash: Mapped[str]
    subject: Mapped[str]
    side: Mapped[str]
    area: Mapped[str | None]
    summary: Mapped[str | None]
    status: Mapped[str]
    raised_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]
    ending: Mapped[str | None]
    lessons: Mapped[str | None]
    began_under: Mapped[str | None]
    kept_over: Mapped[str | None]

    stages: Mapped[list["StageEntryRow"]] = relationship(order_by="StageEntryRow.id")
    clocks: Mapped[list["ClockRow"]] = relationship(order_by="ClockRow.id")
    duties: Mapped[list["DutyRow"]] = relationship(order_by="DutyRow.id")
    answers: Mapped[list["AnswerRow"]] = relationship(order_by="AnswerRow.position")
    participants: Mapped[list["ParticipantRow"]] = relationship(order_by="ParticipantRow.id")


class StageEntryRow(Base):
    """A stage that the escalation entered, and how it left it."""

    __tablename__ = "stage_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"), index=True)
    stage: Mapped[str]
    label: Mapped[str]
    entered_on: Mapped[date]
    left_on: Mapped[date | None]
    outcome: Mapped[str | None]


class ClockRow(Base):
    """A limit that the policy sets: a due date, a due instant, or only words."""

    __tablename__ = "clock"
    __table_args__ = (
        one_of("status", ClockStatus),
        CheckConstraint("due_on IS NULL OR due_at IS NULL", name="one_due"),
        UniqueConstraint("escalation_id", "stage", "key"),
        # "what is due?" at a million rows: findings/speed-and-faults.md
        Index("ix_clock_status_due_on", "status", "due_on"),
        Index("ix_clock_status_due_at", "status", "due_at"),
        Index(
            "ix_clock_running_due_on",
            "due_on",
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
            postgresql_include=["id"],  # SQLite has it in every index
        ),
        Index(
            "ix_clock_running_due_at",
            "due_at",
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
            postgresql_include=["id"],  # SQLite has it in every index
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"))
    stage: Mapped[str]
    key: Mapped[str]
    what: Mapped[str]
    owner: Mapped[str]
    event: Mapped[str]
    event_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    words: Mapped[str]
    strength: Mapped[str]
    basis: Mapped[str]
    indicative: Mapped[bool]
    convention: Mapped[str | None]
    citation: Mapped[str | None]
    status: Mapped[str]
    settled_on: Mapped[date | None]
    reason: Mapped[str | None]


class DutyRow(Base):
    """Something that the policy asks of someone in this escalation."""

    __tablename__ = "duty"
    __table_args__ = (
        one_of("status", DutyStatus),
        UniqueConstraint("escalation_id", "stage", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"))
    key: Mapped[str]
    kind: Mapped[str]
    strength: Mapped[str]
    who: Mapped[str | None]
    to_whom: Mapped[str | None]
    what: Mapped[str]
    stage: Mapped[str | None]
    citation: Mapped[str]
    status: Mapped[str]
    settled_on: Mapped[date | None]


class StepRow(Base):
    """One step that a case took after it was recorded; `before` is what undoing it restores.

    Steps are undone from the last one back.
    """

    __tablename__ = "step"
    __table_args__ = (one_of("kind", StepKind), UniqueConstraint("escalation_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"))
    position: Mapped[int]
    kind: Mapped[str]
    before: Mapped[Any] = mapped_column(JSON, nullable=False)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnswerRow(Base):
    """What the practitioner said to one question of the policy."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("escalation_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"))
    position: Mapped[int]
    fact: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON, nullable=False)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ParticipantRow(Base):
    """Who takes part, by role: never a name."""

    __tablename__ = "participant"
    __table_args__ = (one_of("side", ParticipantSide),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"), index=True)
    role: Mapped[str]
    side: Mapped[str]
    agency: Mapped[str | None]
