"""Undoes gzip in one call, where Scrapy reads it in pieces of 8 KB; what is not one whole member is left to Scrapy."""

from __future__ import annotations

import zlib

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

GZIP = (b"gzip", b"x-gzip")
WINDOW = 31
"""zlib's window bits for the gzip format."""


class DecodingMiddleware(HttpCompressionMiddleware):
    """Scrapy's middleware but for the time it takes."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        plain = _whole(body, max_size) if encoding in GZIP else None
        return HttpCompressionMiddleware._decode(body, encoding, max_size) if plain is None else plain


def _whole(body: bytes, limit: int) -> bytes | None:
    """What one whole gzip member holds; None when `body` is anything else, or holds more than `limit` bytes."""
    unpacker = zlib.decompressobj(WINDOW)
    try:
        plain = unpacker.decompress(body, limit)
    except zlib.error:
        return None
    return plain if unpacker.eof and not unpacker.unused_data else None
