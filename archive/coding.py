"""Undoes transfer and content codings of HTTP (RFC 9112 §7, RFC 9110 §8.4), never giving more than was allowed."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable

import brotli
import zstandard

from archive.errors import BrokenBody
from archive.exchange import Headers

PIECE = 1 << 16
EXPANDED = 1 << 20
"""Bytes that are asked of a decoder at a time: none holds much more than it has given."""

MAX_CODINGS = 5
"""Codings that one body may have, one over the other, as curl allows."""

MAX_MEMBERS = 10_000
"""Gzip members that one body may have."""

_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")
_PADDING = re.compile(rb"\0*")
_MAGIC = b"\x1f\x8b"
_HEADER_CRC, _EXTRA, _NAME, _COMMENT = 2, 4, 8, 16
_TRAILER = 8
_MARKUP = (b"<!D", b"<!d", b"<!-", b"<html", b"<HTML", b"<?xml", b"<head", b"<div")
_JSON = (b'{"', b"[")


def coding_of(headers: Headers) -> str:
    """The codings that a response's Content-Encoding headers name, in the order in which they were applied."""
    named = (value for name, value in headers if name.lower() == b"content-encoding")
    return b",".join(named).decode("latin-1")


def decoded(body: bytes, encoding: str, *, limit: int) -> bytes:
    """`body` with the codings named in a Content-Encoding header undone, last one first.

    A body that ends early gives what could be decoded. One that is plainly not of the coding its header names is
    given as it is: many tools keep the header over a body they have decoded. Checksums are not compared, as browsers do
    not: the digest of the body says whether it is as received. Raises BrokenBody for a damaged body, for one with
    more than MAX_CODINGS codings, or when more than `limit` bytes come out of it.
    """
    named = [_DECODERS.get(part.strip().lower()) for part in encoding.split(",")]
    decoders = [decode for decode in named if decode]
    if len(decoders) > MAX_CODINGS:
        raise BrokenBody(f"the body has {len(decoders)} codings, more than {MAX_CODINGS}")
    for decode in reversed(decoders):
        body = decode(body, limit)
    return body


def dechunked(body: bytes) -> bytes:
    """`body` without its chunk framing; unchanged when it has none (some tools store it either way)."""
    pieces: list[bytes] = []
    position = 0
    while True:
        end = body.find(b"\r\n", position)
        size = body[position:end].split(b";")[0].strip() if end >= 0 else b""
        if not _CHUNK_SIZE.fullmatch(size):
            return b"".join(pieces) if pieces else body
        length = int(size, 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[end + 2 : end + 2 + length])
        position = end + 2 + length + 2


def _gzip(body: bytes, limit: int) -> bytes:
    """All members of a gzip body (RFC 1952 §2.2); what is no member ends it."""
    if not body.startswith(_MAGIC):
        return body
    plain = bytearray()
    position = members = 0
    while body.startswith(_MAGIC, position):
        members += 1
        if members > MAX_MEMBERS:
            raise BrokenBody(f"the body has more than {MAX_MEMBERS} gzip members")
        start = _deflated_at(body, position)
        if start is None:
            break
        end = _bare(body, start, limit, plain)
        if end is None:
            break
        position = _past_padding(body, end + _TRAILER)
    return bytes(plain)


def _deflated_at(body: bytes, position: int) -> int | None:
    """Where the deflated data of the gzip member at `position` begin (RFC 1952 §2.3); None when it is cut before."""
    flags = body[position + 3] if len(body) > position + 3 else 0
    at = position + 10
    if flags & _EXTRA:
        at += 2 + int.from_bytes(body[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = body.find(b"\0", at)
            if end < 0:
                return None
            at = end + 1
    if flags & _HEADER_CRC:
        at += 2
    return at if at < len(body) else None


def _past_padding(body: bytes, position: int) -> int:
    """The place of the first byte that is not zero: some tools pad a member to whole blocks."""
    found = _PADDING.match(body, position)
    return found.end() if found else position


def _deflate(body: bytes, limit: int) -> bytes:
    """Both zlib's format, as the standard says, and the bare stream that many servers send."""
    if not body or _looks_plain(body):
        return body
    plain = bytearray()
    try:
        _inflate(body, 0, limit, plain, zlib.MAX_WBITS)
    except zlib.error:
        plain.clear()
        _bare(body, 0, limit, plain)
    return bytes(plain)


def _bare(body: bytes, start: int, limit: int, plain: bytearray) -> int | None:
    try:
        return _inflate(body, start, limit, plain, -zlib.MAX_WBITS)
    except zlib.error as error:
        raise _not_as_said(error) from error


def _inflate(body: bytes, start: int, limit: int, plain: bytearray, window: int) -> int | None:
    """Adds to `plain` what the deflated stream at `start` of `body` holds; gives its end, None when `body` has none."""
    unpacker = zlib.decompressobj(window)
    fed = start
    while not unpacker.eof:
        packed = unpacker.unconsumed_tail
        if not packed:
            packed = body[fed : fed + PIECE]
            fed += len(packed)
        piece = unpacker.decompress(packed, EXPANDED)
        if not packed and not piece:
            return None
        plain += piece
        _bounded(plain, limit)
    return fed - len(unpacker.unused_data)


def _brotli(body: bytes, limit: int) -> bytes:
    if _looks_plain(body):
        return body
    unpacker = brotli.Decompressor()
    plain = bytearray()
    fed = 0
    try:
        while not unpacker.is_finished():
            packed = body[fed : fed + PIECE] if unpacker.can_accept_more_data() else b""
            fed += len(packed)
            piece = unpacker.process(packed, output_buffer_limit=EXPANDED)
            if not packed and not piece:
                break
            plain += piece
            _bounded(plain, limit)
    except brotli.error as error:
        raise _not_as_said(error) from error
    return bytes(plain)


def _zstd(body: bytes, limit: int) -> bytes:
    if not body.startswith(zstandard.FRAME_HEADER):
        return body
    plain = bytearray()
    try:
        with zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True) as reader:
            while piece := reader.read(EXPANDED):
                plain += piece
                _bounded(plain, limit)
    except zstandard.ZstdError as error:
        raise _not_as_said(error) from error
    return bytes(plain)


def _looks_plain(body: bytes) -> bool:
    """Whether a body begins like markup or JSON, which no deflate or brotli stream does for long.

    Many brotli streams begin with the byte `[`, so that JSON must be text as far as that is looked at.
    """
    start = body[:64].lstrip()
    return start.startswith(_MARKUP) or (start.startswith(_JSON) and _is_text(start))


def _is_text(start: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)


def _bounded(plain: bytearray, limit: int) -> None:
    if len(plain) > limit:
        raise BrokenBody(f"the body is longer than {limit} bytes when decoded")


def _not_as_said(error: Exception) -> BrokenBody:
    return BrokenBody(f"the body is not what its Content-Encoding says ({error})")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
