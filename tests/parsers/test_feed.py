"""Feeds whose entries say what no calendar has."""

from __future__ import annotations

import pytest

from parsers import read
from parsers.page import Page, PageKind

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>合成测试</title>
<item><title>合成测试一</title><link>https://a.example/1.html</link><pubDate>{date}</pubDate></item>
<item><title>合成测试二</title><link>https://a.example/2.html</link>
<pubDate>Wed, 12 May 2021 02:20:00 GMT</pubDate></item>
</channel></rss>"""


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "Fri, 31 Dec 99999999999999999999 23:59:59 GMT",
        "Fri, 31 Dec 2021 23:59:59 +99999999999999999999",
        "Fri, 40 Dec 2021 25:61:61 GMT",
        "0",
        "",
    ],
)
def test_an_entry_with_an_impossible_date_has_none_and_the_others_theirs(date: str) -> None:
    reading = read(Page("https://a.example/feed.xml", FEED.format(date=date).encode(), 200, "text/xml"))
    assert reading.kind is PageKind.FEED
    assert [(link.url, link.date) for link in reading.links] == [
        ("https://a.example/1.html", None),
        ("https://a.example/2.html", "2021-05-12"),
    ]
