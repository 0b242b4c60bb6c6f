"""Microsoft Teams: news of a rehearsal wait in the inbox too, until they are told."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:  # it makes the table anew, and drops none that rows of another lean on
        op.execute("CREATE TEMPORARY TABLE kept_outbox AS SELECT * FROM teams_outbox")
        op.execute("DELETE FROM teams_outbox")
    kind = op.f("ck_teams_inbox_kind")
    with op.batch_alter_table("teams_inbox") as inbox:
        inbox.drop_constraint(kind, type_="check")
        inbox.create_check_constraint(
            kind,
            "kind IN ('message', 'edited', 'tap', 'unusable', 'installed', 'elsewhere', "
            "'notice', 'news')",
        )
    if sqlite:
        op.execute("INSERT INTO teams_outbox SELECT * FROM kept_outbox")
        op.execute("DROP TABLE kept_outbox")
