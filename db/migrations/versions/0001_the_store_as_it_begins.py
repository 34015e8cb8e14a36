"""The store as it begins"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.migrations import fulltext

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "campaign",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_campaign"),
    )
    op.create_table(
        "estimate",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("recipe", sa.String(), nullable=False),
        sa.Column("parameters", JSON, nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_estimate"),
    )
    op.create_index("ix_estimate_campaign", "estimate", ["campaign"])

    op.create_table(
        "review",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("observation_id", sa.String(), nullable=True),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("quote_start", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("corrected", JSON, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_document_id_modality", "review", ["document_id", "modality"])
    op.create_index("ix_review_observation_id_made_at", "review", ["observation_id", "made_at"])

    op.create_table(
        "source",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("biz", sa.String(), nullable=True),
        sa.Column("host", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
    )
    op.create_index("ix_source_name", "source", ["name"])

    op.create_table(
        "document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=True),
        sa.Column("capture_id", sa.String(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("biz", sa.String(), nullable=True),
        sa.Column("publisher", sa.String(), nullable=True),
        sa.Column("reprinted_from", sa.String(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_precision", sa.String(), nullable=True),
        sa.Column("published_evidence", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("item_type", sa.String(), nullable=False),
        sa.Column("images", JSON, nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("register", sa.String(), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_document_campaign"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_document_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("number", name="uq_document_number"),
    )
    op.create_index("ix_document_account", "document", ["account"])
    op.create_index("ix_document_campaign_published_at", "document", ["campaign", "published_at"])
    op.create_index("ix_document_published_at", "document", ["published_at"])
    op.create_index("ix_document_publisher", "document", ["publisher"])
    op.create_index("ix_document_reader", "document", ["reader"])
    op.create_index("ix_document_source_id", "document", ["source_id"])
    op.create_index("ix_document_text_digest", "document", ["text_digest"])

    op.create_table(
        "page",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("surt", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("availability", sa.String(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_checked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_page_campaign"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
    )
    op.create_index("ix_page_availability", "page", ["availability"])
    op.create_index("ix_page_campaign_last_checked", "page", ["campaign", "last_checked"])
    op.create_index("ix_page_surt", "page", ["surt"])

    op.create_table(
        "capture",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("surt", sa.String(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("warc_offset", sa.BigInteger(), nullable=False),
        sa.Column("warc_length", sa.BigInteger(), nullable=False),
        sa.Column("payload_digest", sa.String(), nullable=False),
        sa.Column("record_type", sa.String(), nullable=False),
        sa.Column("refers_to", sa.String(), nullable=True),
        sa.Column("truncated", sa.String(), nullable=True),
        sa.Column("source_path", sa.String(), nullable=True),
        sa.Column("page_id", sa.String(), nullable=True),
        sa.Column("document_id", sa.String(), nullable=True),
        sa.Column("canonical", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("family", sa.String(), nullable=True),
        sa.Column("availability", sa.String(), nullable=True),
        sa.Column("reader", sa.String(), nullable=True),
        sa.Column("warnings", JSON, nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_capture_campaign"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_capture_document_id"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_capture_page_id"),
        sa.PrimaryKeyConstraint("id", name="pk_capture"),
    )
    op.create_index("ix_capture_campaign_surt", "capture", ["campaign", "surt"])
    op.create_index("ix_capture_campaign_url", "capture", ["campaign", "url"])
    op.create_index("ix_capture_document_id", "capture", ["document_id"])
    op.create_index("ix_capture_page_id_time", "capture", ["page_id", "time"])
    op.create_index("ix_capture_payload_digest", "capture", ["payload_digest"])
    op.create_index("ix_capture_reader", "capture", ["reader"])
    op.create_index("ix_capture_record_id", "capture", ["record_id"])
    op.create_index("ix_capture_time", "capture", ["time"])

    op.create_table(
        "observation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count_min", sa.BigInteger(), nullable=True),
        sa.Column("count_max", sa.BigInteger(), nullable=True),
        sa.Column("count_qualifier", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_precision", sa.String(), nullable=False),
        sa.Column("date_evidence", sa.String(), nullable=True),
        sa.Column("place_code", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("place_level", sa.String(), nullable=True),
        sa.Column("place_candidates", JSON, nullable=False),
        sa.Column("organ", sa.String(), nullable=True),
        sa.Column("venue", JSON, nullable=False),
        sa.Column("targets", JSON, nullable=False),
        sa.Column("purposes", JSON, nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("quote_start", sa.Integer(), nullable=False),
        sa.Column("quote_end", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_observation_campaign"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_observation_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_observation"),
    )
    op.create_index("ix_observation_count_max", "observation", ["count_max"])
    op.create_index("ix_observation_date_end", "observation", ["date_end"])
    op.create_index("ix_observation_document_id", "observation", ["document_id"])
    op.create_index("ix_observation_kind_published_at", "observation", ["kind", "published_at"])
    op.create_index("ix_observation_modality_published_at", "observation", ["modality", "published_at"])
    op.create_index("ix_observation_place_code_published_at", "observation", ["place_code", "published_at"])
    op.create_index("ix_observation_published_at_id", "observation", ["published_at", "id"])

    op.create_table(
        "look",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("page_id", sa.String(), nullable=False),
        sa.Column("capture_id", sa.String(), nullable=True),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=True),
        sa.Column("notice_language", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reason_id", sa.String(), nullable=True),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_look_campaign"),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_look_capture_id"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_look_page_id"),
        sa.PrimaryKeyConstraint("id", name="pk_look"),
    )
    op.create_index("ix_look_capture_id", "look", ["capture_id"])
    op.create_index("ix_look_page_id_time", "look", ["page_id", "time"])

    op.create_table(
        "requisite",
        sa.Column("page_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("capture_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_requisite_campaign"),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_requisite_capture_id"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_requisite_page_id"),
        sa.PrimaryKeyConstraint("page_id", "url", name="pk_requisite"),
    )
    op.create_index("ix_requisite_campaign_state", "requisite", ["campaign", "state"])
    op.create_index("ix_requisite_campaign_url", "requisite", ["campaign", "url"])
    for statement in fulltext.SQLITE if op.get_bind().dialect.name == "sqlite" else fulltext.POSTGRESQL:
        op.execute(statement)
