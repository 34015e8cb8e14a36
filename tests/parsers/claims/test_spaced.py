"""Characters that stand apart are read as if they did not, and quoted as they were written."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.observation import Article
from parsers.observe import observe

TITLE = "打隆派出所（合成测试文本）"


@pytest.mark.parametrize(
    ("text", "count", "quote"),
    [
        ("4月21日，打隆派出所 共 采 集 血 样 1 8 6 份 ，入户走访 2 3 0 户。", 186, "采 集 血 样 1 8 6 份"),
        ("4 月 2 1 日 ， 打 隆 派 出 所 采 集 血 样 2 0 7 份 。", 207, "采 集 血 样 2 0 7 份"),
    ],
)
def test_a_quote_stands_in_the_text_as_written(text: str, count: int, quote: str) -> None:
    [claim] = observe(Article(text, TITLE, date(2022, 4, 22), "浪卡子公安")).observations
    assert claim.count is not None
    assert claim.count.min == count
    assert claim.quote == quote == text[claim.start : claim.end]
    assert claim.place is not None
    assert claim.place.name == "西藏自治区山南市浪卡子县打隆镇"


def test_cells_of_a_table_stay_apart() -> None:
    text = "单位 应采 已采 完成率 打隆派出所 420 315 75% 张达派出所 280 266 95%"
    counts = [
        each.count.min
        for each in observe(Article(text, "DNA采集进度表", None, "浪卡子公安")).observations
        if each.count
    ]
    assert counts == [420, 315, 280, 266]
