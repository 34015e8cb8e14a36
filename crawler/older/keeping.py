"""What the archive keeps of an exchange with a web archive: the capture that was handed over, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from archive.capture import Capture
from archive.errors import ArchiveError
from archive.exchange import Exchange
from archive.noted.older import OlderCapture, Provenance, handed_over_entry, record_in, replayed_entry
from archive.writing.writer import ArchiveWriter
from crawler.older.listed import Listed
from crawler.older.memento import time_in, why_not_kept
from parsers.identity import page_key

Keep = Callable[[Exchange, ArchiveWriter], Future[Capture | None] | None]
"""Hands an exchange over to be archived, in whatever form; None when there is nothing to keep of it."""

PARTIAL = 206


def nothing(exchange: Exchange, writer: ArchiveWriter) -> None:
    """Lists of captures are not kept; what they say of a capture that is kept stands beside it."""
    return


def capture_of(listed: Listed, provenance: Provenance) -> Keep:
    """Keeps the capture that an exchange hands over, if it does."""
    return _handed_over(listed, provenance) if listed.offset is not None else _replayed(listed, provenance)


def fields_of(exchange: Exchange) -> dict[str, str]:
    """The header fields of a response by name in lower case."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in exchange.response_headers
    }


def _replayed(listed: Listed, provenance: Provenance) -> Keep:
    def keep(exchange: Exchange, writer: ArchiveWriter) -> Future[Capture | None] | None:
        fields = fields_of(exchange)
        if exchange.status is None or why_not_kept(exchange.url, exchange.status, fields):
            return None
        time = time_in(fields["memento-datetime"]) or listed.time
        older = OlderCapture(listed.url, time, exchange, provenance)
        return writer.write_entry(lambda: replayed_entry(older), len(exchange.body))

    return keep


def _handed_over(listed: Listed, provenance: Provenance) -> Keep:
    def keep(exchange: Exchange, writer: ArchiveWriter) -> Future[Capture | None] | None:
        if exchange.status != PARTIAL or len(exchange.body) != listed.length:
            return None
        try:
            incoming = record_in(exchange.body, provenance.source_uri)
        except ArchiveError:
            return None
        if incoming.response is None or page_key(incoming.response.url) != page_key(listed.url):
            return None
        return writer.write_entry(
            lambda: handed_over_entry(incoming, exchange, provenance), len(exchange.body)
        )

    return keep
