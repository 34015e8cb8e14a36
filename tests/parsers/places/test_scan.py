"""Names of places among the words around them."""

from __future__ import annotations

import pytest

from parsers.places.gazetteer import divisions
from parsers.places.scan import scan

BEFORE = (
    "其中", "其余", "我", "对", "在", "为", "由", "从", "自从", "和", "与", "到", "往", "赴",
    "抵达", "前往", "目前", "截至目前", "同时", "另外", "分别为", "包括", "组织", "会同", "配合",
    "联合", "协助", "支援", "该", "以及", "位于", "来自", "连日来", "近日", "今年", "涉及", "覆盖",
    "深入", "走进", "据", "获悉", "记者", "已", "将", "并", "让", "请", "使", "被", "都", "按照",
    "根据", "通过", "东", "西", "南", "北", "上", "中", "大", "新", "文明", "派出所", "分局", "州",
    "市", "县", "乡", "镇",
)  # fmt: skip


@pytest.mark.parametrize("region", ["54", "63"])
def test_a_full_name_is_found_whatever_word_runs_into_it(region: str) -> None:
    names = [name for code, name in divisions().items() if len(code) in (4, 6) and code.startswith(region)]

    lost = [
        (before, name)
        for name in names
        for before in BEFORE
        if (len(before) + 1, len(before) + 1 + len(name))
        not in {(token.start, token.end) for token in scan(f"，{before}{name}采集血样")}
    ]

    assert lost == []
