"""One record, one gzip member (WARC 1.1 annex D), so that each can be read by one seek."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from isal import isal_zlib

from archive.errors import BrokenRecord
from archive.warc.warcformat import Record

GZIP = 31
"""zlib's window bits for the gzip format."""

LEVEL = 2
"""ISA-L's best ratio that is still faster than the network; its levels are 0 to 3."""

CHUNK = 1 << 18


def compressed(record: Record) -> bytes:
    """The record as a gzip member: deflated by ISA-L, or stored when its body is compressed already."""
    stored = record.compressed_already
    packer: Any = zlib.compressobj(0, wbits=GZIP) if stored else isal_zlib.compressobj(LEVEL, wbits=GZIP)
    return b"".join([*(packer.compress(part) for part in record.parts()), packer.flush()])


def expand(
    source: IO[bytes], offset: int, *, where: str, limit: int | None = None, chunk: int = CHUNK
) -> Iterator[bytes]:
    """The bytes of the member that begins at `offset` of `source`, `chunk` by `chunk`; at most `limit` of them.

    Raises BrokenRecord, naming `where`, when the member is cut, damaged or not there.
    """
    source.seek(offset)
    unpacker = zlib.decompressobj(GZIP)
    given = 0
    try:
        while not unpacker.eof:
            data = unpacker.unconsumed_tail or source.read(chunk)
            if not data:
                raise BrokenRecord(f"{where}: the record at byte {offset} is cut off; run: holdfast verify")
            piece = unpacker.decompress(data, chunk)
            given += len(piece)
            if limit is not None and given > limit:
                raise BrokenRecord(f"{where}: the record at byte {offset} is longer than {limit} bytes")
            yield piece
    except zlib.error as error:
        raise BrokenRecord(
            f"{where}: the record at byte {offset} is damaged ({error}); run: holdfast verify"
        ) from error


def member_ends(source: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Each whole member of a file: its offset, its end, and the first bytes of what it holds (up to 64 KB).

    Stops where the file ends or where no whole member begins; the checksum of each is checked.
    """
    offset = 0
    while member := _whole(source, offset):
        end, head = member
        yield offset, end, head
        offset = end


def whole_records(source: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Each whole WARC record of a file, also those after damage: offset, end and first bytes, as `member_ends`."""
    whole = 0
    for offset, end, head in member_ends(source):
        whole = end
        if head.startswith(b"WARC/"):
            yield offset, end, head
    if whole < source.seek(0, os.SEEK_END):
        yield from _later(source, whole)


def record_places(path: Path) -> Iterator[tuple[int, int]]:
    """Offset and end of each whole WARC record of a file, also of those after damage."""
    with path.open("rb") as source:
        for offset, end, _ in whole_records(source):
            yield offset, end


def later_records(path: Path, offset: int) -> Iterator[tuple[int, int]]:
    """Offset and end of each whole WARC record at or after `offset`, past whatever damage lies between."""
    with path.open("rb") as source:
        for start, end, _ in _later(source, offset):
            yield start, end


def _later(source: IO[bytes], offset: int) -> Iterator[tuple[int, int, bytes]]:
    while (start := next_magic(source, offset)) is not None:
        member = _whole(source, start)
        if member and member[1].startswith(b"WARC/"):
            end, head = member
            yield start, end, head
            offset = end
        else:
            offset = start + 1


def _whole(source: IO[bytes], offset: int) -> tuple[int, bytes] | None:
    """The end of the member at `offset` and its first plain bytes; None when no whole one is there."""
    source.seek(offset)
    unpacker = zlib.decompressobj(GZIP)
    head = b""
    read = 0
    try:
        while not unpacker.eof:
            data = unpacker.unconsumed_tail
            if not data:
                data = source.read(CHUNK if read else _FIRST)
                read += len(data)
            if not data:
                return None
            piece = unpacker.decompress(data, CHUNK)
            if len(head) < _HEAD:
                head += piece[: _HEAD - len(head)]
    except zlib.error:
        return None
    return offset + read - len(unpacker.unused_data), head


def next_magic(source: IO[bytes], offset: int) -> int | None:
    """Where the next two bytes are that begin a gzip member and say that it is deflated (RFC 1952 §2.3.1)."""
    while True:
        source.seek(offset)
        data = source.read(CHUNK)
        found = data.find(_MAGIC)
        if found >= 0:
            return offset + found
        if len(data) < CHUNK:
            return None
        offset += len(data) - len(_MAGIC) + 1


_MAGIC = b"\x1f\x8b\x08"
_HEAD = 1 << 16
_FIRST = 1 << 15
"""Most members end within so many bytes; what is read beyond a member's end is read again for the next."""
