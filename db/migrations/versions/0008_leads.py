"""Other articles of the same account that an article links to"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "lead",
        sa.Column("page_id", sa.String(), sa.ForeignKey("page.id"), primary_key=True),
        sa.Column("url", sa.String(), primary_key=True),
        sa.Column("campaign", sa.String(), sa.ForeignKey("campaign.name"), nullable=False),
    )
    op.create_index("ix_lead_campaign", "lead", ["campaign"])
