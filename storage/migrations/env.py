"""Alembic's entry point: runs the migrations on the connection that `storage.upgrade` gives it."""

from alembic import context

from storage.tables.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
