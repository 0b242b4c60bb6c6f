"""The first records: cases and conversations."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    create_case()
    create_talk()


def create_case() -> None:
    running = sa.text("status = 'running'")
    op.create_table(
        "escalation",
        words("id"),
        words("reference"),
        words("person"),
        words("policy_id"),
        words("policy_version"),
        words("policy_hash"),
        words("subject"),
        words("side"),
        words("area", nullable=True),
        words("summary", nullable=True),
        words("status"),
        sa.Column("raised_on", sa.Date(), nullable=False),
        instant("created_at"),
        sa.CheckConstraint("side IN ('raising', 'challenged')", name=op.f("ck_escalation_side")),
        sa.CheckConstraint(
            "status IN ('open', 'resolved', 'closed', 'withdrawn')",
            name=op.f("ck_escalation_status"),
        ),
        sa.CheckConstraint(
            "subject IN ('child', 'adult_at_risk', 'not_said')", name=op.f("ck_escalation_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("reference", name=op.f("uq_escalation_reference")),
    )
    op.create_index("ix_escalation_person", "escalation", ["person", "created_at"])
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        words("escalation_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        words("fact"),
        sa.Column("value", sa.JSON(), nullable=False),
        instant("said_at"),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_answer_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "escalation_id", "position", name=op.f("uq_answer_escalation_id_position")
        ),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        words("escalation_id"),
        words("stage"),
        words("key"),
        words("what"),
        words("owner"),
        words("event"),
        instant("event_at", nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        instant("due_at", nullable=True),
        words("words"),
        words("strength"),
        words("basis"),
        sa.Column("indicative", sa.Boolean(), nullable=False),
        words("convention", nullable=True),
        words("citation", nullable=True),
        words("status"),
        sa.CheckConstraint(
            "status IN ('running', 'not_started', 'no_number', 'met', 'missed', 'stopped', "
            "'extended')",
            name=op.f("ck_clock_status"),
        ),
        sa.CheckConstraint("due_on IS NULL OR due_at IS NULL", name=op.f("ck_clock_one_due")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_clock_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint(
            "escalation_id", "stage", "key", name=op.f("uq_clock_escalation_id_stage_key")
        ),
    )
    op.create_index(
        "ix_clock_running_due_at",
        "clock",
        ["due_at"],
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_index(
        "ix_clock_running_due_on",
        "clock",
        ["due_on"],
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_index("ix_clock_status_due_at", "clock", ["status", "due_at"])
    op.create_index("ix_clock_status_due_on", "clock", ["status", "due_on"])
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        words("escalation_id"),
        words("key"),
        words("kind"),
        words("strength"),
        words("who", nullable=True),
        words("to_whom", nullable=True),
        words("what"),
        words("stage", nullable=True),
        words("citation"),
        words("status"),
        sa.CheckConstraint("status IN ('owed', 'done', 'not_needed')", name=op.f("ck_duty_status")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_duty_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint(
            "escalation_id", "stage", "key", name=op.f("uq_duty_escalation_id_stage_key")
        ),
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        words("escalation_id"),
        words("role"),
        words("side"),
        words("agency", nullable=True),
        sa.CheckConstraint(
            "side IN ('raising', 'challenged', 'other')", name=op.f("ck_participant_side")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalation.id"],
            name=op.f("fk_participant_escalation_id_escalation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    op.create_index("ix_participant_escalation_id", "participant", ["escalation_id"])
    op.create_table(
        "stage_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        words("escalation_id"),
        words("stage"),
        words("label"),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        words("outcome", nullable=True),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalation.id"],
            name=op.f("fk_stage_entry_escalation_id_escalation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_entry")),
    )
    op.create_index("ix_stage_entry_escalation_id", "stage_entry", ["escalation_id"])


def create_talk() -> None:
    op.create_table(
        "draft",
        words("id"),
        words("person"),
        words("policy_id"),
        words("policy_version"),
        words("phase"),
        sa.Column("answers", sa.JSON(), nullable=False),
        words("status"),
        instant("created_at"),
        instant("updated_at"),
        sa.CheckConstraint(
            "status IN ('open', 'recorded', 'discarded')", name=op.f("ck_draft_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_person", "draft", ["person", "status", "updated_at"])
    op.create_table(
        "preparation_note",
        sa.Column("id", sa.Integer(), nullable=False),
        words("escalation_id", nullable=True),
        words("draft_id", nullable=True),
        words("question"),
        words("heading"),
        words("note", nullable=True),
        words("state"),
        sa.CheckConstraint(
            "state IN ('answered', 'not_known_yet', 'skipped')",
            name=op.f("ck_preparation_note_state"),
        ),
        sa.CheckConstraint(
            "(escalation_id IS NULL) <> (draft_id IS NULL)",
            name=op.f("ck_preparation_note_one_home"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_preparation_note_draft_id_draft")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalation.id"],
            name=op.f("fk_preparation_note_escalation_id_escalation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparation_note")),
        sa.UniqueConstraint(
            "draft_id", "question", name=op.f("uq_preparation_note_draft_id_question")
        ),
        sa.UniqueConstraint(
            "escalation_id", "question", name=op.f("uq_preparation_note_escalation_id_question")
        ),
    )
    op.create_table(
        "risk_alert",
        words("id"),
        words("person"),
        words("conversation"),
        words("escalation_id", nullable=True),
        words("policy_id", nullable=True),
        words("tier"),
        words("source"),
        words("matched"),
        sa.Column("score", sa.Float(), nullable=True),
        instant("raised_at"),
        words("call_made"),
        instant("settled_at", nullable=True),
        words("settled_as", nullable=True),
        sa.CheckConstraint(
            "call_made IN ('yes', 'no', 'not_said')", name=op.f("ck_risk_alert_call_made")
        ),
        sa.CheckConstraint(
            "settled_as IN ('in_danger', 'not_sure', 'not_in_danger', 'advice_given')",
            name=op.f("ck_risk_alert_settled_as"),
        ),
        sa.CheckConstraint(
            "source IN ('typed', 'button', 'question')", name=op.f("ck_risk_alert_source")
        ),
        sa.CheckConstraint("tier IN ('high', 'low')", name=op.f("ck_risk_alert_tier")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_as IS NULL)", name=op.f("ck_risk_alert_settled")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalation.id"],
            name=op.f("fk_risk_alert_escalation_id_escalation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_alert")),
    )
    op.create_index("ix_risk_alert_conversation", "risk_alert", ["conversation", "settled_at"])
    op.create_index("ix_risk_alert_escalation_id", "risk_alert", ["escalation_id"])
