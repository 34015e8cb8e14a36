"""The tables of the store, split by what fills them: collecting, reading, judging, keeping, watching."""

from __future__ import annotations

from db.models.collected import (
    CampaignRow,
    CaptureRow,
    LeadRow,
    LookRow,
    NotKeptRow,
    PageRow,
    RequisiteRow,
    SourceRow,
)
from db.models.judged import EstimateRow, ReviewRow
from db.models.kept import AnswerRow, ChangeRow, ClaimRow, DueRow, KeptRow
from db.models.readings import DocumentRow, ObservationRow
from db.models.types import Row, UtcDateTime
from db.models.watching import AlertRow, DeliveryRow, LeaseRow, RunRow, ScheduleRow

__all__ = [
    "AlertRow",
    "AnswerRow",
    "CampaignRow",
    "CaptureRow",
    "ChangeRow",
    "ClaimRow",
    "DeliveryRow",
    "DocumentRow",
    "DueRow",
    "EstimateRow",
    "KeptRow",
    "LeadRow",
    "LeaseRow",
    "LookRow",
    "NotKeptRow",
    "ObservationRow",
    "PageRow",
    "RequisiteRow",
    "ReviewRow",
    "Row",
    "RunRow",
    "ScheduleRow",
    "SourceRow",
    "UtcDateTime",
]
