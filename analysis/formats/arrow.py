"""Lists as Arrow tables: a type for each column, in groups that fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

from analysis.listing import Listing
from db.rows import SHANGHAI

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


def schema_of(listing: Listing) -> Any:
    """The Arrow schema of a list; each column's meaning is in its `about` metadata."""
    return pa.schema(
        [
            pa.field(column.name, _TYPES[column.kind], metadata={"about": column.about})
            for column in listing.columns
        ]
    )


def batches_of(listing: Listing) -> Iterator[Any]:
    """The rows of a list as Arrow record batches of at most `ROW_GROUP` rows."""
    schema = schema_of(listing)
    rows = iter(listing.rows)
    while group := list(islice(rows, ROW_GROUP)):
        arrays = [
            pa.array([row[position] for row in group], type=field.type)
            for position, field in enumerate(schema)
        ]
        yield pa.record_batch(arrays, schema=schema)
