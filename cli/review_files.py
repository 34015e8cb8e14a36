"""Reviews in files: JSON lines, or CSV for a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from db.errors import BadReview
from db.judging import Review

NAMES = [field.name for field in fields(Review)]


def told(value: Any) -> dict[str, Any]:
    """A dataclass as JSON has it: moments and days in ISO 8601."""
    return {
        name: each.isoformat() if hasattr(each, "isoformat") else each for name, each in asdict(value).items()
    }


def write_reviews(output: Path, reviews: Iterable[Review]) -> int:
    """Writes reviews, as CSV when the name ends so; gives their number. Raises BadReview."""
    rows = [told(each) for each in reviews]
    try:
        with output.open("w", encoding="utf-8", newline="") as stream:
            if output.suffix == ".csv":
                writer = csv.DictWriter(stream, NAMES)
                writer.writeheader()
                writer.writerows(row | {"corrected": json.dumps(row["corrected"])} for row in rows)
            else:
                stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except OSError as error:
        raise BadReview(f"cannot write {output}: {error.strerror}") from error
    return len(rows)


def read_reviews(source: Path) -> Iterator[Review]:
    """The reviews in a file that `write_reviews` made. Raises BadReview with the line that is none."""
    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise BadReview(f"cannot read {source}: {error}") from error
    if source.suffix == ".csv":
        rows: Iterable[Any] = csv.DictReader(lines)
    else:
        rows = (_parsed(line, source, number) for number, line in enumerate(lines, 1) if line.strip())
    for number, row in enumerate(rows, 1):
        try:
            yield _review(row)
        except (KeyError, TypeError, ValueError) as error:
            raise BadReview(f"{source}, review {number} is none as holdfast writes them ({error})") from error


def _parsed(line: str, source: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise BadReview(f"{source}, line {number} is no JSON ({error})") from error


def _review(row: Any) -> Review:
    corrected = row["corrected"]
    values = {name: row[name] for name in NAMES} | {
        "observation_id": row["observation_id"] or None,
        "corrected": json.loads(corrected) if isinstance(corrected, str) else dict(corrected),
        "quote_start": int(row["quote_start"]),
        "made_at": datetime.fromisoformat(row["made_at"]),
    }
    return Review(**values)
