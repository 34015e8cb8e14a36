"""CSV (RFC 4180), for spreadsheets as much as for programs."""

from __future__ import annotations

import csv
from io import TextIOWrapper
from typing import BinaryIO

from analysis.formats.plain import joined
from analysis.listing import Cell, Listing

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Beginnings that make a spreadsheet run a cell as a formula (OWASP, CSV Injection)."""


def write_csv(listing: Listing, out: BinaryIO, *, bom: bool = True) -> None:
    """Writes UTF-8 with a header line; with `bom`, a byte order mark, without which Excel takes it for GBK.

    Text that a spreadsheet would run as a formula begins with an apostrophe. Several values in a cell are
    joined by `; `.
    """
    text = TextIOWrapper(out, encoding="utf-8-sig" if bom else "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in listing.columns)
    for row in listing.rows:
        writer.writerow(map(_cell, row))
    text.flush()
    text.detach()


def _cell(value: Cell) -> str | int | float | None:
    told = joined(value)
    return "'" + told if isinstance(told, str) and told.startswith(FORMULA) else told
