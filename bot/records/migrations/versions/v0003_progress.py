"""Progress: how stages, clocks and duties are settled, how a case ends, and every step of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RUNNING = sa.text("status IN ('running', 'extended')")


def upgrade() -> None:
    for table, column, kind in (
        ("escalation", "ended_on", sa.Date()),
        ("escalation", "ending", sa.String()),
        ("escalation", "lessons", sa.String()),
        ("clock", "settled_on", sa.Date()),
        ("clock", "reason", sa.String()),
        ("duty", "settled_on", sa.Date()),
    ):
        op.add_column(table, sa.Column(column, kind, nullable=True))
    for column in ("due_on", "due_at"):
        # an extended limit still runs, to its new date
        op.drop_index(f"ix_clock_running_{column}", "clock")
        op.create_index(
            f"ix_clock_running_{column}",
            "clock",
            [column],
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        )
    create_step()


def create_step() -> None:
    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('outcome', 'clock', 'duty', 'correction')", name=op.f("ck_step_kind")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_step_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint(
            "escalation_id", "position", name=op.f("uq_step_escalation_id_position")
        ),
    )
