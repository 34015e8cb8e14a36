"""What people decided: reviews of observations and frozen estimates. Not derived, so never rebuilt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.types import Row


class ReviewRow(Row):
    """An analyst's verdict: `accepted`, `corrected` or `rejected`.

    It belongs to a quote in a text, not to a reading: `document_id` (or, when its text has changed, `url`),
    `modality`, `quote` and `quote_start` find the reading again after a re-read or a rebuild, and
    `observation_id` is the reading it now stands with, if any. `corrected` holds the corrected fields only.
    No foreign keys, so that derived rows can be made again under it.
    """

    __tablename__ = "review"
    __table_args__ = (Index(None, "document_id", "modality"), Index(None, "observation_id", "made_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    observation_id: Mapped[str | None]
    document_id: Mapped[str]
    url: Mapped[str]
    modality: Mapped[str]
    quote: Mapped[str]
    quote_start: Mapped[int]
    verdict: Mapped[str]
    corrected: Mapped[dict[str, Any]]
    reason: Mapped[str]
    reviewer: Mapped[str]
    made_at: Mapped[datetime]


class EstimateRow(Row):
    """A figure computed by a named recipe, frozen with every input it rested on."""

    __tablename__ = "estimate"

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(index=True)
    recipe: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    inputs: Mapped[list[dict[str, Any]]]
    result: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
