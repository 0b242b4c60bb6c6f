"""Policy versions: a case may follow a newer one by a step, or keep its own over it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("began_under", "kept_over"):
        op.add_column("escalation", sa.Column(column, sa.String(), nullable=True))
    kind = op.f("ck_step_kind")
    # in a batch, because SQLite cannot change a check: it makes the table anew
    with op.batch_alter_table("step") as step:
        step.drop_constraint(kind, type_="check")
        step.create_check_constraint(
            kind, "kind IN ('outcome', 'clock', 'duty', 'correction', 'version')"
        )
