"""The first rooms, their places, and what is done in them."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KINDS = (
    "'ask', 'say', 'choose', 'do', 'wait', 'guide', 'leave', "
    "'inject', 'announce', 'move', 'pause', 'resume', 'reveal', 'end'"
)


def words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def within(table: str, parent: str) -> sa.ForeignKeyConstraint:
    column = f"{parent}_id"
    name = op.f(f"fk_{table}_{column}_{parent}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    create_room()
    create_place()
    create_entry()
    create_lead()
    create_counting()


def create_room() -> None:
    op.create_table(
        "room",
        words("id"),
        words("code", nullable=True),
        words("scenario_id"),
        words("scenario_json"),
        words("scenario_hash"),
        words("key_hash", nullable=True),
        instant("opened_at"),
        instant("ended_at", nullable=True),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.CheckConstraint("(code IS NULL) = (key_hash IS NULL)", name=op.f("ck_room_led")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("code", name=op.f("uq_room_code")),
    )
    op.create_index("ix_room_delete_on", "room", ["delete_on"])


def create_place() -> None:
    still_open = sa.text("left_at IS NULL")
    op.create_table(
        "place",
        words("id"),
        words("room_id"),
        number("number"),
        words("reference"),
        words("alias"),
        words("holder_hash"),
        instant("joined_at"),
        instant("left_at", nullable=True),
        instant("ended_at", nullable=True),
        number("told_upto"),
        within("place", "room"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("reference", name=op.f("uq_place_reference")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_place_room_id_number")),
        sa.UniqueConstraint("room_id", "alias", name=op.f("uq_place_room_id_alias")),
        sa.UniqueConstraint("room_id", "holder_hash", name=op.f("uq_place_room_id_holder_hash")),
    )
    op.create_index(
        "ix_place_open", "place", ["holder_hash"], unique=True,
        sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
    op.create_index("ix_place_holder_hash", "place", ["holder_hash"])


def create_entry() -> None:
    op.create_table(
        "entry",
        words("place_id"),
        number("n"),
        words("kind"),
        words("what"),
        sa.Column("led", sa.Boolean(), nullable=False),
        instant("at"),
        words("message_id", nullable=True),
        number("told_after", nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_entry_kind")),
        sa.CheckConstraint("led = (message_id IS NULL)", name=op.f("ck_entry_led")),
        sa.CheckConstraint("led = (told_after IS NULL)", name=op.f("ck_entry_told")),
        within("entry", "place"),
        sa.PrimaryKeyConstraint("place_id", "n", name=op.f("pk_entry")),
        sa.UniqueConstraint("place_id", "message_id", name=op.f("uq_entry_place_id_message_id")),
    )


def create_lead() -> None:
    op.create_table(
        "lead",
        words("room_id"),
        number("n"),
        words("kind"),
        words("what"),
        words("place_id", nullable=True),
        instant("at"),
        words("message_id", nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_lead_kind")),
        within("lead", "room"),
        within("lead", "place"),
        sa.PrimaryKeyConstraint("room_id", "n", name=op.f("pk_lead")),
        sa.UniqueConstraint("room_id", "message_id", name=op.f("uq_lead_room_id_message_id")),
    )


def create_counting() -> None:
    op.create_table(
        "wrong_code",
        number("id"),
        words("holder_hash"),
        instant("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_code")),
    )
    op.create_index("ix_wrong_code_holder_hash", "wrong_code", ["holder_hash", "at"])
    op.create_table(
        "reference_counter",
        number("year"),
        number("last"),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_reference_counter")),
    )
