"""Files that lists leave as: CSV, JSON lines, Parquet, Excel, GeoJSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO

from analysis.formats.delimited import write_csv
from analysis.formats.geojson import write_geojson
from analysis.formats.jsonl import write_jsonl
from analysis.listing import Listing

Writer = Callable[[Listing, BinaryIO], None]

# pyarrow and openpyxl take longer to load than most lists take to make.


def write_parquet(listing: Listing, out: BinaryIO) -> None:
    """Writes the list as Parquet."""
    from analysis.formats import parquet

    parquet.write_parquet(listing, out)


def write_workbook(listing: Listing, out: BinaryIO) -> None:
    """Writes the list as a workbook of Excel."""
    from analysis.formats import workbook

    workbook.write_workbook(listing, out)


WRITERS: Mapping[str, Writer] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
    "xlsx": write_workbook,
    "geojson": write_geojson,
}
"""A writer for each format, by the name it has on the command line and as a file ending."""

BINARY = frozenset({"parquet", "xlsx"})
"""Formats that make no sense on a terminal."""
