"""Indexes that hold what filters ask for, and a lighter full-text index on SQLite"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import fulltext

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REPLACED = (
    "count_max",
    "date_end",
    "kind_published_at",
    "modality_published_at",
    "place_code_published_at",
    "published_at_id",
)
ASKED = ["date_start", "date_end", "count_min", "count_max"]


def upgrade() -> None:
    """Makes the change."""
    for name in REPLACED:
        op.drop_index(f"ix_observation_{name}", "observation")
    op.drop_index("ix_document_published_at", "document")
    placed = ["place_code", "modality", "kind", "superseded", "published_at", "id", *ASKED]
    placed += ["campaign", "document_id"]
    op.create_index("ix_observation_place", "observation", placed)
    covered = ["place_code", "modality", "kind", *ASKED, "superseded", "campaign"]
    if op.get_bind().dialect.name == "postgresql":
        latest = [sa.text("published_at DESC NULLS LAST"), sa.text("id DESC")]
        op.create_index("ix_observation_newest", "observation", latest, postgresql_include=covered)
        op.create_index("ix_document_newest", "document", latest)
    else:
        op.create_index("ix_observation_newest", "observation", ["published_at", "id", *covered])
        op.create_index("ix_document_newest", "document", ["published_at", "id"])
        for statement in fulltext.SQLITE_LIGHTER:
            op.execute(statement)
