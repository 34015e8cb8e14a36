"""Progress tables that were flattened into text: 单位 应采 已采 完成率, then a row for each body."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COLUMN = (
    r"(?:序号|单位名称|单位|派出所|所属乡镇|乡镇|名称|辖区|应采(?:集)?(?:总数|人数|数|集数)?|任务(?:总)?数?|目标(?:任务)?数?|计划数?|应录数?"
    r"|已采(?:集)?(?:总数|人数|数|集数)?|已录(?:入)?数?|已完成(?:数)?|实采数?|(?:\d{1,2}月份?|本月|当月|本周|上周|今日|当日|累计|总)采集(?:人|总)?数|采集(?:人)?数|完成数|完成(?:率|比例)|采集率|进度|占比|比例|未采(?:集)?(?:人数|数)?|剩余数?|差额|排名|备注)(?:[（(][^）)]{1,4}[)）])?"
)
_GAP = r"(?:[ \t|｜、,，　]+|\n)"
_HEADER = re.compile(rf"{_COLUMN}(?:{_GAP}{_COLUMN}){{2,}}")
_ROW = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,20})(?P<cells>(?:[\s|｜:：]+\d[\d,]*(?:\.\d+)?(?:[%％]|份|人|条|名)?){2,})"
)
_CELL = re.compile(r"(?P<value>\d[\d,]*(?:\.\d+)?)(?P<unit>[%％份人条名]?)")
_COLUMNS = re.compile(_COLUMN)
_LONGEST_HEADER = 200
_PERIODS = ("本月", "当月", "本周", "上周", "今日", "当日")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: its row's name, where name and figure stand, and what its column is."""

    column: str
    value: int
    start: int
    end: int
    unit: str | None = None
    rate: float | None = None


def table_cells(text: str) -> list[Cell]:
    """The target and achieved figures of a flattened table, each achieved one with its row's share."""
    if "应采" not in text and "任务" not in text and "已采" not in text and "完成" not in text:
        return []
    header = _HEADER.search(text)
    if header is None or len(header[0]) > _LONGEST_HEADER:
        return []
    columns = [_kind_of(name) for name in _COLUMNS.findall(header[0])]
    values = [column for column in columns if column != "name"]
    cells: list[Cell] = []
    for row in _ROW.finditer(text, header.end()):
        found = list(_CELL.finditer(row["cells"]))
        rate = next((float(cell["value"]) / 100 for cell in found if cell["unit"] in ("%", "％")), None)
        offset = row.start("cells")
        for column, cell in zip(values, found, strict=False):
            if (
                column in ("target", "achieved", "increment")
                and cell["unit"] not in ("%", "％")
                and "." not in cell["value"]
            ):
                value = int(cell["value"].replace(",", ""))
                share = round(rate, 6) if rate is not None and column == "achieved" else None
                cells.append(
                    Cell(column, value, row.start(), offset + cell.end(), cell["unit"] or None, share)
                )
    return cells


def _kind_of(name: str) -> str:
    if name.endswith(("率", "比例")) or name.startswith(("进度", "占比")):
        return "rate"
    if name.startswith(("应采", "任务", "目标", "计划", "应录")):
        return "target"
    if name.startswith(("已采", "采集", "完成", "已完成", "实采", "已录", "累计", "总采集")):
        return "achieved"
    if name.startswith(_PERIODS) or name[0].isdecimal():
        return "increment"
    if name.startswith(("未采", "剩余", "差额", "排名", "备注")):
        return "left"
    return "name"
