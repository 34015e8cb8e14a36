"""One HTTP/1 response as its bytes arrive: where its head ends and its body too (RFC 9112), told as browsers do.

Servers count characters where bytes are meant, and write lines that are no header fields: what they sent is kept all
the same, and what is odd about it is told. Nothing here waits or reads by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.exchange import Headers

MAX_HEAD_BYTES = 256 * 1024
"""Of all heads before a body, those of 1xx included."""

MAX_LINE_BYTES = 64 * 1024
"""Of a line of a head, and of one between chunks."""

_STATUS_LINE = re.compile(rb"HTTP/([0-9])\.([0-9])[ \t]+([1-9][0-9]{2})(?:[ \t]+(.*))?", re.DOTALL)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?", re.DOTALL)
_NO_BODY = (204, 304)
_QUOTED = 80


class NotHttp(Exception):
    """What came is no HTTP/1 response; the message quotes where it stops being one."""


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and fields as received: `version` as in `HTTP/1.1`, `reason` byte for byte in Latin-1.

    `malformed` are the lines that are no fields, in Latin-1.
    """

    version: str
    status: int
    reason: str
    headers: Headers
    malformed: tuple[str, ...] = ()

    def words(self, name: bytes) -> list[bytes]:
        """The comma-separated words of all fields of a name (in lower case), in lower case."""
        values = b",".join(value for key, value in self.headers if key.lower() == name)
        return [word.strip().lower() for word in values.split(b",") if word.strip()]

    @property
    def closes(self) -> bool:
        """Whether the server means to end the connection after this response (RFC 9112 §9.3)."""
        words = self.words(b"connection")
        return b"close" in words or (self.version == "HTTP/1.0" and b"keep-alive" not in words)


class ResponseReader:
    """Takes the bytes of one response.

    `head` is there once it has come; `whole` once all that it announces has; `surplus` counts the bytes after that.
    They are given as body too, unless they begin another response, which `another` then says. `broken` says why
    chunks make no sense from some byte on; nothing more of the body is given then.
    """

    def __init__(self, *, bodyless: bool = False) -> None:
        self.head: Head | None = None
        self.whole = False
        self.surplus = 0
        self.another = False
        self.broken = ""
        self._bodyless = bodyless
        self._waiting = b""
        self._heads = 0
        self._left: int | None = None
        self._chunked = False
        self._trailing = False

    @property
    def ends_with_connection(self) -> bool:
        """Whether only the end of the connection ends the body."""
        return self.head is not None and not self.whole and not self._chunked and self._left is None

    def feed(self, data: bytes) -> bytes:
        """The bytes of the body in the next bytes received. Raises NotHttp."""
        if self.head is None:
            data = self._head(data)
            if self.head is None:
                return b""
        if self.broken:
            return b""
        if self.whole:
            return self._after(data)
        return self._chunks(data) if self._chunked else self._counted(data)

    def broken_off(self) -> NotHttp | None:
        """Why a connection that ended within the head gave no response; None if nothing had come at all."""
        if self.head is not None or not self._waiting:
            return None
        return NotHttp(f"the connection ended within the header of the answer: {_quoted(self._waiting)}")

    def oddities(self) -> Iterator[tuple[str, str]]:
        """What is odd about the response, as notes for its metadata record."""
        for line in self.head.malformed if self.head else ():
            yield "http-malformed-header-line", line
        if self.broken:
            yield "http-broken-chunks", self.broken
        if self.another:
            yield "http-surplus", "bytes of another response followed; they are not kept"
        elif self.surplus:
            yield "http-surplus", f"the last {self.surplus} bytes came after the end that the header states"

    def _head(self, data: bytes) -> bytes:
        """Takes bytes of heads; gives what follows the one that counts."""
        self._waiting += data
        while True:
            self._waiting = self._waiting.lstrip(b"\r\n")
            begin = self._waiting[:5]
            if begin != b"HTTP/"[: len(begin)]:
                raise NotHttp(f"the answer does not begin as HTTP does: {_quoted(self._waiting)}")
            end = _HEAD_END.search(self._waiting)
            if self._heads + (end.end() if end else len(self._waiting)) > MAX_HEAD_BYTES:
                raise NotHttp(f"the header of the answer is longer than {MAX_HEAD_BYTES // 1024} KB")
            if not end:
                return b""
            head = head_in(self._waiting[: end.start()])
            self._heads += end.end()
            self._waiting = self._waiting[end.end() :]
            if head.status == 101:
                raise NotHttp("the server switches to another protocol (101), which nobody asked it to")
            if head.status >= 200:
                self._begin(head)
                rest, self._waiting = self._waiting, b""
                return rest

    def _begin(self, head: Head) -> None:
        self.head = head
        self._chunked = b"chunked" in head.words(b"transfer-encoding")
        lengths = set(head.words(b"content-length"))
        if self._bodyless or head.status in _NO_BODY:
            self._left, self._chunked = 0, False
        elif not self._chunked and len(lengths) == 1 and _LENGTH.fullmatch(length := lengths.pop()):
            self._left = int(length)
        self.whole = self._left == 0

    def _counted(self, data: bytes) -> bytes:
        if self._left is None:
            return data
        body, rest = data[: self._left], data[self._left :]
        self._left -= len(body)
        if self._left:
            return body
        self.whole = True
        return body + self._after(rest)

    def _chunks(self, data: bytes) -> bytes:
        """RFC 9112 §7.1."""
        data, self._waiting = self._waiting + data, b""
        body: list[bytes] = []
        at = 0
        while at < len(data):
            if self._left:
                body.append(data[at : at + self._left])
                at += len(body[-1])
                self._left -= len(body[-1])
                continue
            end = data.find(b"\n", at)
            line = data[at:] if end < 0 else data[at:end].strip()
            if len(line) > MAX_LINE_BYTES:
                self.broken = f"a line between chunks is longer than {MAX_LINE_BYTES // 1024} KB"
            if end < 0 or self.broken:
                self._waiting = line
                break
            at = end + 1
            self._between(line)
            if self.whole:
                body.append(self._after(data[at:]))
            if self.whole or self.broken:
                break
        return b"".join(body)

    def _between(self, line: bytes) -> None:
        """Takes a line between chunks, or after the last."""
        if self._trailing:
            self.whole = not line
        elif line:
            size = _CHUNK.fullmatch(line)
            self.broken = "" if size else f"no length of a chunk: {_quoted(line)}"
            self._left = int(size[1], 16) if size else 0
            self._trailing = bool(size) and self._left == 0

    def _after(self, data: bytes) -> bytes:
        """What follows a body that is whole; a line break that old servers add is none of it."""
        data, self._waiting = self._waiting + data, b""
        begin = data.lstrip(b"\r\n")
        if not self.surplus and len(data) < 10 and len(begin) < 5 and b"HTTP/".startswith(begin):
            self._waiting = data
            return b""
        self.another = self.another or (not self.surplus and begin.startswith(b"HTTP/"))
        self.surplus += len(data)
        return b"" if self.another or self._bodyless else data


def head_in(block: bytes) -> Head:
    """The head that a block of lines is, without the empty line at its end. Raises NotHttp."""
    first, *lines = block.replace(b"\r\n", b"\n").split(b"\n")
    status = _STATUS_LINE.fullmatch(first.strip())
    if any(len(line) > MAX_LINE_BYTES for line in (first, *lines)):
        raise NotHttp(f"a line of the header is longer than {MAX_LINE_BYTES // 1024} KB")
    if not status:
        raise NotHttp(f"the answer begins with a line that is no HTTP status line: {_quoted(first)}")
    major, minor, code, reason = status.groups()
    headers, malformed = _fields(lines)
    return Head(
        f"HTTP/{int(major)}.{int(minor)}", int(code), (reason or b"").decode("latin-1"), headers, malformed
    )


def _fields(lines: Iterable[bytes]) -> tuple[Headers, tuple[str, ...]]:
    fields: list[tuple[bytes, bytes]] = []
    malformed: list[str] = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if line[:1] in (b" ", b"\t") and fields:
            # RFC 9112 §5.2: a line that goes on with the one before it.
            last, begun = fields.pop()
            fields.append((last, (begun + b" " + line.strip()).strip()))
        elif colon and name.strip():
            fields.append((name.strip(), value.strip(b" \t")))
        else:
            malformed.append(line.decode("latin-1"))
    return tuple(fields), tuple(malformed)


def _quoted(raw: bytes) -> str:
    line = raw.split(b"\n", 1)[0][:_QUOTED].rstrip(b"\r")
    return repr(line.decode("utf-8", "backslashreplace"))
