"""Gzip is undone as Scrapy undoes it, whatever state it is in."""

from __future__ import annotations

import gzip

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.decoding import DecodingMiddleware

TEXT = "采集血样53份。".encode() * 2000
WHOLE = gzip.compress(TEXT)
LIMIT = len(TEXT)


def undone(middleware: type[HttpCompressionMiddleware], body: bytes) -> bytes | str:
    """The body after a middleware, or the name of what it raises."""
    made = middleware.from_crawler(get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": LIMIT}))
    request = Request("http://site.example/")
    try:
        response = Response(request.url, headers={"Content-Encoding": "gzip"}, body=body)
        answer = made.process_response(request, response)
    except (IgnoreRequest, OSError, EOFError) as error:
        return type(error).__name__
    assert isinstance(answer, Response)
    return answer.body


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE, id="whole"),
        pytest.param(gzip.compress(TEXT[:900]) + gzip.compress(TEXT[900:]), id="two members"),
        pytest.param(WHOLE + b"stray bytes", id="stray bytes"),
        pytest.param(WHOLE[:-100], id="cut"),
        pytest.param(WHOLE[:-8] + bytes(8), id="wrong checksum"),
        pytest.param(gzip.compress(TEXT + b"."), id="longer than allowed"),
        pytest.param(b"not gzip", id="not gzip"),
        pytest.param(b"", id="empty"),
    ],
)
def test_gzip_is_undone_as_scrapy_undoes_it(body: bytes) -> None:
    assert undone(DecodingMiddleware, body) == undone(HttpCompressionMiddleware, body)


def test_a_whole_body_is_the_text_that_was_packed() -> None:
    assert undone(DecodingMiddleware, WHOLE) == TEXT
