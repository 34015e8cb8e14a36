"""Looks of their own, what decided each, and the state that two of them agree on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the change."""
    for name in ("evidence", "record_id", "url", "since_id", "failure", "route", "part_of"):
        op.add_column("look", sa.Column(name, sa.String(), nullable=True))
    op.add_column("look", sa.Column("through", JSON, nullable=True))
    op.create_index("ix_look_since_id", "look", ["since_id"])
    op.add_column("page", sa.Column("confirmed", sa.String(), nullable=True))
    op.create_index("ix_page_confirmed", "page", ["confirmed"])
