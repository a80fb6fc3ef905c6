"""Alembic's entry: runs the revisions on the connection that `storage.migrate` hands in."""

from alembic import context

from storage.tables.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
