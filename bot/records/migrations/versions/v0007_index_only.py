"""The search for what is due is answered by the indexes of the running clocks alone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RUNNING = sa.text("status IN ('running', 'extended')")


def upgrade() -> None:
    for column in ("due_on", "due_at"):
        name = f"ix_clock_running_{column}"
        op.drop_index(name, "clock")
        # SQLite has every row's id in an index already
        op.create_index(
            name,
            "clock",
            [column],
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
            postgresql_include=["id"],
        )
