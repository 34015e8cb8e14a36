"""Synthetic observations, one line each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from db.lists.items import ObservationItem

_numbers = count(1)


def item(
    figure: int | tuple[int, int] | None = 53,
    place: str | None = "540121",
    start: str | None = "2021-05-11",
    end: str | None = None,
    **given: Any,
) -> ObservationItem:
    """An observation of a document of its own; one day when it has no `end`."""
    number = next(_numbers)
    low, high = figure if isinstance(figure, tuple) else (figure, figure)
    values: dict[str, Any] = {
        "id": f"obs-{number:04}",
        "campaign": "tibet-dna",
        "modality": "dna",
        "kind": "increment",
        "count_min": low,
        "count_max": high,
        "count_qualifier": "exact",
        "unit": "份",
        "rate": None,
        "date_start": date.fromisoformat(start) if start else None,
        "date_end": date.fromisoformat(end or start) if end or start else None,
        "date_precision": "day",
        "date_relative": False,
        "place": place,
        "place_code": place,
        "place_level": None,
        "organ": None,
        "venue": [],
        "targets": [],
        "purposes": [],
        "quote": f"合成：采集血样{high}份",
        "quote_start": 0,
        "quote_end": 10,
        "confidence": 0.9,
        "rules": [],
        "flags": [],
        "review": None,
        "document_id": f"doc-{number:04}",
        "title": "合成",
        "account": None,
        "publisher": None,
        "published_at": datetime(2021, 5, 12, number % 24, tzinfo=UTC),
        "url": "https://site.example/",
        "capture_id": "cap-1",
    }
    return ObservationItem(**(values | given))
