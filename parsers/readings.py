"""Readings as the JSON that `holdfast extract --stdin` takes and gives; fields as in the labelling guide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from parsers.observation import Article, Observation, Qualifier, Reported


class InvalidRow(ValueError):
    """A row that is no article; the message says which field is wrong."""


def article_of(row: Mapping[str, Any]) -> Article:
    """The article in a row `{"id", "published", "source_account", "title", "text"}`. Raises InvalidRow."""
    if not isinstance(row, Mapping) or not isinstance(row.get("text"), str):
        raise InvalidRow("it has no text")
    for name in ("title", "source_account", "published"):
        if row.get(name) is not None and not isinstance(row[name], str):
            raise InvalidRow(f"{name} is not a text")
    try:
        published = date.fromisoformat(row["published"][:10]) if row.get("published") else None
    except ValueError as error:
        raise InvalidRow(f"published is not a date such as 2021-05-12: {row['published']!r}") from error
    return Article(
        text=row["text"],
        title=row.get("title") or "",
        published=published,
        account=row.get("source_account") or None,
    )


def row_of(identifier: Any, reported: Reported) -> dict[str, Any]:
    """What was read of one article."""
    return {
        "id": identifier,
        "relevant": reported.relevant,
        "register": reported.register,
        "observations": [_observation(each) for each in reported.observations],
    }


def _observation(each: Observation) -> dict[str, Any]:
    count, dates, place = each.count, each.dates, each.place
    return {
        "modality": each.modality.value,
        "quote": each.quote,
        "start": each.start,
        "end": each.end,
        "count_min": count.min if count else None,
        "count_max": count.max if count else None,
        "count_qualifier": (count.qualifier if count else Qualifier.NONE).value,
        "unit": each.unit,
        "kind": each.kind.value,
        "rate": each.rate,
        "date_start": dates.start.isoformat() if dates and dates.start else None,
        "date_end": dates.end.isoformat() if dates and dates.end else None,
        "date_precision": dates.precision.value if dates else "none",
        "place": place.name if place else None,
        "place_level": place.level if place else None,
        "place_code": place.code if place else None,
        "place_candidates": list(place.candidates) if place else [],
        "organ": each.organ,
        "venue": list(each.venue),
        "targets": list(each.targets),
        "purposes": list(each.purposes),
        "confidence": round(each.confidence, 3),
        "rules": list(each.rules),
        "flags": list(each.flags),
    }
