"""Lists of sources in a spreadsheet: addresses to fetch, with what the list says of each."""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from itertools import islice
from pathlib import Path

from crawler.errors import UnusableFile
from crawler.plan import MAX_LIST_BYTES, Seed, seed_of, seeds_in

SPREADSHEETS = (".csv", ".xlsx")
MAX_ROWS = 100_000
MAX_UNPACKED = 1 << 28
MAX_CELL = 2000
"""Characters of a cell that are kept."""

COLUMNS: dict[str, list[str]] = tomllib.loads(
    files("crawler.imports").joinpath("source_list.toml").read_text("utf-8")
)
ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class SourceList:
    """The seeds of a list, and its rows that name no address, as sentences."""

    seeds: tuple[Seed, ...]
    without_address: tuple[str, ...] = ()


def is_spreadsheet(path: Path) -> bool:
    """Whether a file is a list of sources by its name."""
    return path.suffix.lower() in SPREADSHEETS


def read_list(path: Path) -> SourceList:
    """The addresses in a CSV or XLSX file with a row of column names, or in a text file with one a line.

    Number, title, publisher and date stand with each seed and go into the archive beside what is fetched. Raises
    UnusableFile, or UnusableAddress naming the row; nothing is fetched when one row is wrong.
    """
    if not is_spreadsheet(path):
        return SourceList(seeds_in(path))
    rows = _rows(path)
    header = [cell.strip().lower() for cell in next(rows, [])]
    places = {name: place for name in COLUMNS if (place := _place(header, name)) is not None}
    if ADDRESS not in places:
        raise UnusableFile(
            f"{path} has no column of addresses; call one of its columns {', '.join(COLUMNS[ADDRESS])}"
        )
    seeds: list[Seed] = []
    without: list[str] = []
    for number, row in enumerate(islice(rows, MAX_ROWS), start=2):
        told = {name: row[place].strip()[:MAX_CELL] for name, place in places.items() if place < len(row)}
        address = told.pop(ADDRESS, "")
        if address:
            listed = tuple((f"listed-{name}", value) for name, value in told.items() if value)
            seed = seed_of(address, f"{path}, row {number}: ")
            seeds.append(replace(seed, listed=(("listed-in", path.name), *listed)))
        elif any(told.values()):
            named = told.get("title") or next(filter(None, told.values()))
            without.append(f"{path}, row {number}: no address for {named}")
    if not seeds:
        raise UnusableFile(f"{path} holds no address; it should have one in each row")
    return SourceList(tuple(seeds), tuple(without))


def _place(header: list[str], column: str) -> int | None:
    return next((header.index(name) for name in COLUMNS[column] if name in header), None)


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        if path.stat().st_size > MAX_LIST_BYTES:
            raise UnusableFile(f"{path} is larger than {MAX_LIST_BYTES // 2**20} MB; split it")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UnusableFile(f"there is no file {path}") from error
    except OSError as error:
        raise UnusableFile(f"cannot read {path}: {error.strerror}") from error
    yield from _of_workbook(path, content) if path.suffix.lower() == ".xlsx" else _of_csv(path, content)


def _of_csv(path: Path, content: bytes) -> Iterator[list[str]]:
    try:
        # Excel on Chinese computers writes GB18030 without saying so.
        text = content.decode("utf-8-sig") if _is_utf8(content) else content.decode("gb18030")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnusableFile(f"{path} is not a CSV file that can be read: {error}") from error


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _of_workbook(path: Path, content: bytes) -> Iterator[list[str]]:
    # A quarter of a second of imports, for which every crawl would wait.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise UnusableFile(f"{path} holds more than {MAX_UNPACKED // 2**20} MB; split it")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_text(cell) for cell in row]
    except UnusableFile:
        raise
    except Exception as error:  # openpyxl passes on whatever the parsers of ZIP and XML raise
        said = " ".join(str(error).split())[:200]
        raise UnusableFile(f"{path} is not an Excel file that can be read: {said}") from error


def _text(cell: object) -> str:
    """A cell as text: a day without a time of day, a whole number without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat().removesuffix("T00:00:00")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
