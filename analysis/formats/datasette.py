"""A SQLite file with metadata that Datasette shows: tables with links between them, facets and full-text search.

Formats: https://docs.datasette.io/en/stable/metadata.html, https://docs.datasette.io/en/stable/full_text_search.html
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError
from analysis.formats.plain import json_cell
from analysis.listing import Cell, Column, Listing

DATABASE, METADATA = "holdfast.db", "metadata.json"

_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}

_LINKS = {"document_id": "documents", "capture_id": "captures", "page_id": "pages"}
"""Columns that hold the id of a row in another table."""

_SEARCHED = {"documents": ("title", "text"), "observations": ("quote", "title")}

_SHOWN: Mapping[str, Mapping[str, Any]] = {
    "observations": {
        "description": "One claim in one document each. Do not add them up: pages repeat figures, and running totals "
        "include what came before. holdfast observations --by gives sums in which nothing counts twice.",
        "facets": ["modality", "kind", "place_level", "review", "publisher"],
        "label_column": "quote",
    },
    "documents": {
        "description": "Articles that were read, with their texts.",
        "facets": ["relevant", "language", "family", "publisher"],
        "label_column": "title",
    },
    "pages": {
        "description": "Pages, and how they were found at the last look.",
        "facets": ["availability", "confirmed", "family"],
        "label_column": "url",
    },
    "captures": {
        "description": "Responses, and where each is in the archive.",
        "facets": ["status", "mime", "record_type"],
        "label_column": "url",
    },
}


def write_datasette(listings: Sequence[Listing], folder: Path, title: str) -> dict[str, int]:
    """Writes `holdfast.db` and `metadata.json` into `folder`; gives how many rows each table has.

    Days and moments are ISO 8601 text, lists are JSON arrays (which Datasette can facet by). Of rows with one id, such
    as a document read from two imported files, the first stands. Raises AnalysisError when the file cannot be written.
    """
    path = folder / DATABASE
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as store:
            store.execute("PRAGMA synchronous = OFF")  # the file counts only when the folder is complete
            counts = {found.name: _fill(store, found, {each.name for each in listings}) for found in listings}
            store.execute("VACUUM")
    except sqlite3.Error as error:
        raise AnalysisError(f"cannot write {path}: {error}") from error
    metadata = json.dumps(_metadata(listings, title), ensure_ascii=False, indent=1)
    (folder / METADATA).write_text(metadata, encoding="utf-8")
    return counts


def _fill(store: sqlite3.Connection, found: Listing, tables: set[str]) -> int:
    name = found.name
    columns = ", ".join(_definition(column, tables) for column in found.columns)
    store.execute("BEGIN")
    store.execute(f'CREATE TABLE "{name}" ({columns})')
    places = ", ".join("?" * len(found.columns))
    rows = (tuple(map(_cell, row)) for row in found.rows)
    store.executemany(f'INSERT OR IGNORE INTO "{name}" VALUES ({places})', rows)  # noqa: S608  # names of ours
    for column in found.columns:
        if column.name in (*_LINKS, "place_code", "published_at"):
            store.execute(f'CREATE INDEX "{name}_{column.name}" ON "{name}" ("{column.name}")')
    if searched := ", ".join(_SEARCHED.get(name, ())):
        # Trigrams find Chinese words of three characters and more; there are no spaces to cut words at.
        options = f"content=\"{name}\", tokenize='trigram'"
        store.execute(f'CREATE VIRTUAL TABLE "{name}_fts" USING fts5 ({searched}, {options})')
        store.execute(f'INSERT INTO "{name}_fts" ("{name}_fts") VALUES (\'rebuild\')')  # noqa: S608
    store.execute("COMMIT")
    (count,) = store.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
    return int(count)


def _definition(column: Column, tables: set[str]) -> str:
    told = f'"{column.name}" {_TYPES.get(column.kind, "TEXT")}'
    if column.name == "id":
        return f"{told} PRIMARY KEY"
    to = _LINKS.get(column.name)
    return f'{told} REFERENCES "{to}" ("id")' if to in tables else told


def _cell(value: Cell) -> str | int | float | bool | None:
    told = json_cell(value)
    return json.dumps(told, ensure_ascii=False) if isinstance(told, list) else told


def _metadata(listings: Sequence[Listing], title: str) -> dict[str, Any]:
    tables = {
        found.name: {
            **_SHOWN.get(found.name, {}),
            "columns": {column.name: column.about for column in found.columns},
        }
        for found in listings
    }
    return {"title": title, "databases": {Path(DATABASE).stem: {"tables": tables}}}
