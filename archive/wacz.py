"""Packs chosen captures into one WACZ file that others can open, check and replay.

Format: WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/). The signature over the package's digest
is that of WACZ Auth 0.1.0 (https://specs.webrecorder.net/wacz-auth/0.1.0/), anonymous form: ECDSA on P-384
with SHA-256, r and s one after the other (IEEE P1363), as ReplayWeb.page checks it.
"""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from cdxj_indexer.main import CDXJIndexer
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.capture import Capture
from archive.collection import Collection
from archive.custody.proof import PackedRecord
from archive.digest import digest_of, sha256
from archive.errors import CaptureMissing
from archive.storage import open_warc

WACZ_VERSION = "1.1.1"
DATA = "data.warc.gz"
CHUNK = 1 << 20
COORDINATE = 48
"""Bytes of a number on the curve P-384."""


@dataclass(frozen=True, slots=True)
class WaczPage:
    """An entry of `pages.jsonl`: a page that a reader of the package can open."""

    id: str
    url: str
    time: datetime
    title: str = ""
    text: str = ""


Extras = Callable[[Sequence[PackedRecord]], Mapping[str, bytes]]


def _nothing(records: Sequence[PackedRecord]) -> Mapping[str, bytes]:
    return {}


@dataclass(frozen=True, slots=True)
class Package:
    """What goes into a WACZ beside the records: its title, its pages, and `extras`, more files by path.

    `extras` is told where each record stands in the package; a path that it gives has one folder, such
    as `custody/head.txt`.
    """

    title: str
    description: str
    software: str
    created: datetime
    pages: tuple[WaczPage, ...]
    extras: Extras = _nothing


@dataclass(frozen=True, slots=True)
class Written:
    """A finished package: its size in bytes, its digest as `sha256:<hex>`, and how many records it holds."""

    path: Path
    bytes: int
    digest: str
    records: int


def write_wacz(
    target: Path,
    package: Package,
    captures: Iterable[Capture],
    collection: Collection,
    key: EllipticCurvePrivateKey,
) -> Written:
    """Writes exactly the records of `captures`, with their requests and metadata, to `target`.

    The file appears under its name only when it is complete. Raises CaptureMissing when a record is not
    where its capture says.
    """
    part = target.with_name(f".{target.name}.part")
    warc = target.with_name(f".{target.name}.{DATA}.part")
    try:
        records = _write_warc(warc, collection, list(captures))
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as wacz:
            wacz.write(warc, f"archive/{DATA}")
            index, summary = _index(warc)
            wacz.writestr("indexes/index.cdx.gz", index)
            wacz.writestr("indexes/index.idx", summary)
            wacz.writestr("pages/pages.jsonl", _pages(package.pages), zipfile.ZIP_DEFLATED)
            for path, content in sorted(package.extras(records).items()):
                wacz.writestr(path, content, zipfile.ZIP_DEFLATED)
            datapackage = _datapackage(wacz, package)
            wacz.writestr("datapackage.json", datapackage, zipfile.ZIP_DEFLATED)
            digest = _signed_digest(datapackage, package, key)
            wacz.writestr("datapackage-digest.json", digest, zipfile.ZIP_DEFLATED)
        with part.open("rb+") as finished:
            os.fsync(finished.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
        warc.unlink(missing_ok=True)
    with target.open("rb") as done:
        sha256_of_all = digest_of(iter(lambda: done.read(CHUNK), b""))
    return Written(target, target.stat().st_size, sha256_of_all, len(records))


def _write_warc(target: Path, collection: Collection, captures: list[Capture]) -> list[PackedRecord]:
    wanted: dict[str, set[str]] = {}
    for capture in captures:
        wanted.setdefault(capture.file, set()).add(capture.record_id)
    packed = []
    with target.open("wb") as out:
        for name, record_ids in sorted(wanted.items()):
            found = set()
            with open_warc(collection, name) as warc:
                for member in _members(warc, record_ids):
                    at = out.tell()
                    packed.append(PackedRecord(name, member.offset, at, member.length, member.record_id))
                    _copy(warc, name, out, member)
                    found.add(member.record_id)
            if missing := record_ids - found:
                raise CaptureMissing(f"{name} does not hold the record {min(missing)}; run: holdfast verify")
    return packed


@dataclass(frozen=True, slots=True)
class _Member:
    record_id: str
    offset: int
    length: int


def _members(warc: IO[bytes], wanted: set[str]) -> Iterator[_Member]:
    """The members of `warc` that hold the wanted records, their requests and metadata, and the warcinfo."""
    positions: list[tuple[int, str, bool]] = []
    for record in ArchiveIterator(warc, parse_http=False):
        headers = record.headers
        identity = _bare(headers.get("WARC-Record-ID"))
        chosen = (
            identity in wanted
            or _bare(headers.get("WARC-Concurrent-To")) in wanted
            or record.record_type == WarcRecordType.warcinfo
        )
        positions.append((record.stream_pos, identity, chosen))
    ends = [offset for offset, _, _ in positions[1:]] + [warc.seek(0, os.SEEK_END)]
    for (offset, identity, chosen), end in zip(positions, ends, strict=True):
        if chosen:
            yield _Member(identity, offset, end - offset)


def _bare(record_id: str | None) -> str:
    return (record_id or "").strip().removeprefix("<").removesuffix(">")


def _copy(source: IO[bytes], name: str, target: IO[bytes], member: _Member) -> None:
    source.seek(member.offset)
    length = member.length
    while length > 0:
        chunk = source.read(min(CHUNK, length))
        if not chunk:
            raise CaptureMissing(
                f"{name} ends before byte {member.offset + member.length}; run: holdfast verify"
            )
        target.write(chunk)
        length -= len(chunk)


def _index(warc: Path) -> tuple[bytes, bytes]:
    """The compressed CDXJ of the packed WARC and its secondary index (ZipNum), made by cdxj-indexer."""
    summary, compressed = io.StringIO(), io.BytesIO()
    with warc.open("rb") as stream:
        CDXJIndexer(
            summary, [stream], sort=True, compress=compressed, data_out_name="index.cdx.gz", filename=DATA
        ).process_all()
    return compressed.getvalue(), summary.getvalue().encode()


def _pages(pages: tuple[WaczPage, ...]) -> bytes:
    head: dict[str, Any] = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    rows = [
        {"id": page.id, "url": page.url, "ts": _instant(page.time), "title": page.title, "text": page.text}
        for page in pages
    ]
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in [head, *rows])


def _datapackage(wacz: zipfile.ZipFile, package: Package) -> bytes:
    resources = []
    for entry in wacz.infolist():
        with wacz.open(entry) as content:
            digest = digest_of(iter(lambda: content.read(CHUNK), b""))
        resources.append(
            {
                "name": Path(entry.filename).name.lower(),
                "path": entry.filename,
                "hash": digest,
                "bytes": entry.file_size,
            }
        )
    description = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": package.title,
        "description": package.description,
        "created": _instant(package.created),
        "software": package.software,
        "resources": resources,
    }
    if package.pages:
        description |= {
            "mainPageUrl": package.pages[0].url,
            "mainPageDate": _instant(package.pages[0].time),
        }
    return json.dumps(description, ensure_ascii=False, indent=2).encode()


def _signed_digest(datapackage: bytes, package: Package, key: EllipticCurvePrivateKey) -> bytes:
    digest = sha256(datapackage)
    r, s = decode_dss_signature(key.sign(digest.encode(), ECDSA(hashes.SHA256())))
    signature = r.to_bytes(COORDINATE, "big") + s.to_bytes(COORDINATE, "big")
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signed = {
        "hash": digest,
        "created": _instant(package.created),
        "software": package.software,
        "version": "0.1.0",
        "signature": base64.b64encode(signature).decode(),
        "publicKey": base64.b64encode(public).decode(),
    }
    return json.dumps({"path": "datapackage.json", "hash": digest, "signedData": signed}, indent=2).encode()


def _instant(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
