"""Has the log's head time-stamped by an authority (RFC 3161), and checks its answers.

What could not be stamped, because there is no network or the authority refuses, waits in `timestamps/` as a
`.pending` file and is tried again by the next `stamp`.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archive.custody.log import Head, head_of
from archive.errors import CustodyBroken, TimestampRefused

FOLDER = "timestamps"
MAX_ANSWER_BYTES = 1 << 20
SECONDS = 30


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority: its address and its root certificate as a PEM file."""

    url: str
    root: Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """A state of the log that an authority has seen: its size, and when by the authority's clock."""

    size: int
    time: datetime


def stamp(folder: Path, authority: Authority) -> list[Stamp]:
    """Stamps the newest head and whatever waits from before; gives the new stamps.

    Raises TimestampRefused when the authority cannot be reached, refuses, or answers with something that does not
    hold: then the heads wait for the next time.
    """
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    head = head_of(folder)
    if head and not (place / f"{head.size}.tsr").exists():
        (place / f"{head.size}.pending").write_bytes(head.text())
    done = []
    for pending in sorted(place.glob("*.pending"), key=lambda path: int(path.stem)):
        text = pending.read_bytes()
        answer, nonce = _ask(authority.url, text)
        time = check(answer, text, authority.root, nonce=nonce)
        (place / f"{pending.stem}.head").write_bytes(text)
        (place / f"{pending.stem}.sha256").write_text(_checksum(text, answer))
        (place / f"{pending.stem}.tsr").write_bytes(answer)
        pending.unlink()
        done.append(Stamp(int(pending.stem), time))
    return done


def check(answer: bytes, text: bytes, root: Path, *, nonce: int | None = None) -> datetime:
    """When, by a trusted authority's clock, `text` existed. Raises TimestampRefused when the answer does not hold."""
    try:
        response: TimeStampResponse = decode_timestamp_response(answer)
    except ValueError as error:
        raise TimestampRefused(f"the answer is no time-stamp: {error}") from error
    try:
        builder = VerifierBuilder(nonce=nonce)
        for certificate in x509.load_pem_x509_certificates(root.read_bytes()):
            builder = builder.add_root_certificate(certificate)
        builder.build().verify(response, _imprint(response, text))
    except OSError as error:
        raise TimestampRefused(f"cannot read the authority's certificate {root}: {error.strerror}") from error
    except (VerificationError, ValueError) as error:
        raise TimestampRefused(f"the time-stamp does not hold: {error}") from error
    time: datetime = response.tst_info.gen_time
    return time


def stamped(folder: Path) -> list[tuple[Path, Head, bytes, bytes]]:
    """Every stored stamp: its file, the head it is for, that head's text, and the answer."""
    found = []
    for answer in sorted((folder / FOLDER).glob("*.tsr"), key=lambda path: int(path.stem)):
        text, told = answer.with_suffix(".head").read_bytes(), answer.read_bytes()
        if answer.with_suffix(".sha256").read_text() != _checksum(text, told):
            raise CustodyBroken(f"{answer}: the time-stamp or its head was changed after it was stored")
        found.append((answer, _head_in(text, answer), text, told))
    return found


def _checksum(text: bytes, answer: bytes) -> str:
    """Covers the bits of an answer that its own signature does not."""
    return hashlib.sha256(text + answer).hexdigest() + "\n"


def _head_in(text: bytes, where: Path) -> Head:
    try:
        _, size, root = text.decode().splitlines()
        return Head(int(size.removeprefix("size ")), bytes.fromhex(root.removeprefix("root ")))
    except ValueError as error:
        raise CustodyBroken(f"{where.with_suffix('.head')} is no head of a custody log") from error


def _ask(url: str, text: bytes) -> tuple[bytes, int | None]:
    request = (
        TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    )
    if not url.startswith(("http://", "https://")):
        raise TimestampRefused(
            f"{url} is no address of a time-stamping authority; it should begin with https://"
        )
    headers = {"Content-Type": "application/timestamp-query"}
    asked = urllib.request.Request(url, data=request.as_bytes(), headers=headers)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 - checked above
            return answer.read(MAX_ANSWER_BYTES), request.nonce
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise TimestampRefused(
            f"{url} did not answer ({reason}); the log's head waits to be stamped"
        ) from error


def _imprint(response: TimeStampResponse, text: bytes) -> bytes:
    """The digest of `text`; only SHA-256 was asked for."""
    algorithm = response.tst_info.message_imprint.hash_algorithm.dotted_string
    if algorithm != "2.16.840.1.101.3.4.2.1":
        raise VerificationError("the imprint is not SHA-256, which was asked for")
    return hashlib.sha256(text).digest()
