"""Files that lists leave as: CSV, JSON lines, Parquet, Excel, GeoJSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO

from analysis.formats.delimited import write_csv
from analysis.formats.geojson import write_geojson
from analysis.formats.jsonl import write_jsonl
from analysis.formats.parquet import write_parquet
from analysis.formats.workbook import write_workbook
from analysis.listing import Listing

Writer = Callable[[Listing, BinaryIO], None]

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
