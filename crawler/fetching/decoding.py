"""Undoes content codings as the archive does, so that a page says the same when it is fetched and after `rebuild`."""

from __future__ import annotations

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest

from archive.coding import decoded
from archive.errors import BrokenBody


class DecodingMiddleware(HttpCompressionMiddleware):
    """Scrapy's middleware with the archive's decoder. Raises IgnoreRequest for a damaged body, and for one too long."""

    def _handle_encoding(
        self, body: bytes, content_encoding: list[bytes], max_size: int
    ) -> tuple[bytes, list[bytes]]:
        try:
            return decoded(body, b",".join(content_encoding).decode("latin-1"), limit=max_size), []
        except BrokenBody as error:
            raise IgnoreRequest(str(error)) from error
