"""Reviews in files: JSON lines, or CSV for a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from analysis.formats.delimited import FORMULA
from db.errors import BadReview
from db.reviews.verdict import Review, valid

NAMES = [field.name for field in fields(Review)]
ENDINGS = (".jsonl", ".csv")


def told(value: Any) -> dict[str, Any]:
    """A dataclass as JSON has it: moments and days in ISO 8601."""
    return {
        name: each.isoformat() if hasattr(each, "isoformat") else each for name, each in asdict(value).items()
    }


def write_reviews(output: Path, reviews: Iterable[Review]) -> int:
    """Writes reviews, as CSV when the name ends so; gives their number. Raises BadReview.

    CSV begins with a byte order mark, as Excel needs, and an apostrophe stands before text that a spreadsheet would
    run as a formula; `read_reviews` takes both away.
    """
    is_table = _is_table(output)
    rows = [told(each) for each in reviews]
    try:
        with output.open("w", encoding="utf-8-sig" if is_table else "utf-8", newline="") as stream:
            if is_table:
                writer = csv.DictWriter(stream, NAMES)
                writer.writeheader()
                writer.writerows(
                    {
                        name: _guarded(each) if isinstance(each, str) else each
                        for name, each in (row | {"corrected": json.dumps(row["corrected"])}).items()
                    }
                    for row in rows
                )
            else:
                stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except OSError as error:
        raise BadReview(f"cannot write {output}: {error.strerror}") from error
    return len(rows)


def read_reviews(source: Path) -> Iterator[Review]:
    """The reviews in a file that `write_reviews` made. Raises BadReview with the line of one that is none."""
    rows = _table(source) if _is_table(source) else _lines(source)
    for number, row in rows:
        try:
            yield valid(_review(row))
        except BadReview as error:
            raise BadReview(f"{source}, line {number}: {error}; nothing was taken in") from error


def _is_table(file: Path) -> bool:
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise BadReview(f"{file} should end in {' or '.join(ENDINGS)}: verdicts are in one of these")
    return ending == ".csv"


def _text(source: Path) -> str:
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadReview(f"cannot read {source}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadReview(f"{source} is not in UTF-8; save it as CSV UTF-8, or export it anew") from error
    if "\0" in text:
        raise BadReview(f"{source} is no file of verdicts: it holds NUL characters")
    return text


def _lines(source: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    # Only a line feed ends a line of JSON: U+2028 and its like may stand in a reason as they are.
    for number, line in enumerate(_text(source).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadReview(f"{source}, line {number} is no JSON; nothing was taken in") from error
        if not isinstance(row, dict):
            raise BadReview(f"{source}, line {number} is no verdict as review export writes them")
        yield number, row


def _table(source: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(StringIO(_text(source), newline=""), strict=True)
    try:
        missing = [name for name in NAMES if name not in (reader.fieldnames or ())]
        if missing:
            raise BadReview(
                f"{source} is no list of verdicts: its first line should name the columns, separated by commas, "
                f"and lacks {', '.join(missing)}"
            )
        for row in reader:
            if None in row or None in row.values():
                raise BadReview(f"{source}, line {reader.line_num} has not as many cells as the first line")
            yield reader.line_num, _from_cells(row)
    except csv.Error as error:
        raise BadReview(f"{source}, line {reader.line_num + 1} is no CSV; nothing was taken in") from error


def _from_cells(row: dict[str, str]) -> dict[str, Any]:
    """A row with the values that JSON would have; what is none stays text, for `valid` to name."""
    plain = {name: _unguarded(cell) for name, cell in row.items()}
    start, corrected = plain["quote_start"], plain["corrected"]
    try:
        told = json.loads(corrected) if corrected.strip() else {}
    except (ValueError, RecursionError):
        told = corrected
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 20 else start
    return {**plain, "quote_start": number, "corrected": told}


def _review(row: dict[str, Any]) -> Review:
    missing = [name for name in NAMES if name not in row]
    if missing:
        raise BadReview(f"it lacks {', '.join(missing)}")
    made_at = row["made_at"]
    try:
        moment = datetime.fromisoformat(made_at) if isinstance(made_at, str) else made_at
    except ValueError:
        moment = made_at
    values = {name: row[name] for name in NAMES}
    return Review(**values | {"observation_id": row["observation_id"] or None, "made_at": moment})


def _guarded(cell: str) -> str:
    return "'" + cell if cell.lstrip("'").startswith(FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
