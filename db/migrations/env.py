"""How Alembic runs our migrations: in the transaction that `db.session` opened, under its lock."""

from __future__ import annotations

from alembic import context

from db.models import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
