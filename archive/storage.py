"""Keeps sealed WARC files in an S3-compatible store as well, or instead (fsspec).

A file is uploaded whole, read back whole and hashed before it counts as stored; only then may the local
copy be dropped. What is stored where is said in `stored.jsonl` beside the collection, one line a file.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from archive.collection import OPEN, WARC, Collection
from archive.errors import CaptureMissing, StorageFailed
from archive.locking import sync_folder

LEDGER = "stored.jsonl"
CHUNK = 8 * 2**20
MOUNTED = "file://"
"""Begins the address of a folder on a mounted disk."""

RANGE = 2**18
"""Bytes asked for at once when a single record is wanted."""


@dataclass(frozen=True, slots=True)
class Store:
    """An object store: `url` is a folder in it (`s3://bucket/folder`), `endpoint` its server's address."""

    url: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """One sealed file in the store: its name, where it is, its size in bytes and SHA-256 in hex."""

    file: str
    url: str
    endpoint: str
    bytes: int
    sha256: str


def ledger(collection: Collection) -> dict[str, Stored]:
    """The stored files of a collection by name. A last line that a crash left torn says nothing.

    Raises StorageFailed when another line cannot be read.
    """
    path = collection.root / LEDGER
    if not path.exists():
        return {}
    if not path.is_file():
        raise StorageFailed(f"{path} is no file; move it away, and restore the file from your backup")
    *whole, last = path.read_bytes().split(b"\n")
    found = {}
    for number, line in enumerate(whole, start=1):
        if not line.strip():
            continue
        stored = _stored_in(line)
        if stored is None:
            raise StorageFailed(
                f"line {number} of {path} cannot be read; put it right from your backup, or remove it and run: "
                "holdfast store"
            )
        found[stored.file] = stored
    if unended := _stored_in(last):
        found[unended.file] = unended
    return found


def _stored_in(line: bytes) -> Stored | None:
    try:
        return Stored(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None


def upload(collection: Collection, sealed: list[Path], store: Store) -> Iterator[Stored]:
    """Uploads those of the `sealed` files that are not stored yet, each verified by reading it back.

    Raises StorageFailed, naming the file, when the store cannot be reached or gives other bytes back.
    """
    done = ledger(collection)
    for path in sealed:
        if path.name in done:
            continue
        stored = _upload(path, store)
        _note(collection.root / LEDGER, stored)
        yield stored


def drop_local(collection: Collection, name: str) -> Stored:
    """Deletes the local copy of a stored file, after one more check that the store has its bytes.

    Raises StorageFailed when it is not stored, or when the stored bytes are not the local ones.
    """
    stored = ledger(collection).get(name)
    path = collection.archive / name
    if stored is None:
        raise StorageFailed(f"{name} is not in the store yet; the local copy stays")
    if path.exists() and _sha256_of(path) != stored.sha256:
        raise StorageFailed(f"{path} is not what was stored; the local copy stays; run: holdfast verify")
    if _sha256_in_store(stored) != stored.sha256:
        raise StorageFailed(f"{stored.url} no longer has the bytes of {name}; the local copy stays")
    path.unlink(missing_ok=True)
    return stored


def warc_names(collection: Collection) -> list[str]:
    """The names of every WARC file of a collection, here, in the store or still being written."""
    here = {path.name.removesuffix(OPEN) for path in collection.warcs()}
    return sorted(here | ledger(collection).keys())


def sealed_names(collection: Collection) -> list[str]:
    """The names of the finished WARC files of a collection, here or in the store."""
    return sorted({path.name for path in collection.sealed()} | ledger(collection).keys())


@dataclass(frozen=True, slots=True)
class Fetched:
    """A WARC file as a file on this computer; `problem` says so when its bytes are not those that were stored."""

    path: Path
    problem: str | None = None


@contextmanager
def fetched(collection: Collection, file: str) -> Iterator[Fetched]:
    """The local copy of a finished WARC file, else a temporary one that is fetched from the store.

    Raises CaptureMissing when it is in neither place; StorageFailed when the store does not answer or there is no room
    for the copy.
    """
    path = collection.archive / file
    stored = ledger(collection).get(file)
    if path.is_file() or stored is None:
        if not path.is_file():
            raise CaptureMissing(f"{path} is not there")
        yield Fetched(path)
        return
    with NamedTemporaryFile(prefix="holdfast-", suffix=WARC) as copy:
        digest = hashlib.sha256()
        try:
            with open_warc(collection, file) as source:
                while piece := source.read(CHUNK):
                    digest.update(piece)
                    copy.write(piece)
            copy.flush()
        except OSError as error:
            raise StorageFailed(
                f"{stored.url} could not be fetched: {error.strerror or error}; "
                "TMPDIR names another folder for temporary files"
            ) from error
        same = digest.hexdigest() == stored.sha256
        problem = None if same else f"what {stored.url} holds is not what was stored there (SHA-256)"
        yield Fetched(Path(copy.name), problem)


def place_of(collection: Collection, file: str) -> str:
    """Where a WARC file is read from: its path, else its address in the store; where it should be if in neither."""
    path, stored = collection.path_of(file), ledger(collection).get(file)
    return stored.url if stored and not path.is_file() else str(path)


def open_warc(collection: Collection, file: str) -> IO[bytes]:
    """A WARC file for reading at any offset: the local copy, else the stored one, which is read by range.

    Raises CaptureMissing when it is in neither place, StorageFailed when the store does not answer.
    """
    path = collection.path_of(file)
    if path.is_file():
        return path.open("rb")
    stored = ledger(collection).get(file)
    if stored is None:
        raise CaptureMissing(f"{collection.archive / file} is not there; run: holdfast verify")
    try:
        opened = _filesystem(stored).open(stored.url, "rb", block_size=RANGE, cache_type="readahead")
    except FileNotFoundError as error:
        raise CaptureMissing(f"cannot read {stored.url}: the store does not have it any more") from error
    except Exception as error:
        raise StorageFailed(f"cannot read {stored.url}: {error}") from error
    return io.BufferedReader(_Remote(opened, stored.url), RANGE)


class _Remote(io.RawIOBase):
    """A file in the store; a read that fails raises StorageFailed, whichever library it fails in."""

    def __init__(self, opened: Any, url: str) -> None:
        self._opened = opened
        self._url = url

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._opened.read(len(buffer))
        except Exception as error:
            raise StorageFailed(f"cannot read {self._url}: {error}") from error
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        place: int = self._opened.seek(offset, whence)
        return place

    def tell(self) -> int:
        place: int = self._opened.tell()
        return place

    def close(self) -> None:
        if not self.closed:
            self._opened.close()
        super().close()


def _upload(path: Path, store: Store) -> Stored:
    sha256 = _sha256_of(path)
    url = f"{store.url.rstrip('/')}/{path.name}"
    stored = Stored(path.name, url, store.endpoint, path.stat().st_size, sha256)
    try:
        if url.startswith(MOUNTED):
            _copy_durably(path, Path(url.removeprefix(MOUNTED)))
        else:
            _filesystem(stored).put_file(str(path), url)
    except Exception as error:
        raise StorageFailed(f"cannot upload {path} to {url}: {error}") from error
    if _sha256_in_store(stored) != sha256:
        raise StorageFailed(f"{url} gives other bytes back than {path} has; it does not count as stored")
    return stored


def _copy_durably(path: Path, target: Path) -> None:
    """The copy is on its disk before the local one may be dropped."""
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(path, target)
    with target.open("rb+") as copy:
        os.fsync(copy.fileno())
    for folder in (target.parent, target.parent.parent):
        sync_folder(folder)


def _filesystem(stored: Stored) -> Any:
    import fsspec  # only a workspace with an object store has a use for it

    options: dict[str, Any] = {"endpoint_url": stored.endpoint} if stored.endpoint else {}
    filesystem, _ = fsspec.core.url_to_fs(stored.url, **options)
    filesystem.invalidate_cache()
    return filesystem


def _sha256_in_store(stored: Stored) -> str:
    digest = hashlib.sha256()
    try:
        with _filesystem(stored).open(stored.url, "rb", block_size=CHUNK, cache_type="readahead") as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
    except Exception as error:
        raise StorageFailed(f"cannot read {stored.url} back: {error}") from error
    return digest.hexdigest()


def _sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _note(path: Path, stored: Stored) -> None:
    """Adds a line durably; one that a crash left torn is cut off first, or both would be lost."""
    with path.open("ab+") as out:
        out.seek(0)
        before = out.read()
        *_, last = before.split(b"\n")
        if last and _stored_in(last) is None:
            out.truncate(len(before) - len(last))
        ended = b"" if not last or _stored_in(last) is None else b"\n"
        out.write(ended + json.dumps(asdict(stored), ensure_ascii=False).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())
    if not before:
        sync_folder(path.parent)
