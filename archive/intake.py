"""Reads the WARC, ARC and WACZ files of others, record by record, and says where one is broken."""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.capture import Capture
from archive.errors import BrokenRecord, UnreadableArchive
from archive.gzipmember import GZIP, LEVEL
from archive.placing import CAPTURES, placed
from archive.reader import MAX_RECORD_BYTES, StoredResponse, stored_response
from archive.warcformat import new_id


@dataclass(frozen=True, slots=True)
class IncomingRecord:
    """A record of others: `raw` is it as one gzip member, header lines and block as they were found.

    `where` names the file and the byte offset it was found at. `response` is set for captures. A record that
    should be a capture but cannot be read as one is kept all the same; `problem` says why.
    """

    kind: str
    raw: bytes
    where: str
    response: StoredResponse | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Defect:
    """Something in a file of others that could not be read: where, as a byte offset, and why."""

    path: Path
    offset: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path} at byte {self.offset}: {self.problem}"


def records(path: Path) -> Iterator[IncomingRecord | Defect]:
    """The records of a WARC, ARC or WACZ file, gzipped or not, in order; defects stand among them.

    A file that is cut off or damaged gives all records before the damage and a Defect with its offset. Raises
    UnreadableArchive for a file that is none of these at all.
    """
    if zipfile.is_zipfile(path):
        yield from _of_wacz(path)
        return
    with path.open("rb") as stream:
        first = stream.read(2)
        if not first:
            raise UnreadableArchive(f"{path} is empty")
        stream.seek(0)
        yield from _of_stream(path, stream, str(path))


def capture_of(incoming: IncomingRecord) -> Callable[[str, int, int], Capture] | None:
    """Gives the capture of a copied record once its place is known; None for a record that is no capture."""
    return placed(incoming.response) if incoming.response else None


def _of_wacz(path: Path) -> Iterator[IncomingRecord | Defect]:
    try:
        with zipfile.ZipFile(path) as wacz:
            names = [
                name for name in wacz.namelist() if name.startswith("archive/") and not name.endswith("/")
            ]
            if not names:
                yield Defect(path, 0, "this WACZ holds no WARC file")
            for name in names:
                with wacz.open(name) as stream:
                    yield from _of_stream(path, stream, f"{path}, {name}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnreadableArchive(f"{path} is not a WACZ that can be read: {error}") from error


def _of_stream(path: Path, stream: IO[bytes], where: str) -> Iterator[IncomingRecord | Defect]:
    plain = Unpacked(stream)
    iterator = ArchiveIterator(
        io.BufferedReader(plain, io.DEFAULT_BUFFER_SIZE), arc2warc=True, no_record_parse=True
    )
    found = False
    offset = 0
    while True:
        try:
            # warcio tells of oddities on stderr; what matters of them comes back as a Defect.
            with contextlib.redirect_stderr(io.StringIO()):
                record = next(iterator)
        except StopIteration:
            break
        except (ArchiveLoadFailed, EOFError, ValueError, OSError) as error:
            if not found:
                raise UnreadableArchive(
                    f"{path} is not a WARC, ARC or WACZ file that can be read: {_reason(error)}"
                ) from error
            yield Defect(path, plain.place_of(iterator.offset), _reason(error))
            return
        plain_offset = iterator.offset
        offset = plain.place_of(plain_offset)
        read = _record(record, f"{where} at byte {offset}")
        if isinstance(read, str):
            yield Defect(path, offset, read)
        else:
            found = True
            yield read
            if read.problem:
                yield Defect(path, offset, read.problem)
    if plain.problem:
        yield Defect(path, plain.place_of(plain.given), plain.problem)
    if not found:
        raise UnreadableArchive(f"{path} holds no record that can be read")


def _record(record: Any, where: str) -> IncomingRecord | str:
    """A warcio record as an incoming one, or what is wrong with it."""
    block = record.raw_stream.read(MAX_RECORD_BYTES + 1)
    if len(block) > MAX_RECORD_BYTES:
        return f"the record is longer than {MAX_RECORD_BYTES} bytes"
    if record.length is None or record.length < 0:
        return "the record does not say how long it is"
    if len(block) < record.length:
        return f"the record is cut off: {len(block)} of {record.length} bytes are there"
    found = [(str(name), str(value)) for name, value in record.rec_headers.headers]
    headers = tuple(_complete(found, record.rec_type, len(block)))
    response, problem = None, None
    if record.rec_type in CAPTURES:
        try:
            response = stored_response(headers, block, where)
        except BrokenRecord as error:
            problem = str(error).removeprefix(f"{where}: ")
        if response and not any(name.lower() == "warc-payload-digest" for name, _ in headers):
            headers = (*headers, ("WARC-Payload-Digest", response.payload_digest))
    return IncomingRecord(record.rec_type, _member(headers, block), where, response, problem)


def _complete(found: list[tuple[str, str]], kind: str, length: int) -> Iterator[tuple[str, str]]:
    """The header lines as found, with what WARC 1.1 §5 demands and an ARC file does not have."""
    names = {name.lower() for name, _ in found}
    if "warc-type" not in names:
        yield "WARC-Type", kind
    if "warc-record-id" not in names:
        yield "WARC-Record-ID", f"<{new_id()}>"
    yield from ((name, value) for name, value in found if name.lower() != "content-length")
    yield "Content-Length", str(length)


def _member(headers: tuple[tuple[str, str], ...], block: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    packer = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP)
    parts = (b"WARC/1.1\r\n", lines.encode(), b"\r\n", block, b"\r\n\r\n")
    return b"".join([*(packer.compress(part) for part in parts), packer.flush()])


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return said[:200] or type(error).__name__


class Unpacked(io.RawIOBase):
    """A file's plain bytes, whether it is gzipped in one member, in one for each record, or not at all.

    A gzip stream that ends early or is damaged gives what comes before; `problem` then says so.
    """

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._start = source.read(2)
        self._gzipped = self._start == b"\x1f\x8b"
        self._unpacker = zlib.decompressobj(GZIP)
        self._packed = self._start
        self._read = len(self._start)
        self._members = [(0, 0)]
        self._rest = b""
        self.given = 0
        self.problem: str | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How many plain bytes were given."""
        return self.given

    def readinto(self, buffer: Any) -> int:
        """Fills `buffer` with the next plain bytes."""
        piece = self._plain(len(buffer))
        buffer[: len(piece)] = piece
        self.given += len(piece)
        return len(piece)

    def place_of(self, plain: int) -> int:
        """The offset in the file of the plain byte `plain`: for a gzipped file, of the member that holds it."""
        if not self._gzipped:
            return plain
        return max(packed for start, packed in self._members if start <= plain)

    def _plain(self, most: int) -> bytes:
        if not self._gzipped:
            start, self._start = self._start, b""
            return start + self._source.read(most - len(start))
        if self._rest:
            piece, self._rest = self._rest[:most], self._rest[most:]
            return piece
        while self.problem is None:
            if self._unpacker.eof:
                self._packed = self._unpacker.unused_data or self._fetch()
                if not self._packed.strip(b"\0"):
                    return b""
                self._members.append((self.given, self._read - len(self._packed)))
                self._unpacker = zlib.decompressobj(GZIP)
            packed = self._unpacker.unconsumed_tail or self._packed or self._fetch()
            self._packed = b""
            if not packed:
                self.problem = "the file ends in the middle of a record"
                return b""
            try:
                piece = self._unpacker.decompress(packed, most)
            except zlib.error as error:
                self.problem = f"the gzip stream is damaged ({error})"
                return b""
            if piece:
                return self._apart(piece)
        return b""

    def _apart(self, piece: bytes) -> bytes:
        """`piece`, after a blank line if a record begins with it: some tools end a member without one."""
        if self._members[-1][0] == self.given and self.given > 0 and piece.startswith(b"WARC/"):
            self._rest = piece
            return b"\r\n\r\n"
        return piece

    def _fetch(self) -> bytes:
        data = self._source.read(_PIECE)
        self._read += len(data)
        return data


_PIECE = 1 << 16
