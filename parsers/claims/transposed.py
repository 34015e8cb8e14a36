"""Flattened tables that name the bodies across and what is counted down: 项目 甲所 乙所 DNA 620 145 指纹 1310 290."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from parsers.claims.tables import COUNTS, NUMBER, Cell, Column, Word, column_of, values_of, words_of

_CORNER = re.compile("项目|类别|类型|指标|内容|名称|单位|种类|采集项目|采集类别|采集类型|数据|数据类型")
_BODY = re.compile(
    "[\u4e00-\u9fff]{1,16}(?:派出所|公安局|分局|大队|支队|[所局乡镇县市区村站]|街道|社区)|合计|总计|小计|全[县市州区]"
)
_TWO = 2
_MOST_HEADINGS = 24


def transposed_cells(text: str) -> list[Cell]:
    """The figures of such a table, each named by its column; none when the text holds none."""
    words = words_of(text)
    tried = 0
    for first, word in enumerate(words):
        if _CORNER.fullmatch(word[0]) is None:
            continue
        bodies = list(takewhile(lambda each: _BODY.fullmatch(each[0]), words[first + 1 :]))
        tried += 1
        if tried > _MOST_HEADINGS:
            return []
        if len(bodies) >= _TWO and (cells := list(_rows(words[first + 1 + len(bodies) :], bodies))):
            return cells
    return []


def _rows(words: Sequence[Word], bodies: Sequence[Word]) -> Iterator[Cell]:
    """Rows as long as each is a name and a number for every body."""
    length = 1 + len(bodies)
    rows: list[tuple[Word, Column | None, Sequence[Word]]] = []
    for first in range(0, len(words) - length + 1, length):
        name, numbers = words[first], words[first + 1 : first + length]
        if NUMBER.fullmatch(name[0]) or not all(NUMBER.fullmatch(each[0]) for each in numbers):
            break
        rows.append((name, column_of(name[0]), numbers))
    counted = values_of([named for _, named, _ in rows if named is not None])
    kinds = {named.heading: named for named in counted}
    shares = next((numbers for _, named, numbers in rows if named is not None and named.kind == "rate"), None)
    for name, named, numbers in rows:
        told = kinds.get(named.heading) if named is not None else None
        if told is None or told.kind not in COUNTS:
            continue
        for at, (number, body) in enumerate(zip(numbers, bodies, strict=True)):
            found = NUMBER.fullmatch(number[0])
            if found is None or "." in found["value"] or found["unit"] in ("%", "％"):
                continue
            yield Cell(
                told.kind,
                int(found["value"].replace(",", "")),
                name.start(),
                number.start() + found.end("unit"),
                found["unit"] or told.unit,
                _share(shares[at]) if shares and told.kind == "achieved" else None,
                data=told.data,
                heading=told.heading,
                body=(body.start(), body.end()),
            )


def _share(word: Word) -> float | None:
    found = NUMBER.fullmatch(word[0])
    percent = found is not None and found["unit"] in ("%", "％")
    return round(float(found["value"]) / 100, 6) if found is not None and percent else None
