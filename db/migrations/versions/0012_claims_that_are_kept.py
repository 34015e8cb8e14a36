"""Claims that are kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "claim",
        sa.Column("observation_id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name="fk_claim_observation_id_observation"
        ),
        sa.PrimaryKeyConstraint("observation_id", name="pk_claim"),
    )
    op.create_index("ix_claim_campaign", "claim", ["campaign"])
    op.create_index("ix_claim_claim", "claim", ["claim"])
    op.create_table(
        "kept",
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", name="pk_kept"),
    )
    op.create_table(
        "due",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_due"),
    )
    op.create_index("ix_due_campaign", "due", ["campaign"])
