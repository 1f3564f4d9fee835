"""Alembic's entry: the connection comes from `feedback.database`, which starts every migration."""

from alembic import context

from feedback.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
