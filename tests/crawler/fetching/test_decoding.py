"""What a page says while it is fetched is what it says when it is read back from the archive."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from archive import Collection, CrawlInfo, Exchange, open_writer, read_capture
from archive.errors import BrokenRecord
from archive.exchange import Headers
from crawler.fetching.decoding import DecodingMiddleware

TEXT = "采集血样53份。".encode() * 2000
WHOLE = gzip.compress(TEXT)
LIMIT = len(TEXT)


def live(headers: Headers, body: bytes) -> bytes | str:
    """The body as spiders get it, or why they do not."""
    made = DecodingMiddleware.from_crawler(get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": LIMIT}))
    coded = [value for name, value in headers if name == b"Content-Encoding"]
    request = Request("http://site.example/")
    try:
        answer = made.process_response(
            request, Response(request.url, headers={"Content-Encoding": coded}, body=body)
        )
    except IgnoreRequest as error:
        return str(error)
    assert isinstance(answer, Response)
    return answer.body


def from_archive(collection: Collection, exchange: Exchange) -> bytes | str:
    """The body as `rebuild` gets it, or why it does not."""
    with open_writer(collection, info=CrawlInfo(campaign="test")) as writer:
        capture = writer.write(exchange).result()
    assert capture is not None
    try:
        return read_capture(collection, capture.file, capture.offset).decoded(LIMIT)
    except BrokenRecord as error:
        return str(error)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path / "collection")


@pytest.mark.parametrize(
    ("codings", "body", "expected"),
    [
        pytest.param([b"gzip"], WHOLE, TEXT, id="whole"),
        pytest.param(
            [b"gzip"], gzip.compress(TEXT[:900]) + gzip.compress(TEXT[900:]), TEXT, id="two members"
        ),
        pytest.param([b"gzip"], WHOLE + b"stray bytes", TEXT, id="stray bytes"),
        pytest.param([b"gzip"], WHOLE[:-8], TEXT, id="cut"),
        pytest.param([b"gzip"], WHOLE[:-8] + bytes(8), TEXT, id="wrong checksum"),
        pytest.param([b"gzip"], gzip.compress(TEXT + b"."), None, id="longer than allowed"),
        pytest.param([b"gzip"], WHOLE[:10] + b"\xff" * 90, None, id="damaged"),
        pytest.param([b"gzip"], TEXT, TEXT, id="not gzip"),
        pytest.param([b"gzip"], b"", b"", id="empty"),
        pytest.param([b"deflate"], zlib.compress(TEXT), TEXT, id="deflate"),
        pytest.param([b"deflate"], zlib.compress(TEXT, wbits=-15), TEXT, id="bare deflate"),
        pytest.param([b"br"], brotli.compress(TEXT), TEXT, id="brotli"),
        pytest.param([b"br"], b"<html>" + TEXT[:900], b"<html>" + TEXT[:900], id="not brotli"),
        pytest.param([b"zstd"], zstandard.compress(TEXT), TEXT, id="zstd"),
        pytest.param([b"gzip, br"], brotli.compress(WHOLE), TEXT, id="two codings"),
        pytest.param([b"gzip", b"br"], brotli.compress(WHOLE), TEXT, id="two headers"),
        pytest.param([b"gzip, utf-8"], WHOLE, TEXT, id="no coding among them"),
    ],
)
def test_a_page_reads_the_same_live_and_from_the_archive(
    collection: Collection,
    codings: list[bytes],
    body: bytes,
    expected: bytes | None,
) -> None:
    headers = tuple((b"Content-Encoding", coding) for coding in codings)
    text = live(headers, body)
    assert text == expected or (expected is None and isinstance(text, str))
    assert from_archive(collection, _exchange(headers, body)) == text


def _exchange(headers: Headers, body: bytes) -> Exchange:
    return Exchange(
        url="http://site.example/",
        started_at=datetime.now(UTC),
        request_headers=(),
        status=200,
        reason="OK",
        response_headers=headers,
        body=body,
    )
