"""Parquet, typed and compressed, for pandas, DuckDB and R."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.listing import SHANGHAI, Cell, Listing

ROW_GROUP = 10_000

_TYPES: dict[str, Any] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "moment": pa.timestamp("us", tz=str(SHANGHAI)),
    "list": pa.list_(pa.string()),
    "boolean": pa.bool_(),
}


def write_parquet(listing: Listing, out: BinaryIO) -> None:
    """Writes the list with a type for each column; each column's meaning is in its `about` metadata."""
    schema = pa.schema(
        [
            pa.field(column.name, _TYPES[column.kind], metadata={"about": column.about})
            for column in listing.columns
        ]
    )
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _groups(iter(listing.rows)):
            arrays = [
                pa.array([row[position] for row in rows], type=field.type)
                for position, field in enumerate(schema)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _groups(rows: Iterator[tuple[Cell, ...]]) -> Iterator[list[tuple[Cell, ...]]]:
    while group := list(islice(rows, ROW_GROUP)):
        yield group
