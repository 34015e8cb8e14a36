"""Which pages are later parts of an article: the file name must say so, and the page must lead back to the first."""

from __future__ import annotations

import pytest

from parsers import read
from parsers.document import Document, Image, Part
from parsers.joining import join
from parsers.page import Page

BODY = """<html><head><title>合成测试页面</title><meta name="ArticleTitle" content="合成测试页面">
<meta name="PubDate" content="2021-05-12 10:00"></head><body><div class="TRS_Editor">
<p>本页为合成测试页面，内容均为虚构。5月11日，派出所民警为牧民群众登记信息，活动持续到傍晚。</p></div>{pager}</body></html>"""


@pytest.mark.parametrize(
    ("name", "pager", "first"),
    [
        ("t20210512_100001_1", '<script>createPageHTML(3, 1, "t20210512_100001", "html")</script>', "t20210512_100001"),
        ("t20210512_100001", '<script>createPageHTML(3, 0, "t20210512_100001", "html")</script>', None),
        ("t20210512_100001_1", '<script>createPageHTML(3, 1, "t20210512_999999", "html")</script>', None),
        ("c_1127000001_2", '<a href="c_1127000001.html">上一页</a>', "c_1127000001"),
        ("c1001-32000001-2", '<a href="c1001-32000001.html">[1]</a>', "c1001-32000001"),
        ("c_1127000001_2", '<a href="/">首页</a>', None),
        ("c_1127000001_2", '<a href="c_1127000001.html">上一篇：合成</a>', None),
        ("2021-05-12", '<a href="2021-05.html">1</a>', None),
        ("art_39_100001", '<a href="art_39.html">1</a>', None),
    ],
)  # fmt: skip
def test_a_later_part_names_the_first(name: str, pager: str, first: str | None) -> None:
    folder = "http://www.county.example/xwzx/"
    reading = read(Page(f"{folder}{name}.html", BODY.format(pager=pager).encode()))
    assert reading.part_of == (f"{folder}{first}.html" if first else None)


def test_parts_are_joined_in_order_and_what_repeats_adds_nothing() -> None:
    first = Document("合成", "甲。", images=(Image("http://a.example/1.png", offset=1),))
    second = Document("合成", "乙。", images=(Image("http://a.example/2.png", offset=2),))
    joined = join(
        [("http://a.example/1", first), ("http://a.example/2", first), ("http://a.example/3", second)]
    )
    assert joined.text == "甲。\n乙。"
    assert [image.offset for image in joined.images] == [1, 5]
    assert joined.parts == (Part(0, "http://a.example/1"), Part(3, "http://a.example/3"))
    assert join([("http://a.example/1", first)]) == first
