"""JSON lines: one object a row."""

from __future__ import annotations

import json
from typing import BinaryIO

from analysis.formats.plain import json_cell
from analysis.listing import Listing


def write_jsonl(listing: Listing, out: BinaryIO) -> None:
    """Writes one JSON object a line, UTF-8, keys in the order of the columns."""
    names = [column.name for column in listing.columns]
    for row in listing.rows:
        told = dict(zip(names, map(json_cell, row), strict=True))
        out.write(json.dumps(told, ensure_ascii=False).encode("utf-8") + b"\n")
