"""Has the log's head time-stamped by an authority (RFC 3161), keeps its answers, and checks them.

In `timestamps/`, named by the number of entries that the head covers: `7.pending` is a head that waits, because there
is no network or the authority refused, and is tried again by the next `stamp`; `7.head` and `7.tsr` are a head and
the authority's answer, `7.sha256` the digest of both, which covers the bits of an answer that its signature does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
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

from archive.custody.authority import Authority, ask
from archive.custody.line import Head, head_in
from archive.custody.log import head_of
from archive.custody.token import in_order
from archive.durable import write_durably
from archive.errors import TimestampRefused
from archive.locking import locked

FOLDER = "timestamps"
SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A state of the log that an authority has seen: its size, and when by the authority's clock."""

    size: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored answer with the head it is for; `problem` says why they cannot be used, if so."""

    file: str
    head: Head
    text: bytes
    answer: bytes
    problem: str = ""


def queue(folder: Path) -> bool:
    """Notes that the newest head is to be stamped; False when there is none, or it has its stamp."""
    head = head_of(folder)
    place = folder / FOLDER
    if head is None or (place / f"{head.size}.tsr").exists():
        return False
    place.mkdir(parents=True, exist_ok=True)
    write_durably(place / f"{head.size}.pending", head.text())
    return True


def pending(folder: Path) -> list[int]:
    """The heads that wait to be stamped, by the number of their entries."""
    return sorted(int(path.stem) for path in (folder / FOLDER).glob("*.pending") if path.stem.isdecimal())


def stamp(folder: Path, authority: Authority) -> list[Stamp]:
    """Stamps the newest head and whatever waits from before; gives the new stamps.

    Raises TimestampRefused when the authority cannot be reached, refuses, or answers with something that does not
    hold: then the heads wait for the next time.
    """
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    with locked(place / ".lock"):
        queue(folder)
        return [Stamp(size, _stamp_one(place, size, authority)) for size in pending(folder)]


def check(answer: bytes, text: bytes, root: Path, *, nonce: int | None = None) -> datetime:
    """When, by a trusted authority's clock, `text` existed.

    The certificate must be made for time-stamping, lead to one in the PEM file `root`, and have been valid at that
    time; whether it has expired since does not matter. Raises TimestampRefused when any of it does not hold.
    """
    try:
        certificates = x509.load_pem_x509_certificates(root.read_bytes())
    except OSError as error:
        raise TimestampRefused(f"cannot read the authority's certificate {root}: {error.strerror}") from error
    except ValueError as error:
        raise TimestampRefused(f"{root} holds no certificate in PEM form") from error
    try:
        response: TimeStampResponse = decode_timestamp_response(in_order(answer))
        builder = VerifierBuilder(nonce=nonce)
        for certificate in certificates:
            builder = builder.add_root_certificate(certificate)
        builder.build().verify(response, _imprint(response, text))
        time: datetime = response.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise TimestampRefused(f"the time-stamp does not hold: {error}") from error
    return time


def stamps(folder: Path) -> Iterator[Stored]:
    """Every stored answer, by the size of its head; those that were changed since say so."""
    named = [path for path in (folder / FOLDER).glob("*.tsr") if path.stem.isdecimal()]
    for path in sorted(named, key=lambda path: int(path.stem)):
        answer = path.read_bytes()
        text, told = _read(path.with_suffix(".head")), _read(path.with_suffix(".sha256"))
        head = head_in(text)
        if head is None or head.size != int(path.stem):
            problem = f"{path.stem}.head, which it is for, is damaged or not there"
            yield Stored(path.name, Head(0, b""), text, answer, problem)
        elif told != _checksum(text, answer):
            problem = "the time-stamp, its head or their digest was changed after it was stored"
            yield Stored(path.name, head, text, answer, problem)
        else:
            yield Stored(path.name, head, text, answer)


def waiting(folder: Path) -> Iterator[Stored]:
    """Every head that waits to be stamped, without an answer."""
    for size in pending(folder):
        path = folder / FOLDER / f"{size}.pending"
        text = _read(path)
        head = head_in(text)
        if head is None or head.size != size:
            yield Stored(path.name, Head(0, b""), text, b"", "the head that waits to be stamped is damaged")
        else:
            yield Stored(path.name, head, text, b"")


def _stamp_one(place: Path, size: int, authority: Authority) -> datetime:
    queued = place / f"{size}.pending"
    text = queued.read_bytes()
    request = (
        TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    )
    answer = ask(authority.url, request.as_bytes())
    time = check(answer, text, authority.root, nonce=request.nonce)
    write_durably(place / f"{size}.head", text)
    write_durably(place / f"{size}.sha256", _checksum(text, answer))
    write_durably(place / f"{size}.tsr", answer)
    queued.unlink()
    return time


def _checksum(text: bytes, answer: bytes) -> bytes:
    return hashlib.sha256(text + answer).hexdigest().encode() + b"\n"


def _imprint(response: TimeStampResponse, text: bytes) -> bytes:
    """The digest of `text`; only SHA-256 was asked for."""
    if response.tst_info.message_imprint.hash_algorithm.dotted_string != SHA256:
        raise VerificationError("the imprint is not SHA-256, which was asked for")
    return hashlib.sha256(text).digest()


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
