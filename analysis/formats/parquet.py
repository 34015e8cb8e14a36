"""Parquet, typed and compressed, for pandas, DuckDB and R."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow.parquet as pq

from analysis.formats.arrow import batches_of, schema_of
from analysis.listing import Listing


def write_parquet(listing: Listing, out: BinaryIO) -> None:
    """Writes the list with a type for each column; each column's meaning is in its `about` metadata."""
    with pq.ParquetWriter(out, schema_of(listing), compression="zstd") as writer:
        for batch in batches_of(listing):
            writer.write_batch(batch)
