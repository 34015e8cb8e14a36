"""Whether a text states the days of a reading or counts them from its publication"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change; readings that are there already count as relative, as they did, until they are read anew."""
    op.add_column(
        "observation",
        sa.Column("date_relative", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
