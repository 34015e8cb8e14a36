"""Brings files that others saved into the archive, through the same path as a crawl.

A saved web page becomes a `resource` record: no HTTP exchange was seen, so none is claimed. Records of a
WARC, ARC or WACZ are copied as they are, with their own dates and identities.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.digest import sha256
from archive.errors import ArchiveError, BrokenBody, DiskLow
from archive.foreign.intake import Defect, IncomingRecord, records
from archive.warc.warcformat import is_too_long
from archive.writing.writer import ArchiveWriter
from crawler.errors import UnusableFile
from crawler.imports.file_name import readable
from crawler.imports.held import Held
from crawler.imports.mhtml import parts_of
from crawler.imports.saved_address import saved_address
from db.ingest.captures import Captured
from db.ingest.rebuild import SOURCE_PATH
from parsers import read
from parsers.page import Page, PageKind, Reading

PAGES = {".html": "text/html", ".htm": "text/html", ".shtml": "text/html", ".xhtml": "application/xhtml+xml"}
DATA = {".xml": "application/xml", ".json": "application/json", ".pdf": "application/pdf"}
ATTACHMENTS = {".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
TYPES = PAGES | DATA | ATTACHMENTS
MHTML = (".mhtml", ".mht")
ARCHIVES = (".warc", ".warc.gz", ".arc", ".arc.gz", ".wacz", ".warc.gz.bad")
MAX_PAGE_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file, or of one record in it.

    `url` is the address it is archived under and `address_from` how that was found: `page` (the page names its
    own), `browser` (the one that saved it noted it), `record` (the archive record does) or `digest` (nothing names
    one: a `urn:` made of its SHA-256).
    `problem` is a sentence when something could not be brought in; `left_out` one for a file that is no page and
    no archive. `held` says that the collection had it already.
    """

    path: Path
    url: str | None = None
    address_from: str | None = None
    captured: Captured | None = None
    problem: str | None = None
    left_out: str | None = None
    held: bool = False


def files_under(paths: Iterable[Path]) -> list[Path]:
    """Every file named or lying under a named folder, in a stable order, and what else lies there but folders that
    can be looked into: `bring_in` says of it why it is left out. Raises UnusableFile for a missing one.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(_under(path))
        elif path.exists():
            found.append(path)
        else:
            raise UnusableFile(f"there is no file or folder {readable(path)}")
    return found


def _under(folder: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        yield from (Path(place, name) for name in files)
        yield from (each for name in folders if (each := Path(place, name)).is_symlink())
    yield from closed


def _no_file(path: Path, name: str) -> Brought | None:
    """What is to be said of what is no file; such things are never opened: a pipe would keep its reader waiting."""
    if path.is_dir() and path.is_symlink():
        said = "is a link to a folder; name that folder itself to bring in what it holds"
    elif path.is_dir():
        return Brought(path, problem=f"cannot look into the folder {name}")
    elif not path.exists():
        said = "is a link that leads to no file"
    elif not path.is_file():
        said = "is no file, but a pipe, a socket or a device"
    else:
        return None
    return Brought(path, left_out=f"{name} {said}")


def bring_in(path: Path, writer: ArchiveWriter, held: Held) -> Iterator[Brought]:
    """Archives what the file `path` holds and the collection does not; one result for each page or capture in it.

    Raises DiskLow.
    """
    file = path.name.lower()
    name = readable(path)
    try:
        if no_file := _no_file(path, name):
            yield no_file
        elif path.stat().st_size == 0:
            yield Brought(path, problem=f"{name} is empty")
        elif file.endswith(ARCHIVES):
            yield from _archive(path, writer, held)
        elif not file.endswith(MHTML) and path.suffix.lower() not in TYPES:
            yield Brought(path, left_out=f"{name} is neither a web page nor a WARC, ARC or WACZ file")
        elif path.stat().st_size > MAX_PAGE_BYTES:
            most = f"the {MAX_PAGE_BYTES // 2**20} MB that a page may have"
            yield Brought(path, problem=f"{name} is larger than {most}")
        elif file.endswith(MHTML):
            for part in parts_of(path.read_bytes()):
                yield _keep(path, writer, held, part.location, part.content, part.mime)
        else:
            yield _page(path, writer, held)
    except OSError as error:
        yield Brought(path, problem=f"cannot read {name}: {error.strerror}")
    except UnusableFile as error:
        yield Brought(path, problem=f"{name}: {error}")
    except DiskLow:
        raise
    except ArchiveError as error:
        yield Brought(path, problem=str(error))


def _page(path: Path, writer: ArchiveWriter, held: Held) -> Brought:
    body = path.read_bytes()
    if path.suffix.lower() in PAGES and _is_binary(body):
        problem = f"{readable(path)} is not a web page: its bytes are binary, whatever its name says"
        return Brought(path, problem=problem)
    return _keep(path, writer, held, "", body, TYPES[path.suffix.lower()])


def _keep(path: Path, writer: ArchiveWriter, held: Held, url: str, body: bytes, mime: str) -> Brought:
    noted = "" if url else saved_address(body) or ""
    reading = read(Page(url=url or noted, body=body, content_type=mime))
    address, address_from = _address(url, noted, reading, body)
    if held.has_page(address, sha256(body)):
        return Brought(path, address, address_from, held=True)
    name = readable(path)
    notes = (("via", f"file {Path(name).name}"), (SOURCE_PATH, name), ("address-from", address_from))
    capture = writer.write_resource(address, body, mime, datetime.now(UTC), notes).result()
    captured = Captured(capture, Page(address, body, content_type=mime), name) if capture else None
    return Brought(path, address, address_from, captured)


def _address(url: str, noted: str, reading: Reading, body: bytes) -> tuple[str, str]:
    if url and not is_too_long(url):
        return url, "page"
    canonical = reading.canonical_url or ""
    is_usable = canonical.startswith(("http://", "https://")) and not is_too_long(canonical)
    if is_usable and reading.kind is not PageKind.OTHER:
        return canonical, "page"
    if noted:
        return noted, "browser"
    return f"urn:sha256:{hashlib.sha256(body).hexdigest()}", "digest"


def _archive(path: Path, writer: ArchiveWriter, held: Held) -> Iterator[Brought]:
    for found in records(path):
        if isinstance(found, Defect):
            yield Brought(path, problem=str(found))
        elif found.kind != "warcinfo":
            yield _record(path, found, writer, held)


def _record(path: Path, incoming: IncomingRecord, writer: ArchiveWriter, held: Held) -> Brought:
    incoming = held.under_its_own_id(incoming)
    response = incoming.response
    if held.has(incoming):
        return Brought(path, response.url, "record", held=True) if response else Brought(path)
    capture = writer.copy(incoming).result()
    held.add(incoming)
    if capture is None or response is None:
        return Brought(path)
    name = readable(path)
    if capture.record_type == "revisit":
        return Brought(path, capture.url, "record", Captured(capture, Page(capture.url, b""), name))
    try:
        body = response.decoded()
    except BrokenBody as error:
        captured = Captured(capture, Page(capture.url, b""), name, undecoded=str(error))
        return Brought(path, capture.url, "record", captured)
    page = Page(
        url=capture.url,
        body=body,
        status=capture.status or 200,
        content_type=response.mime,
        captured_at=capture.time,
    )
    return Brought(path, capture.url, "record", Captured(capture, page, name))


def _is_binary(body: bytes) -> bool:
    """Whether these bytes are no text in any encoding that web pages have."""
    start = body[:4096]
    return b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff"))
