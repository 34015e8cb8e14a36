"""A reviewer's verdict as a value, and what makes it one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from db.errors import BadReview
from db.reviews.corrections import ACCEPTED, CORRECTED, VERDICTS, checked, need_text
from parsers.observation import Modality

_LARGEST_OFFSET = 2**31 - 1
"""What both databases have room for."""

_NEEDED = ("id", "campaign", "document_id", "modality", "quote")


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's verdict on what stands at a quote; `corrected` holds only the fields that it changes."""

    id: str
    campaign: str
    observation_id: str | None
    document_id: str
    url: str
    modality: str
    quote: str
    quote_start: int
    verdict: str
    corrected: Mapping[str, Any]
    reason: str
    reviewer: str
    made_at: datetime


def valid(review: Review) -> Review:
    """The review as it is stored, its correction completed. Raises BadReview when any of it cannot be: of text that
    comes from a file, nothing is taken on trust.
    """
    for name in (field.name for field in fields(Review) if field.type == "str"):
        need_text(name, getattr(review, name))
    if review.observation_id is not None:
        need_text("observation_id", review.observation_id)
    for name in _NEEDED:
        if not getattr(review, name).strip():
            raise BadReview(f"{name} is empty")
    if not review.reviewer.strip():
        raise BadReview("reviewer is empty")
    if review.verdict not in VERDICTS:
        raise BadReview(f"{review.verdict!r} is no verdict; it is one of {', '.join(VERDICTS)}")
    if review.modality not in list(Modality):
        raise BadReview(f"{review.modality!r} is no modality; it is one of {', '.join(Modality)}")
    if review.verdict != ACCEPTED and not review.reason.strip():
        raise BadReview(f"reason is empty, but a verdict that is {review.verdict} says why")
    start = review.quote_start
    if not isinstance(start, int) or isinstance(start, bool) or not 0 <= start <= _LARGEST_OFFSET:
        raise BadReview("quote_start should be the number of characters before the quote")
    if not isinstance(review.made_at, datetime) or review.made_at.tzinfo is None:
        raise BadReview("made_at should be a time with its zone, such as 2026-03-01T20:00:00+08:00")
    if not isinstance(review.corrected, Mapping):
        raise BadReview('corrected should hold fields and their values, such as {"count_min": 53}')
    given = checked(review.corrected)
    if review.verdict == CORRECTED and not given:
        raise BadReview("corrected is empty, but a verdict that is corrected says what is right instead")
    if review.verdict != CORRECTED and given:
        raise BadReview(f"a verdict that is {review.verdict} corrects nothing, but corrected is not empty")
    return replace(review, corrected=given)
