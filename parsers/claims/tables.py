"""Progress tables that were flattened into text: a heading of columns, then a row for each body.

A text is cut into cells at blanks, strokes, slashes and the marks between clauses; a run of cells that name columns is
a heading when cells of rows follow it: a name, then numbers. What a column counts is told by the words in its name, so
that the order and the wording of columns do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_DATA = re.compile("DNA血样|DNA|血样|血液|血卡|采血|虹膜|指掌纹|指纹|掌纹|人像|人脸|声纹|步态|足迹")
_CELLS = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?=\D|$)|[^\s|｜；;，、=＝:：/／。])+")
NUMBER = re.compile(
    r"(?P<value>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<unit>[%％]|人份|人次|[份人条名枚例户]?)(?:[（(][^）)]*[)）]?)?"
)
_UNIT = re.compile(r"[（(](人份|人次|[份人条名枚例])[)）]$")
_IN_BRACKETS = re.compile(r"[（(].*$")
_ROW_LIKE = re.compile(r"[\u4e00-\u9fff）)][ \t|｜　/＝=]+\d[\d,]*(?:[%％份人条名枚]?[\s|｜/（(]|$)")
_MAY_BE_ROW = re.compile(r"[\u4e00-\u9fff）)][ \t|｜　/＝=，]+\d[\d,]*(?:[%％份人条名枚]?[\s|｜/（(，；]|$)")
"""What some row of every table has; most texts have none."""
_RANKS = ("序号", "编号", "名次", "排名", "顺序")
_NAMES = re.compile(
    "(?:所属|辖区)?(?:单位(?:名称)?|派出所|所别|所队|所名|乡镇(?:街道)?|乡（镇）|村居|村名?|社区|名称|辖区|地区|县区|县市|部门|站所|月份|月度|季度|日期|时间)"
)
_RATES = ("率", "比例", "占比", "百分比", "完成比", "进度")
_TARGETS = ("应采", "任务", "计划", "目标", "应录", "指标")
_LEFT = (
    "未采",
    "剩余",
    "差额",
    "欠采",
    "备注",
    "警力",
    "办证",
    "家系",
    "家族",
    "户数",
    "图谱",
    "车辆",
    "送检",
    "比中",
    "走访",
)
_PERIODS = ("本月", "当月", "本周", "上周", "今日", "当日", "昨日", "本日", "本期", "新增")
_RUNNING = ("累计", "总计", "总数", "截至")
_REACHED = ("已采", "完成", "实采", "实际", "已录", "已入库")
_COLLECTED = ("采集", "采血", "采样", "补采", "录入", "入库", "建档")
COUNTS = ("target", "achieved", "collected", "increment", "data")
_STROKES = "|｜\t/／"
_LONGEST_NAME, _LONGEST_COLUMN = 20, 12
_MOST_CELLS, _MOST_COLUMNS, _MOST_HEADINGS = 4000, 24, 24


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: its row's name, where name and figure stand, and what its column is.

    `column` is `target`, `achieved`, `increment` or `data` (a column headed by a kind of data, or by collection alone);
    `data` are the words of the heading that name the kind of data, if any do, `heading` the whole heading. `body` is
    where the place or body stands that the figure is of, when it is not the row's name.
    """

    column: str
    value: int
    start: int
    end: int
    unit: str | None = None
    rate: float | None = None
    data: str = ""
    heading: str = ""
    body: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it counts (`kind`, as `Cell.column`, or `name`, `rank`, `rate`, `left`) and its heading."""

    kind: str
    heading: str
    data: str = ""
    unit: str | None = None


Word = re.Match[str]
"""A cell as it stands in the text."""


def has_rows(text: str, first: int) -> bool:
    """Whether something like a row of a table, a name and figures, follows from `first` on."""
    return _ROW_LIKE.search(text, first) is not None


def table_cells(text: str) -> list[Cell]:
    """The target and achieved figures of a flattened table, each achieved one with its row's share."""
    words = words_of(text)
    tried = 0
    for first in range(len(words)):
        columns = _heading(words, first)
        if not columns:
            continue
        tried += 1
        if tried > _MOST_HEADINGS:
            return []
        if cells := list(_rows(text, words[first + len(columns) :], values_of(columns))):
            rows = len({cell.start for cell in cells})
            if rows > 1 or text[words[first].end()] in f"{_STROKES} \n":
                return cells
    return []


def words_of(text: str) -> list[Word]:
    """The cells of a text that may hold a table; none of one without a row, or with more than any table has."""
    if _MAY_BE_ROW.search(text) is None:
        return []
    words = []
    for word in _CELLS.finditer(text):
        words.append(word)
        if len(words) > _MOST_CELLS:
            return []
    return words


def _heading(words: Sequence[Word], first: int) -> list[Column]:
    """The columns that the cells from `first` on name; none when they head no table."""
    columns: list[Column] = []
    for index in range(first, min(len(words), first + _MOST_COLUMNS)):
        column = column_of(words[index][0])
        following = column_of(words[index + 1][0]) if index + 1 < len(words) else None
        if column is None and columns and following is not None and len(words[index][0]) <= _LONGEST_COLUMN:
            column = Column("left", words[index][0])
        if column is None:
            break
        columns.append(column)
    counts = sum(column.kind in COUNTS for column in columns)
    named = any(column.kind == "name" for column in columns)
    return columns if counts and (named or len(columns) > 2) else []


def column_of(word: str) -> Column | None:
    """What a cell names when it heads a column; None when it heads none."""
    name = _IN_BRACKETS.sub("", word)
    if not name or len(name) > _LONGEST_COLUMN or NUMBER.fullmatch(word):
        return None
    kind = _kind_of(name)
    if kind is None:
        return None
    data, unit = _DATA.search(name), _UNIT.search(word)
    return Column(kind, name, data[0] if data else "", unit[1] if unit else None)


def _kind_of(name: str) -> str | None:
    if name in _RANKS:
        return "rank"
    if _NAMES.fullmatch(name):
        return "name"
    if name.endswith(_RATES):
        return "rate"
    if any(word in name for word in _LEFT):
        return "left"
    if any(word in name for word in _TARGETS):
        return "target"
    running = any(word in name for word in _RUNNING)
    if not running and (any(word in name for word in _PERIODS) or name[0].isdecimal()):
        return "increment" if _counts(name) or name in _PERIODS else None
    if running or any(word in name for word in _REACHED):
        return "achieved"
    if any(word in name for word in _COLLECTED) and not _names_body(name):
        return "collected"
    data = _DATA.match(name)
    return "data" if data is not None and not _names_body(name) else None


def _counts(name: str) -> bool:
    return any(word in name for word in (*_COLLECTED, *_REACHED)) or _DATA.search(name) is not None


def _names_body(name: str) -> bool:
    return name.endswith(
        ("所", "局", "队", "镇", "乡", "村", "站", "县", "统计", "情况", "通报", "进度表", "采集表")
    )


def values_of(columns: Sequence[Column]) -> list[Column]:
    """The columns of figures: none that names the rows, and no rank before the names."""
    named = next((index for index, column in enumerate(columns) if column.kind == "name"), 0)
    # Beside a target it is what was reached of it, else what the table's period brought.
    collected = "achieved" if any(column.kind == "target" for column in columns) else "data"
    return [
        replace(column, kind=collected) if column.kind == "collected" else column
        for index, column in enumerate(columns)
        if column.kind != "name" and not (column.kind == "rank" and index < named)
    ]


def _rows(text: str, words: Sequence[Word], columns: Sequence[Column]) -> Iterator[Cell]:
    least = min(len(columns), 2)
    index = 0
    while index < len(words):
        name = words[index]
        index += 1
        if NUMBER.fullmatch(name[0]) or len(name[0]) > _LONGEST_NAME:
            continue
        values: list[Word | None] = []
        while index < len(words) and len(values) < len(columns):
            number = NUMBER.fullmatch(words[index][0])
            stroked = text[words[index].start() - 1] in _STROKES and values
            if number is None and not (stroked and _ends_in_stroke(text, words[index])):
                break
            values.append(words[index] if number else None)
            index += 1
        if len(values) >= least:
            yield from _of_row(name, values, columns)


def _ends_in_stroke(text: str, word: Word) -> bool:
    """设备故障 between strokes, or at the end of a line: a cell without a figure."""
    return text[word.end() : word.end() + 1] in ("", "\n", *_STROKES)


def _of_row(name: Word, values: Sequence[Word | None], columns: Sequence[Column]) -> Iterator[Cell]:
    numbers = [(value, NUMBER.fullmatch(value[0]) if value else None) for value in values]
    told = [number for _, number in numbers if number is not None and number["unit"] in ("%", "％")]
    rate = round(float(told[0]["value"]) / 100, 6) if told else None
    kinds = {column.kind for column in columns}
    rated = next((kind for kind in ("achieved", "data", "increment") if kind in kinds), "")
    for column, (value, number) in zip(columns, numbers, strict=False):
        if value is None or number is None or column.kind not in COUNTS or "." in number["value"]:
            continue
        if number["unit"] in ("%", "％"):
            continue
        share = rate if column.kind == rated else None
        end = value.start() + number.end("unit")
        count = int(number["value"].replace(",", ""))
        unit = number["unit"] or column.unit
        yield Cell(column.kind, count, name.start(), end, unit, share, column.data, column.heading)
