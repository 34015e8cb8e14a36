"""Lists on the screen or in a file, in the format asked for."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from enum import StrEnum
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.errors import AnalysisError
from analysis.formats import BINARY, WRITERS, Writer
from analysis.formats.delimited import write_csv
from analysis.formats.plain import joined
from analysis.listing import Listing
from analysis.summing.tallies import is_total
from analysis.summing.totals import SUMS


class Format(StrEnum):
    """What a list can leave as."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"
    GEOJSON = "geojson"


SHOWN = {
    "observations": (
        "id",
        "modality",
        "kind",
        "count_min",
        "count_max",
        "date_start",
        "date_end",
        "place",
        "quote",
    ),
    "claims": ("claim", "stands", "id", "count_min", "count_max", "date_end", "place", "publisher"),
    "documents": ("id", "published_at", "publisher", "title", "url"),
    "pages": ("id", "availability", "last_checked", "captures", "url"),
    "captures": ("id", "time", "status", "file", "offset", "url"),
}
"""The columns that a screen has room for; other lists show all of theirs."""

ON_SCREEN = 50
"""Rows of a table when no `--limit` is given."""


def deliver(
    rows: Callable[[int | None], Listing],
    form: Format | None,
    output: Path | None,
    *,
    limit: int | None,
    bom: bool,
    count: Callable[[], int] | None = None,
    whole: bool = False,
) -> None:
    """Writes the list that `rows(limit)` gives: to `output`, or to the screen.

    `count` tells how many rows there are in all, for a table that has no room for them; of a list that is made as a
    `whole` they are counted, and the totals of sums stand on the screen whatever the limit. Without a format, the
    ending of `output` decides, else it is a table. A file appears when it is complete, or not at all. Raises
    AnalysisError when the file is there already or cannot be written, or a binary format would go to a terminal.
    """
    chosen = form or _by_ending(output)
    if output is not None:
        _need_new(output, chosen)
    if chosen is Format.TABLE:
        _show(rows, output, limit or ON_SCREEN, count, whole=whole)
        return
    writer: Writer = partial(write_csv, bom=bom) if chosen is Format.CSV else WRITERS[chosen.value]
    if output is None:
        if chosen.value in BINARY and sys.stdout.isatty():
            raise AnalysisError(f"{chosen.value} is not for a terminal; name a file with --output")
        sys.stdout.flush()
        with TemporaryFile() if chosen.value in BINARY else nullcontext(sys.stdout.buffer) as out:
            writer(rows(limit), out)
            if (
                chosen.value in BINARY
            ):  # their writers go back in what they wrote, and stumble over a closed pipe
                out.seek(0)
                shutil.copyfileobj(out, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as out:
            writer(rows(limit), out)
        part.replace(output)
    except OSError as error:
        raise AnalysisError(f"cannot write {output}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _need_new(output: Path, chosen: Format) -> None:
    """Raises AnalysisError when the file is there, or is named like one of another format."""
    if output.exists():
        raise AnalysisError(f"{output} is there already; name another file with --output")
    ending = output.suffix.removeprefix(".").lower()
    if ending in WRITERS and chosen.value in WRITERS and ending != chosen.value:
        raise AnalysisError(
            f"{output} would hold {chosen.value}; name it .{chosen.value}, or ask for {ending}"
        )


def _by_ending(output: Path | None) -> Format:
    if output is None:
        return Format.TABLE
    ending = output.suffix.removeprefix(".").lower()
    if ending in WRITERS:
        return Format(ending)
    raise AnalysisError(
        f"{output} has no ending of a known format; say --format, or one of: {', '.join(WRITERS)}"
    )


def _show(
    rows: Callable[[int | None], Listing],
    output: Path | None,
    most: int,
    count: Callable[[], int] | None,
    *,
    whole: bool,
) -> None:
    if output is not None:
        raise AnalysisError("a table goes to the screen; leave out --output or choose another --format")
    found = rows(None if whole else most + 1)
    read = list(found.rows)
    totals = [row for row in read if found.name == SUMS and is_total(row)]
    others = read[: len(read) - len(totals)]
    in_all = (lambda: len(read)) if whole else count
    names = SHOWN.get(found.name) or tuple(column.name for column in found.columns)
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in names:
        # Folded and not cut: half an id is of no use to anyone.
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    positions = [[column.name for column in found.columns].index(name) for name in names]
    for row in (*others[:most], *totals):
        table.add_row(*(Text(_short(row[position])) for position in positions))
    Console().print(table)
    told = f"{table.row_count} rows"
    if len(others) > most:
        told += f" of {in_all():,}" if in_all is not None else ""
        told += f"; there are more: say --limit {most * 10}"
    typer.echo(told, err=True)


def _short(value: Any) -> str:
    told = joined(value)
    if told is None:
        return ""
    text = " ".join(str(told).split())
    return text[:16].replace("T", " ") if hasattr(value, "hour") else text
