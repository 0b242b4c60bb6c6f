"""Reminders: the outbox, and who asked for them by mail."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    create_post()
    op.create_table(
        "mailbox",
        words("person"),
        words("address"),
        words("to_manager", nullable=True),
        instant("consented_at"),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_mailbox")),
    )


def create_post() -> None:
    once = ("escalation_id", "stage", "key", "kind", "due", "nth", "way", "recipient")
    op.create_table(
        "post",
        number("id"),
        words("escalation_id"),
        words("stage"),
        words("key"),
        words("kind"),
        words("due"),
        number("nth"),
        words("way"),
        words("recipient"),
        words("address", nullable=True),
        words("subject"),
        words("body"),
        words("status"),
        number("attempts"),
        instant("next_try_at"),
        instant("made_at"),
        instant("sent_at", nullable=True),
        instant("seen_at", nullable=True),
        words("last_error", nullable=True),
        sa.CheckConstraint(
            "kind IN ('due_soon', 'due_today', 'overdue', 'overdue_again')",
            name=op.f("ck_post_kind"),
        ),
        sa.CheckConstraint("way IN ('conversation', 'mail')", name=op.f("ck_post_way")),
        sa.CheckConstraint("recipient IN ('person', 'manager')", name=op.f("ck_post_recipient")),
        sa.CheckConstraint(
            "status IN ('waiting', 'sent', 'dead', 'dropped')", name=op.f("ck_post_status")
        ),
        sa.CheckConstraint(
            "(way = 'mail') = (address IS NOT NULL)", name=op.f("ck_post_addressed")
        ),
        sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_post_sent")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_post_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint(*once, name=op.f("uq_post_once")),
    )
    op.create_index("ix_post_status_way_next_try_at", "post", ["status", "way", "next_try_at"])
