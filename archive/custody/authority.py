"""Speaks to a time-stamping authority over HTTP (RFC 3161 §3.4), whatever it may answer."""

from __future__ import annotations

import http.client
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.errors import TimestampRefused

MAX_ANSWER_BYTES = 1 << 20
SECONDS = 30.0
"""For the connection, for each wait, and for the whole answer."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority: its address, and the certificates that are trusted for it, as a PEM file.

    The file may hold several; keep those of earlier authorities in it, so that their stamps can still be checked.
    """

    url: str
    root: Path


def ask(
    url: str, query: bytes, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> bytes:
    """The authority's answer to a time-stamp query, unchecked.

    Raises TimestampRefused when there is none within `seconds`, or when it is longer than any time-stamp.
    """
    if not url.startswith(("http://", "https://")):
        raise TimestampRefused(
            f"{url!r} is no address of a time-stamping authority; it should begin with https://"
        )
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    until = clock() + seconds
    answer = b""
    try:
        asked = urllib.request.Request(url, data=query, headers=headers)  # noqa: S310 - checked above
        with urllib.request.urlopen(asked, timeout=seconds) as stream:  # noqa: S310 - checked above
            while piece := stream.read1(1 << 16):
                answer += piece
                if len(answer) > MAX_ANSWER_BYTES:
                    raise TimestampRefused(
                        f"{url} answers with more than a time-stamp; it waits to be stamped"
                    )
                if clock() > until:
                    raise TimestampRefused(
                        f"{url} takes too long to answer; the log's head waits to be stamped"
                    )
            if stream.length:
                raise http.client.IncompleteRead(answer, stream.length)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise TimestampRefused(
            f"{url} did not answer ({reason}); the log's head waits to be stamped"
        ) from error
    return answer
