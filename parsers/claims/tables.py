"""Progress tables that were flattened into text: 单位 应采 已采 完成率, then a row for each body."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COLUMN = (
    r"(?:单位|派出所|乡镇|名称|应采(?:数|人数|集数?)?|任务数?|目标数?|已采(?:数|人数|集数?)?"
    r"|采集数|完成数|完成率|采集率|进度|未采(?:数)?)"
)
_HEADER = re.compile(rf"{_COLUMN}(?:[\s|｜\t]+{_COLUMN}){{2,}}")
_ROW = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,20})(?P<cells>(?:[\s|｜\t]+\d[\d,]*(?:\.\d+)?[%％]?){2,})")
_CELL = re.compile(r"\d[\d,]*(?:\.\d+)?[%％]?")
_COLUMNS = re.compile(_COLUMN)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: its row's name, where name and figure stand, and what its column is."""

    column: str
    value: float
    start: int
    end: int
    rate: float | None = None


def table_cells(text: str) -> list[Cell]:
    """The target and achieved figures of a flattened table, each achieved one with its row's rate."""
    header = _HEADER.search(text)
    if not header:
        return []
    columns = [_kind_of(name) for name in _COLUMNS.findall(header[0])]
    values = [column for column in columns if column != "name"]
    cells: list[Cell] = []
    for row in _ROW.finditer(text, header.end()):
        found = [
            (match[0], row.start("cells") + match.start(), row.start("cells") + match.end())
            for match in _CELL.finditer(row["cells"])
        ]
        rate = next((float(raw.rstrip("%％")) / 100 for raw, _, _ in found if raw[-1] in "%％"), None)
        for column, (raw, _, end) in zip(values, found, strict=False):
            if column in ("target", "achieved"):
                value = float(raw.replace(",", ""))
                cells.append(Cell(column, value, row.start(), end, rate if column == "achieved" else None))
    return cells


def _kind_of(name: str) -> str:
    if name.startswith(("应采", "任务", "目标")):
        return "target"
    if name.startswith(("已采", "采集数", "完成数")):
        return "achieved"
    if name.startswith("未采"):
        return "left"
    return "rate" if name.endswith("率") or name == "进度" else "name"
