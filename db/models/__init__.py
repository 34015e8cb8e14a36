"""The tables of the store, split by what fills them: collecting, reading, judging."""

from __future__ import annotations

from db.models.collected import CampaignRow, CaptureRow, LookRow, NotKeptRow, PageRow, RequisiteRow, SourceRow
from db.models.judged import EstimateRow, ReviewRow
from db.models.readings import DocumentRow, ObservationRow
from db.models.types import Row, UtcDateTime

__all__ = [
    "CampaignRow",
    "CaptureRow",
    "DocumentRow",
    "EstimateRow",
    "LookRow",
    "NotKeptRow",
    "ObservationRow",
    "PageRow",
    "RequisiteRow",
    "ReviewRow",
    "Row",
    "SourceRow",
    "UtcDateTime",
]
