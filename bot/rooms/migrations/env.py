"""Alembic runs this; `bot.databases.migrate.upgrade` hands it a connection in a transaction."""

from alembic import context

from bot.rooms.migrate import ROOMS
from bot.rooms.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=ROOMS.version_table,
)
with context.begin_transaction():
    context.run_migrations()
