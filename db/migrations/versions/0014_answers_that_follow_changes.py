"""What changed of the claims since an answer was kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change; answers that were kept do not say what they rest on, and are given anew."""
    op.add_column("due", sa.Column("before", sa.String(), nullable=True))
    op.create_table(
        "change",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("former", sa.String(), nullable=False),
        sa.Column("gone", sa.String(), nullable=False),
        sa.Column("come", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_change"),
    )
    op.create_index("ix_change_campaign", "change", ["campaign"])
    op.drop_table("answer")
    op.create_table(
        "answer",
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("states", sa.String(), nullable=False),
        sa.Column("rows", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("question", name="pk_answer"),
    )
    op.create_index("ix_answer_scope", "answer", ["scope"])
