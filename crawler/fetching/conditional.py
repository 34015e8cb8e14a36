"""Conditional requests (RFC 9110 §13): a page that was archived before is asked for only if it has changed since.

What the page redirects to is asked for plainly: a 304 from there would say nothing of the page.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import ArchiveError
from archive.exchange import Condition, Original
from archive.reader import StoredResponse, read_capture
from archive.warc.warcformat import header, time_of

VALIDATORS = "holdfast_validators"
"""Under this in `request.meta` stand the Validators of the capture that a look is since."""

FIELDS = ((b"etag", b"If-None-Match"), (b"last-modified", b"If-Modified-Since"))


@dataclass(frozen=True, slots=True)
class Validators:
    """The fields that make a request for `url` conditional, and the capture that a 304 confirms."""

    url: str
    fields: tuple[tuple[bytes, bytes], ...]
    condition: Condition


class ConditionalMiddleware:
    """Makes requests conditional; above the archiving middleware, so that each hop and each attempt passes it."""

    def process_request(self, request: Request) -> None:
        """Sets the fields for the very address that they are for, and takes them off for any other."""
        for _, name in FIELDS:
            request.headers.pop(name, None)
        if validators := validators_for(request):
            for name, value in validators.fields:
                request.headers[name] = value


def validators_for(request: Request) -> Validators | None:
    """The validators that go with a request to this address."""
    validators: Validators | None = request.meta.get(VALIDATORS)
    return validators if validators and validators.url == request.url else None


def validators_of(collection: Collection, capture: Capture) -> Validators | None:
    """What makes a request conditional on a capture of our own; None when its server gave no ETag or Last-Modified."""
    if capture.status not in (200, 304) or capture.truncated or capture.source_uri:
        return None
    try:
        stored = read_capture(collection, capture.file, capture.offset)
    except ArchiveError:
        return None  # a 304 would confirm what nobody can read: the page is asked for whole
    told = ((name, header(stored.headers, field)) for field, name in FIELDS)
    fields = tuple((name, value) for name, value in told if value)
    original = _original(stored)
    if not fields or original is None:
        return None
    return Validators(capture.url, fields, Condition(original, capture.payload_digest))


def _original(stored: StoredResponse) -> Original | None:
    """The capture that holds the payload: for a revisit the one that it names (WARC 1.1 §5.6, §5.9, §5.10)."""
    if stored.record_type == "response":
        return Original(stored.record_id, stored.url, stored.time)
    named = {name.lower(): value.strip("<>") for name, value in stored.warc_headers}
    try:
        return Original(
            named["warc-refers-to"],
            named["warc-refers-to-target-uri"],
            time_of(named["warc-refers-to-date"]),
        )
    except (KeyError, ValueError):
        return None
