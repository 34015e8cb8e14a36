"""Excel workbooks (Office Open XML, ECMA-376) with typed cells, a sheet of sources and one of columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from analysis.errors import TooManyRows
from analysis.formats.plain import joined
from analysis.listing import Cell, Listing

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
"""Excel's limits to a sheet and to a cell."""

SOURCE_COLUMNS = ("title", "account", "publisher", "published_at", "url", "document_id", "capture_id")

SOURCES = "sources"
"""The sheet of sources, and the list that is of sources itself."""

_NOTES = (
    "Times are those of Asia/Shanghai.",
    f"Text of more than {LONGEST_CELL} characters is cut here; the other formats have it whole.",
)


def write_workbook(listing: Listing, out: BinaryIO) -> None:
    """Writes the list, the sources it draws on (numbered; a list of sources has none), and what each column means.

    Text is always text, never a formula. Raises TooManyRows when a sheet cannot hold the list.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(listing.name)
    sheet.freeze_panes = "A2"
    names = [column.name for column in listing.columns]
    sheet.append(_heading(sheet, names))
    sources: dict[tuple[Cell, ...], None] = {}
    shown = [name for name in SOURCE_COLUMNS if name in names]
    drawn = "document_id" in names and listing.name != SOURCES
    for number, row in enumerate(listing.rows, start=2):
        if number > MOST_ROWS:
            sheet.close()  # its stream would complain when it is collected half written
            raise TooManyRows(
                f"the list has more than {MOST_ROWS - 1} rows, which is all a sheet holds; use parquet or csv"
            )
        sheet.append([_cell(sheet, value) for value in row])
        if drawn:
            sources[tuple(row[names.index(name)] for name in shown)] = None
    if sources:
        _add_sources(book, shown, sources)
    _add_columns(book, listing)
    book.save(out)


def _add_sources(book: Workbook, shown: list[str], sources: dict[tuple[Cell, ...], None]) -> None:
    sheet = book.create_sheet(SOURCES)
    sheet.append(_heading(sheet, ["number", *shown]))
    for number, row in enumerate(sources, start=1):
        sheet.append([number, *(_cell(sheet, value) for value in row)])


def _add_columns(book: Workbook, listing: Listing) -> None:
    sheet = book.create_sheet("columns")
    sheet.append(_heading(sheet, ["column", "kind", "meaning"]))
    for column in listing.columns:
        sheet.append([column.name, column.kind, column.about])
    for note in _NOTES:
        sheet.append(["", "", note])


def _heading(sheet: Any, names: list[str]) -> Iterator[Any]:
    for name in names:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        yield cell


def _cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value=value.replace(tzinfo=None))
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
        return cell
    if isinstance(value, bool):
        return value
    told = joined(value)
    if isinstance(told, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\ufffd", told)[:LONGEST_CELL])
        cell.data_type = "s"
        return cell
    return told
