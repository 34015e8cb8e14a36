"""Progress tables that were flattened into text: 单位 应采 已采 完成率, then a row for each body."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_DATA = r"(?:DNA血样|DNA|血样|血液|血卡|虹膜|指掌纹|指纹|掌纹|人像|人脸|声纹|步态|足迹)"
_PERIOD = r"(?:\d{1,2}月份?|本月|当月|本周|上周|今日|当日|昨日)"
_HOW_MANY = r"(?:总人数|总数量?|人数|份数|条数|集数|数量|人员?|数|量)"
_COLUMN = (
    rf"(?:(?:应采集?|已采集?|应录|已录)?(?:家系|家族|户|图谱){_HOW_MANY}?"
    r"|序号|单位名称|单位|派出所|所属乡镇|乡镇|村居|名称|辖区|所队"
    rf"|{_PERIOD}?{_DATA}?(?:应采集?|应录|任务|目标任务|目标|计划采集|计划){_DATA}?(?:总任务)?{_HOW_MANY}?"
    rf"|{_PERIOD}?{_DATA}?(?:已采集?|已录入?|已完成|实采集?|实际采集|完成采集){_DATA}?{_HOW_MANY}?"
    rf"|(?:{_PERIOD}|累计|总|共)(?:采集|新增|完成){_DATA}?{_HOW_MANY}?"
    rf"|(?:采集|完成)?(?:率|比例|进度)|完成率|{_DATA}(?:采集|完成)率|采集{_DATA}?{_HOW_MANY}?|完成{_HOW_MANY}|累计|占比"
    rf"|未采集?{_HOW_MANY}?|剩余{_HOW_MANY}?|差额|排名|名次|备注"
    rf"|{_DATA}(?:样本|信息)?(?:采集)?{_HOW_MANY}?)(?:[（(][^）)]{{1,4}}[)）])?"
)
_GAP = r"(?:[ \t|｜、,，　]+|\n)+"
_HEADER = re.compile(rf"(?<![\u4e00-\u9fffA-Za-z]){_COLUMN}(?:{_GAP}{_COLUMN}){{1,14}}(?![\u4e00-\u9fff])")
_ROW = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,20})(?P<cells>(?:[\s|｜:：]+\d[\d,]*(?:\.\d+)?(?:[%％]|份|人|条|名)?|[|｜][^\d|｜\n]{1,8}(?=[|｜\n]|$))+)"
)
_CELL = re.compile(r"(?P<value>\d[\d,]*(?:\.\d+)?)(?P<unit>[%％份人条名]?)|[|｜][^\d|｜\n]{1,8}(?=[|｜\n]|$)")
"""A figure, or what stands in its place between strokes (设备故障)."""
_COLUMNS = re.compile(_COLUMN)
_OF_DATA = re.compile(_DATA)
_OF_PERIOD = re.compile(f"^{_PERIOD}")
_UNIT = re.compile(r"[（(]([份人条名枚])[)）]$")
_ROW_LIKE = re.compile(r"[\u4e00-\u9fff][ \t|｜　]+\d[\d,]*(?:[%％份人条名]?[\s|｜]|$)")
_LONGEST_HEADER = 200
_FAMILIES = ("家系", "家系数", "家族", "家族数", "户", "户数", "图谱", "图谱数")
_PERIODS = ("本月", "当月", "本周", "上周", "今日", "当日", "昨日")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: its row's name, where name and figure stand, and what its column is.

    `column` is `target`, `achieved`, `increment` or `data` (a column headed by a kind of data alone); `data` are the
    words of the heading that name the kind of data, if any do.
    """

    column: str
    value: int
    start: int
    end: int
    unit: str | None = None
    rate: float | None = None
    data: str = ""


@dataclass(frozen=True, slots=True)
class _Column:
    kind: str
    data: str
    unit: str | None


def has_rows(text: str, first: int) -> bool:
    """Whether something like a row of a table, a name and figures, follows from `first` on."""
    return _ROW_LIKE.search(text, first) is not None


def table_cells(text: str) -> list[Cell]:
    """The target and achieved figures of a flattened table, each achieved one with its row's share."""
    if _ROW_LIKE.search(text) is None:
        return []
    header = next((each for each in _HEADER.finditer(text) if _is_header(each[0])), None)
    if header is None:
        return []
    values = _values(header[0])
    least = min(len(values), 2)
    rated = next(
        (kind for kind in ("achieved", "data", "increment") if any(v.kind == kind for v in values)), ""
    )
    cells: list[Cell] = []
    for row in _ROW.finditer(text, header.end()):
        found = list(_CELL.finditer(row["cells"]))
        if len(found) < least:
            continue
        rate = next(
            (float(cell["value"]) / 100 for cell in found if cell["unit"] and cell["unit"] in "%％"), None
        )
        offset = row.start("cells")
        for column, cell in zip(values, found, strict=False):
            if (
                column.kind in ("rate", "left")
                or cell["value"] is None
                or cell["unit"] in ("%", "％")
                or "." in cell["value"]
            ):
                continue
            value = int(cell["value"].replace(",", ""))
            share = round(rate, 6) if rate is not None and column.kind == rated else None
            unit = cell["unit"] or column.unit
            cells.append(Cell(column.kind, value, row.start(), offset + cell.end(), unit, share, column.data))
    return cells


def _is_header(header: str) -> bool:
    """Whether a run of words heads a table: one names the rows, another counts something."""
    if len(header) > _LONGEST_HEADER:
        return False
    kinds = [column.kind for column in _columns(header)]
    counts = sum(kind in ("target", "achieved", "collected", "increment", "data") for kind in kinds)
    return counts > 0 and ("name" in kinds or len(kinds) > 2)


def _values(header: str) -> list[_Column]:
    """The columns of figures: none that names the rows, and no rank before the names."""
    columns = _columns(header)
    named = next((index for index, column in enumerate(columns) if column.kind == "name"), 0)
    # Beside a target it is what was reached of it, else what the table's period brought.
    collected = "achieved" if any(column.kind == "target" for column in columns) else "data"
    columns = [replace(c, kind=collected) if c.kind == "collected" else c for c in columns]
    return [
        column
        for index, column in enumerate(columns)
        if column.kind != "name" and not (column.kind == "left" and index < named)
    ]


def _columns(header: str) -> list[_Column]:
    made = []
    for found in _COLUMNS.finditer(header):
        data, unit = _OF_DATA.search(found[0]), _UNIT.search(found[0])
        made.append(_Column(_kind_of(found[0]), data[0] if data else "", unit[1] if unit else None))
    return made


def _kind_of(name: str) -> str:
    name = re.sub(r"[（(].*$", "", name)
    if name.endswith(_FAMILIES):
        return "left"
    if name.endswith(("率", "比例", "占比")) or name in ("进度", "完成进度", "采集进度"):
        return "rate"
    bare = _OF_DATA.sub("", name)
    within = _OF_PERIOD.sub("", bare)
    if within.startswith(("应采", "任务", "目标", "计划", "应录")):
        return "target"
    if bare.startswith(_PERIODS) or name[0].isdecimal():
        return "increment"
    if bare.startswith(("已采", "完成", "已完成", "实采", "实际", "已录", "累计", "总", "共")):
        return "achieved"
    if name.startswith("采集") and not _OF_DATA.search(name):
        return "collected"
    if bare.startswith(("未采", "剩余", "差额", "排名", "名次", "备注")):
        return "left"
    return "data" if _OF_DATA.search(name) else "name"
