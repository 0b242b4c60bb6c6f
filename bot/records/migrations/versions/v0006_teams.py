"""Microsoft Teams: what came in, what goes out, and where people can be reached."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    create_reference()
    create_inbox()
    create_outbox()


def create_reference() -> None:
    op.create_table(
        "teams_reference",
        words("person"),
        words("conversation"),
        words("service_url"),
        words("bot"),
        words("account"),
        words("status"),
        words("last_error", nullable=True),
        instant("welcomed_at", nullable=True),
        instant("changed_at"),
        sa.CheckConstraint(
            "status IN ('active', 'unreachable')", name=op.f("ck_teams_reference_status")
        ),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_teams_reference")),
    )
    op.create_index("ix_teams_reference_conversation", "teams_reference", ["conversation"])


def create_inbox() -> None:
    op.create_table(
        "teams_inbox",
        number("id"),
        words("name"),
        words("person"),
        words("conversation"),
        words("service_url"),
        words("activity", nullable=True),
        words("kind"),
        sa.Column("body", sa.JSON(), nullable=True),
        number("post_id", nullable=True),
        words("status"),
        number("attempts"),
        instant("taken_at"),
        instant("settled_at", nullable=True),
        sa.CheckConstraint(
            "kind IN ('message', 'edited', 'tap', 'unusable', 'installed', 'elsewhere', 'notice')",
            name=op.f("ck_teams_inbox_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'answered', 'dropped')", name=op.f("ck_teams_inbox_status")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (body IS NOT NULL)", name=op.f("ck_teams_inbox_body")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_teams_inbox_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams_inbox")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_inbox_name")),
    )
    op.create_index(
        "ix_teams_inbox_status_conversation", "teams_inbox", ["status", "conversation", "id"]
    )


def create_outbox() -> None:
    op.create_table(
        "teams_outbox",
        number("id"),
        number("inbox_id", nullable=True),
        number("nth"),
        words("person"),
        words("conversation"),
        words("service_url"),
        words("reply_to", nullable=True),
        words("replaces", nullable=True),
        sa.Column("body", sa.JSON(), nullable=True),
        number("post_id", nullable=True),
        words("status"),
        number("attempts"),
        instant("next_try_at"),
        instant("made_at"),
        instant("sent_at", nullable=True),
        words("sent_as", nullable=True),
        words("last_error", nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'sent', 'dead', 'dropped')", name=op.f("ck_teams_outbox_status")
        ),
        sa.CheckConstraint(
            "status <> 'waiting' OR body IS NOT NULL", name=op.f("ck_teams_outbox_body")
        ),
        sa.CheckConstraint(
            "(status = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_teams_outbox_sent")
        ),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["teams_inbox.id"], name=op.f("fk_teams_outbox_inbox_id_teams_inbox")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_teams_outbox_post_id_post")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams_outbox")),
        sa.UniqueConstraint("inbox_id", "nth", name=op.f("uq_teams_outbox_inbox_id_nth")),
    )
    op.create_index(
        "ix_teams_outbox_status_conversation", "teams_outbox", ["status", "conversation", "id"]
    )
    op.create_index("ix_teams_outbox_sent_as", "teams_outbox", ["conversation", "sent_as"])
