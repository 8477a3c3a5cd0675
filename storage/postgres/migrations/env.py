"""Alembic's entry: runs on the connection that `schema.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from storage.postgres.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
