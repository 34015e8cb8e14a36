"""Undoes transfer and content codings of HTTP (RFC 9112 §7, RFC 9110 §8.4), never giving more than was allowed."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
import zstandard

from archive.errors import BrokenRecord

PIECE = 1 << 16


def decoded(body: bytes, encoding: str, *, limit: int) -> bytes:
    """`body` with the codings named in a Content-Encoding header undone, last one first.

    A body that ends early gives what could be decoded. One that is plainly not of the coding its header names is
    given as it is: many tools keep the header over a body they have decoded. Raises BrokenRecord for a damaged body,
    or when more than `limit` bytes come out of it.
    """
    for name in reversed([part.strip().lower() for part in encoding.split(",") if part.strip()]):
        decode = _DECODERS.get(name)
        if decode is not None:
            body = decode(body, limit)
    return body


def dechunked(body: bytes) -> bytes:
    """`body` without its chunk framing; unchanged when it has none (some tools store it either way)."""
    pieces: list[bytes] = []
    position = 0
    while True:
        end = body.find(b"\r\n", position)
        size = body[position:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return b"".join(pieces) if pieces else body
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[end + 2 : end + 2 + length])
        position = end + 2 + length + 2


def _inflate(body: bytes, limit: int, window: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise BrokenRecord(f"the body is not what its Content-Encoding says ({error})") from error
    return _bounded(plain, limit)


def _gzip(body: bytes, limit: int) -> bytes:
    return _inflate(body, limit, 31) if body.startswith(b"\x1f\x8b") else body


def _deflate(body: bytes, limit: int) -> bytes:
    """Both zlib's format, as the standard says, and the bare stream that many servers send."""
    if not body:
        return body
    if _looks_plain(body):
        return body
    try:
        return _inflate(body, limit, 15)
    except BrokenRecord:
        return _inflate(body, limit, -15)


def _brotli(body: bytes, limit: int) -> bytes:
    if _looks_plain(body):
        return body
    unpacker = brotli.Decompressor()
    plain = bytearray()
    try:
        for start in range(0, len(body), PIECE):
            plain += unpacker.process(body[start : start + PIECE])
            _bounded(plain, limit)
    except brotli.error as error:
        raise BrokenRecord(f"the body is not what its Content-Encoding says ({error})") from error
    return bytes(plain)


def _zstd(body: bytes, limit: int) -> bytes:
    if not body.startswith(b"\x28\xb5\x2f\xfd"):
        return body
    try:
        plain = zstandard.ZstdDecompressor().decompressobj(write_size=PIECE).decompress(body)
    except zstandard.ZstdError as error:
        raise BrokenRecord(f"the body is not what its Content-Encoding says ({error})") from error
    return bytes(_bounded(plain, limit))


def _looks_plain(body: bytes) -> bool:
    """Whether a body begins like markup or JSON, which no deflate or brotli stream does for long."""
    start = body[:64].lstrip()
    return start.startswith((b"<!", b"<html", b"<HTML", b"<?xml", b"<head", b"<div", b'{"', b"["))


def _bounded(plain: bytes | bytearray, limit: int) -> bytes:
    if len(plain) > limit:
        raise BrokenRecord(f"the body is longer than {limit} bytes when decoded")
    return bytes(plain)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
