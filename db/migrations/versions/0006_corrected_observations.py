"""What was read of an observation that a reviewer corrected"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the change."""
    op.add_column("observation", sa.Column("original", JSON, nullable=False, server_default="{}"))
