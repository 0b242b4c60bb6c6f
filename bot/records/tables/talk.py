"""What a conversation leaves behind: drafts, risk alerts, notes to prepare with."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.databases.columns import UtcDateTime, one_of
from bot.records.base import Base
from bot.records.words import AlertSource, CallMade, DraftStatus, NoteState, SettledAs, Tier


class DraftRow(Base):
    """A walk that is not recorded yet; a person may have several."""

    __tablename__ = "draft"
    __table_args__ = (
        one_of("status", DraftStatus),
        Index("ix_draft_person", "person", "status", "updated_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    policy_id: Mapped[str]
    policy_version: Mapped[str]
    phase: Mapped[str]
    answers: Mapped[Any] = mapped_column(JSON, nullable=False)
    status: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RiskAlertRow(Base):
    """Someone may be at risk now: what was said, what was shown, how it ended."""

    __tablename__ = "risk_alert"
    __table_args__ = (
        one_of("tier", Tier),
        one_of("source", AlertSource),
        one_of("call_made", CallMade),
        one_of("settled_as", SettledAs),
        CheckConstraint("(settled_at IS NULL) = (settled_as IS NULL)", name="settled"),
        Index("ix_risk_alert_conversation", "conversation", "settled_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    conversation: Mapped[str]
    escalation_id: Mapped[str | None] = mapped_column(ForeignKey("escalation.id"), index=True)
    policy_id: Mapped[str | None]
    tier: Mapped[str]
    source: Mapped[str]
    matched: Mapped[str]
    score: Mapped[float | None]
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    call_made: Mapped[str]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_as: Mapped[str | None]


class PreparationNoteRow(Base):
    """What someone noted at one reflective question, before the case or in it."""

    __tablename__ = "preparation_note"
    __table_args__ = (
        one_of("state", NoteState),
        CheckConstraint("(escalation_id IS NULL) <> (draft_id IS NULL)", name="one_home"),
        UniqueConstraint("escalation_id", "question"),
        UniqueConstraint("draft_id", "question"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[str | None] = mapped_column(ForeignKey("escalation.id"))
    draft_id: Mapped[str | None] = mapped_column(ForeignKey("draft.id"))
    question: Mapped[str]
    heading: Mapped[str]
    note: Mapped[str | None]
    state: Mapped[str]
