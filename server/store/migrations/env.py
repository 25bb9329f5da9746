"""Alembic's entry: runs the migrations on the connection that server.store.schema hands over."""

from __future__ import annotations

from alembic import context

from server.store.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
