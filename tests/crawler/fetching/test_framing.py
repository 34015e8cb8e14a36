"""Where a response ends, whatever its server says of it, and however its bytes are cut on their way."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetching.framing import MAX_HEAD_BYTES, MAX_LINE_BYTES, NotHttp, ResponseReader

PAGE = "<p>合成：采集血样一百份</p>".encode()
COUNTED = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"

WHOLE = {
    "as it should be": (COUNTED % len(PAGE) + PAGE, PAGE),
    "characters counted as bytes": (COUNTED % len(PAGE.decode()) + PAGE, PAGE),
    "a line that is no field": (b"HTTP/1.1 200 OK\r\nGARBAGE\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    "line feeds alone": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nab", b"ab"),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    "a line break after the body": (COUNTED % 2 + b"ab\r\n", b"ab"),
    "another response after the body": (COUNTED % 2 + b"abHTTP/1.1 408 Late\r\n\r\n", b"ab"),
    "chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1;x=y\r\nb\r\n0\r\nT: 1\r\n\r\n", b"ab"),
    "bytes after the last chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nbcdef", b"abcdef"),
    "a body where none may be": (b"HTTP/1.1 204 No Content\r\n\r\n<p>synthetic</p>", b"<p>synthetic</p>"),
    "after answers on the way": (b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + COUNTED % 2 + b"ab", b"ab"),
}  # fmt: skip
UNTIL_THE_CLOSE = {
    "no length": b"HTTP/1.1 200 OK\r\n\r\nab",
    "a length below nothing": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nab",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
}
NO_HTTP = {
    "a status of zeros": (b"HTTP/1.1 000 OK\r\n\r\n", "no HTTP status line: 'HTTP/1.1 000 OK'"),
    "two digits": (b"HTTP/1.1 20 OK\r\n\r\n", "no HTTP status line"),
    "four digits": (b"HTTP/1.1 1000 OK\r\n\r\n", "no HTTP status line"),
    "letters": (b"HTTP/1.1 abc OK\r\n\r\n", "no HTTP status line"),
    "a bare page": (b"<html>synthetic", "does not begin as HTTP does: '<html>synthetic'"),
    "another protocol": (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "101"),
    "a line without end": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * MAX_LINE_BYTES + b"\r\n\r\n", "longer than 64 KB"),
    "a head without end": (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * MAX_HEAD_BYTES, "longer than 256 KB"),
}  # fmt: skip


def body_of(reader: ResponseReader, sent: bytes, piece: int) -> bytes:
    return b"".join(reader.feed(sent[at : at + piece]) for at in range(0, len(sent), piece))


@pytest.mark.parametrize("name", WHOLE)
@given(piece=st.integers(5, 400))
def test_a_body_is_had_however_it_is_cut(name: str, piece: int) -> None:
    sent, body = WHOLE[name]
    reader = ResponseReader()
    assert body_of(reader, sent, piece) == body
    assert reader.whole


@pytest.mark.parametrize("name", UNTIL_THE_CLOSE)
def test_without_a_usable_length_the_close_ends_it(name: str) -> None:
    reader = ResponseReader()
    assert body_of(reader, UNTIL_THE_CLOSE[name], 400) == b"ab"
    assert reader.ends_with_connection
    assert not reader.whole


@pytest.mark.parametrize("name", NO_HTTP)
def test_what_is_no_http_is_said_so(name: str) -> None:
    sent, why = NO_HTTP[name]
    with pytest.raises(NotHttp, match=why):
        ResponseReader().feed(sent)


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("as it should be", []),
        ("a line break after the body", []),
        ("a line that is no field", [("http-malformed-header-line", "GARBAGE")]),
        (
            "characters counted as bytes",
            [("http-surplus", "the last 20 bytes came after the end that the header states")],
        ),
        (
            "another response after the body",
            [("http-surplus", "bytes of another response followed; they are not kept")],
        ),
    ],
)
def test_what_is_odd_is_noted(name: str, note: list[tuple[str, str]]) -> None:
    reader = ResponseReader()
    reader.feed(WHOLE[name][0])
    assert list(reader.oddities()) == note


def test_status_line_and_fields_are_as_received() -> None:
    reader = ResponseReader()
    reader.feed("HTTP/1.0 999 禁止\r\nX-Name:  a b \r\nX-Folded: a\r\n b\r\n\r\n".encode())
    assert reader.head
    assert (reader.head.version, reader.head.status) == ("HTTP/1.0", 999)
    assert reader.head.reason.encode("latin-1").decode() == "禁止"
    assert reader.head.headers == ((b"X-Name", b"a b"), (b"X-Folded", b"a b"))


def test_chunks_that_make_no_sense_end_the_body_there() -> None:
    reader = ResponseReader()
    body = reader.feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\ncd")
    assert (body, reader.whole) == (b"ab", False)
    assert list(reader.oddities()) == [("http-broken-chunks", "no length of a chunk: 'zz'")]


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(sent: bytes) -> None:
    for begin in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        with suppress(NotHttp):
            ResponseReader().feed(begin + sent)
