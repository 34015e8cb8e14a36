"""A web archive of others for the tests: a real pywb over WARC files of its own, and the faces of other archives.

| path of the second server | answers |
|---|---|
| `/wayback?url=…` | pywb's list in the form of the Wayback Machine: an array of rows, the first with the names |
| `/warcs/<file>` | a WARC file of the archive, by ranges of bytes |
| `/whole/<file>` | the same, whatever range is asked for |
| `/broken` | no list |
| `/busy` | 503, and an hour to wait |
"""

from __future__ import annotations

import gzip
import json
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.replay import replay
from tests.crawler.site import article

PAGE = "http://www.gov.example/xwzx/t20190501_1.html"
GONE = "http://www.gov.example/xwzx/gone.html"
FIRST, AGAIN, LAST = (datetime(year, 5, 2, 3, 4, 5, tzinfo=UTC) for year in (2019, 2020, 2021))


def version(time: datetime) -> bytes:
    """The page as it was served then; 2019 and 2020 have the same."""
    return gzip.compress(article("identity", 417 if time < LAST else 418), mtime=0)


@dataclass(frozen=True, slots=True)
class WebArchives:
    """The running servers: pywb's collection, and the second server with its requests counted by path."""

    pywb: str
    other: str
    seen: Counter[str]


class _Other(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pywb: str, files: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pywb = pywb
        self.files = files
        self.seen: Counter[str] = Counter()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Other

    def do_GET(self) -> None:
        """Answers by the table above."""
        place, _, name = urlsplit(self.path).path.removeprefix("/").partition("/")
        self.server.seen[place] += 1
        if place == "wayback":
            self._send(200, self._rows())
        elif place in ("warcs", "whole"):
            self._file((self.server.files / Path(name).name).read_bytes(), whole=place == "whole")
        elif place == "broken":
            self._send(200, b"<html>synthetic: no list</html>")
        elif place == "busy":
            self._send(503, b"synthetic: busy", {"Retry-After": "3600"})
        else:
            self._send(404, b"synthetic: 404 not found")

    def _rows(self) -> bytes:
        with urllib.request.urlopen(f"{self.server.pywb}/cdx?{urlsplit(self.path).query}") as answer:  # noqa: S310
            lines = [json.loads(line) for line in answer.read().splitlines()]
        names = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
        keys = ["urlkey", "timestamp", "url", "mime", "status", "digest", "length"]
        return json.dumps([names, *([line[key] for key in keys] for line in lines)] if lines else []).encode()

    def _file(self, content: bytes, *, whole: bool) -> None:
        first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
        if whole:
            self._send(200, content)
        else:
            self._send(206, content[int(first) : int(last) + 1])

    def _send(self, status: int, body: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet."""


def fill(root: Path) -> Collection:
    """The archive's own WARC files: three captures of the page, one of a page that was an error."""
    collection = Collection(root / "collections" / "old")
    headers = ((b"Content-Type", b"text/html"), (b"Content-Encoding", b"gzip"), (b"Server", b"synthetic/1"))
    with open_writer(collection, info=CrawlInfo("old"), min_free_bytes=0) as writer:
        for time in (FIRST, AGAIN, LAST):
            body = version(time)
            writer.write(
                Exchange(PAGE, time, status=200, reason="OK", response_headers=headers, body=body)
            ).result()
        writer.write(Exchange(GONE, FIRST, status=404, reason="Not Found", body=b"synthetic: 404")).result()
    return collection


@contextmanager
def web_archives(root: Path) -> Iterator[WebArchives]:
    """Both servers, until the block ends."""
    collection = fill(root)
    with replay(root) as address:
        other = _Other(f"{address}/old", collection.archive)
        thread = threading.Thread(target=other.serve_forever, daemon=True)
        thread.start()
        try:
            yield WebArchives(f"{address}/old", f"http://127.0.0.1:{other.server_port}", other.seen)
        finally:
            other.shutdown()
            other.server_close()
