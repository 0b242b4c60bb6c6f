"""Every table, so that the metadata is whole wherever one of them is used."""

from bot.records.base import Base
from bot.records.tables.case import (
    AnswerRow,
    ClockRow,
    DutyRow,
    EscalationRow,
    ParticipantRow,
    StageEntryRow,
    StepRow,
)
from bot.records.tables.ledger import (
    AuditEntryRow,
    AuditHeadRow,
    IdempotencyRow,
    ReferenceCounterRow,
)
from bot.records.tables.post import MailboxRow, PostRow, SnoozeRow
from bot.records.tables.talk import DraftRow, PreparationNoteRow, RiskAlertRow
from bot.records.tables.teams import TeamsInboxRow, TeamsOutboxRow, TeamsReferenceRow

__all__ = [
    "AnswerRow",
    "AuditEntryRow",
    "AuditHeadRow",
    "Base",
    "ClockRow",
    "DraftRow",
    "DutyRow",
    "EscalationRow",
    "IdempotencyRow",
    "MailboxRow",
    "ParticipantRow",
    "PostRow",
    "PreparationNoteRow",
    "ReferenceCounterRow",
    "RiskAlertRow",
    "SnoozeRow",
    "StageEntryRow",
    "StepRow",
    "TeamsInboxRow",
    "TeamsOutboxRow",
    "TeamsReferenceRow",
]
