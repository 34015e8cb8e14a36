"""Real archives of invented pages, for tests of what is read back from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.capture import Capture
from archive.collection import Collection
from archive.exchange import Exchange
from archive.warc.warcformat import CrawlInfo
from archive.writing.writer import open_writer

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2021-05-12 10:20">
<meta name="ContentSource" content="合成县公安局"><meta name="SiteName" content="合成县人民政府"></head>
<body><h1>{title}</h1><div id="zoom" class="TRS_Editor"><p>合成测试页面，内容均为虚构。</p>
<p>{text}</p><p>当天天气晴朗，村委会干部在场协助，活动持续到傍晚，群众陆续回家。</p></div></body></html>"""

LINZHOU = PAGE.format(
    title="旁多派出所采血工作", text="2021年5月11日，林周县公安局旁多派出所民警为牧民群众采集血样53份。"
)
LUOLONG = PAGE.format(
    title="洛隆县采血工作", text="2021年5月10日，洛隆县公安局民警入户走访，为群众采集血样417份。"
)
BEGIN = datetime(2021, 5, 13, 1, 0, tzinfo=UTC)


def saved_pages(folder: Path) -> Path:
    """A new folder with two pages as somebody may have saved them."""
    folder.mkdir()
    (folder / "a.html").write_text(LINZHOU, encoding="utf-8")
    (folder / "b.html").write_text(LUOLONG, encoding="utf-8")
    return folder


def archive_pages(root: Path, *pages: tuple[str, str]) -> tuple[Collection, list[Capture]]:
    """A collection that holds a response for each (address, HTML), an hour apart."""
    collection = Collection(root)
    with open_writer(collection, info=CrawlInfo("tibet-dna")) as writer:
        taken = [
            writer.write(
                Exchange(
                    url=url,
                    started_at=BEGIN + timedelta(hours=number),
                    status=200,
                    reason="OK",
                    response_headers=((b"Content-Type", b"text/html; charset=utf-8"),),
                    body=html.encode(),
                )
            ).result()
            for number, (url, html) in enumerate(pages)
        ]
    return collection, [capture for capture in taken if capture]
