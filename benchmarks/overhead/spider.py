"""The spider of bare Scrapy and of the packages that add WARC to it: the same pages and pictures as ours.

It imports nothing of holdfast, so that it runs in an environment of its own: `python spider.py URL COLUMNS PEER`,
where PEER is `scrapy`, `scrapy-webarchive` or `scrapy-warcio`. What the peer writes goes to the working folder.
Prints how many responses came.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

WARCIO_SETTINGS = """
warc_spec: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.0/
max_warc_size: 10737418240
collection: benchmark
description: benchmark
operator: benchmark
robots: ignore
user_agent: benchmark
warc_prefix: benchmark
warc_dest: .
"""
PEERS: dict[str, dict[str, Any]] = {
    "scrapy": {},
    "scrapy-webarchive": {
        "EXTENSIONS": {"scrapy_webarchive.extensions.WaczExporter": 543},
        "SW_EXPORT_URI": f"{Path.cwd()}/crawl.wacz",
    },
    "scrapy-warcio": {"DOWNLOADER_MIDDLEWARES": {"__main__.WarcioMiddleware": 543}},
}


class WarcioMiddleware:
    """scrapy-warcio's middleware, as its documentation has it, but that bodies which are no UTF-8 go unwritten: it
    cannot write them.
    """

    def __init__(self) -> None:
        import scrapy_warcio

        self.warcio = scrapy_warcio.ScrapyWarcIo()
        self.now = scrapy_warcio.warc_date

    def process_request(self, request: Any, spider: Any) -> None:
        request.meta["WARC-Date"] = self.now()

    def process_response(self, request: Any, response: Any, spider: Any) -> Any:
        with contextlib.suppress(UnicodeDecodeError):
            self.warcio.write(response, request)
        return response


class Linked(scrapy.Spider):
    """Columns, the articles that they list, the pictures that these show."""

    name = "linked"

    def __init__(self, url: str, columns: int) -> None:
        super().__init__()
        self.start_urls = [f"{url}/column-{number}.html" for number in range(columns)]
        self.came = 0

    def parse(self, response: Any) -> Iterator[scrapy.Request]:
        self.came += 1
        for link in response.css("ul.list a::attr(href)").getall():
            yield response.follow(link, self.parse_article)

    def parse_article(self, response: Any) -> Iterator[scrapy.Request]:
        self.came += 1
        for source in response.css(".TRS_Editor img::attr(src)").getall():
            yield response.follow(source, self.parse_picture)

    def parse_picture(self, response: Any) -> None:
        self.came += 1

    def closed(self, reason: str) -> None:
        print(self.came)


if __name__ == "__main__":
    url, columns, peer = sys.argv[1:]
    if peer == "scrapy-warcio":
        Path("warcio.yml").write_text(WARCIO_SETTINGS)
        os.environ["SCRAPY_WARCIO_SETTINGS"] = "warcio.yml"
    process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, **PEERS[peer]})
    process.crawl(Linked, url=url, columns=int(columns))
    process.start()
