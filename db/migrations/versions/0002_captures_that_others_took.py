"""Captures that others took"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    op.add_column("capture", sa.Column("source_uri", sa.String(), nullable=True))
