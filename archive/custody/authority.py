"""Speaks to a time-stamping authority over HTTP (RFC 3161 §3.4), whatever it may answer."""

from __future__ import annotations

import http.client
import time
import urllib.request
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from archive.errors import TimestampRefused

MAX_ANSWER_BYTES = 1 << 20
SECONDS = 30.0
"""For the whole answer, from the first look-up of its name on."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority: its address, and the certificates that are trusted for it, as a PEM file.

    The file may hold several; keep those of earlier authorities in it, so that their stamps can still be checked.
    """

    url: str
    root: Path


def ask(url: str, query: bytes, *, seconds: float = SECONDS) -> bytes:
    """The authority's answer to a time-stamp query, unchecked.

    Raises TimestampRefused when there is none within `seconds`, or when it is longer than any time-stamp.
    """
    if not url.startswith(("http://", "https://")):
        raise TimestampRefused(
            f"{url!r} is no address of a time-stamping authority; it should begin with https://"
        )
    asked: Future[bytes] = Future()
    # A thread that nobody waits for: Python can be given no limit for a name that is not found, nor for headers that
    # come byte by byte.
    Thread(target=_fulfil, args=(asked, url, query, seconds), daemon=True).start()
    try:
        return asked.result(seconds)
    except FutureTimeout as error:
        raise TimestampRefused(
            f"{url} takes too long to answer; the log's head waits to be stamped"
        ) from error


def _fulfil(asked: Future[bytes], url: str, query: bytes, seconds: float) -> None:
    try:
        asked.set_result(_answer(url, query, seconds))
    except BaseException as error:
        asked.set_exception(error)


def _answer(url: str, query: bytes, seconds: float) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    until = time.monotonic() + seconds
    answer = b""
    try:
        request = urllib.request.Request(url, data=query, headers=headers)  # noqa: S310 - checked above
        with urllib.request.urlopen(request, timeout=seconds) as stream:  # noqa: S310 - checked above
            while (piece := stream.read1(1 << 16)) and time.monotonic() < until:
                answer += piece
                if len(answer) > MAX_ANSWER_BYTES:
                    raise TimestampRefused(
                        f"{url} answers with more than a time-stamp; it waits to be stamped"
                    )
            if stream.length:
                raise http.client.IncompleteRead(answer, stream.length)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise TimestampRefused(
            f"{url} did not answer ({reason}); the log's head waits to be stamped"
        ) from error
    return answer
