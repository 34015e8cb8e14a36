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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from cdxj_indexer.main import CDXJIndexer
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archive.capture import Capture
from archive.collection import Collection
from archive.custody.proof import PackedRecord
from archive.digest import digest_of, sha256
from archive.errors import BrokenRecord, CaptureMissing
from archive.finding import Finding
from archive.storage import open_warc
from archive.warc.chosen import Member, chosen_members

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
    """A finished package: its size in bytes, its digest as `sha256:<hex>`, how many pages and records it holds.

    `left_out` are the captures that it should hold and does not, because they are damaged or gone.
    """

    path: Path
    bytes: int
    digest: str
    pages: int
    records: int
    left_out: tuple[Finding, ...] = ()


def write_wacz(
    target: Path,
    package: Package,
    captures: Iterable[Capture],
    collection: Collection,
    key: EllipticCurvePrivateKey,
) -> Written:
    """Writes exactly the records of `captures`, with their requests and metadata, to `target`.

    The file appears under its name only when it is complete. Captures that are damaged or gone are left out, and so are
    their pages. Raises BrokenRecord when nothing, or no page, is left; StorageFailed when the store does not answer.
    """
    with TemporaryDirectory(prefix=".holdfast-", dir=target.parent) as folder:
        part, warc = Path(folder) / "part", Path(folder) / DATA
        records, left_out = _write_warc(warc, collection, list(captures))
        package = _without(package, left_out)
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
    with target.open("rb") as done:
        sha256_of_all = digest_of(iter(lambda: done.read(CHUNK), b""))
    size, pages = target.stat().st_size, len(package.pages)
    return Written(target, size, sha256_of_all, pages, len(records), tuple(left_out))


def _write_warc(
    target: Path, collection: Collection, captures: list[Capture]
) -> tuple[list[PackedRecord], list[Finding]]:
    """Copies the records of the captures; gives where each stands now, and the captures that are not among them."""
    wanted: dict[str, dict[str, Capture]] = {}
    for capture in captures:
        wanted.setdefault(capture.file, {})[capture.record_id] = capture
    packed: list[PackedRecord] = []
    left_out: list[Finding] = []
    with target.open("wb") as out:
        for name, by_id in sorted(wanted.items()):
            problem, before = "its record is damaged or not there", len(packed)
            places = {identity: capture.offset for identity, capture in by_id.items()}
            try:
                with open_warc(collection, name) as warc:
                    for member in chosen_members(warc, name, places):
                        at = out.tell()
                        packed.append(PackedRecord(name, member.offset, at, member.length, member.record_id))
                        _copy(warc, name, out, member)
            except CaptureMissing as error:
                problem = str(error)
            found = {each.record_id for each in packed[before:]}
            lost = (capture for identity, capture in by_id.items() if identity not in found)
            left_out += (Finding(name, problem, each.offset, each.record_id, each.url) for each in lost)
    if left_out and len(left_out) == sum(map(len, wanted.values())):
        raise BrokenRecord(f"nothing of this can be packed: {left_out[0]}; run: holdfast verify")
    return packed, left_out


def _without(package: Package, left_out: list[Finding]) -> Package:
    """The package without the pages whose captures are left out."""
    lost = {each.record_id for each in left_out}
    pages = tuple(page for page in package.pages if page.id not in lost)
    if package.pages and not pages:
        raise BrokenRecord(f"no page of this can be packed: {left_out[0]}; run: holdfast verify")
    return replace(package, pages=pages)


def _copy(source: IO[bytes], name: str, target: IO[bytes], member: Member) -> None:
    source.seek(member.offset)
    length = member.length
    while length > 0:
        chunk = source.read(min(CHUNK, length))
        if not chunk:
            raise BrokenRecord(
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
