"""Alerts, and their way to each channel"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "alert",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("campaign", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("url", sa.String()),
        sa.Column("quiet", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_alert_added_at", "alert", ["added_at"])
    op.create_table(
        "delivery",
        sa.Column("alert_id", sa.String(), sa.ForeignKey("alert.id"), primary_key=True),
        sa.Column("channel", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("message", sa.String()),
        sa.Column("error", sa.String()),
    )
    op.create_index("ix_delivery_state_channel", "delivery", ["state", "channel"])
