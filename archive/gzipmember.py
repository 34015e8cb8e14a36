"""One record, one gzip member (WARC 1.1 annex D), so that each can be read by one seek."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from isal import isal_zlib

from archive.errors import BrokenRecord
from archive.warcformat import Record

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


def expand(source: IO[bytes], offset: int, *, where: str, limit: int | None = None) -> Iterator[bytes]:
    """The bytes of the member that begins at `offset` of `source`; at most `limit` of them.

    Raises BrokenRecord, naming `where`, when the member is cut, damaged or not there.
    """
    source.seek(offset)
    unpacker = zlib.decompressobj(GZIP)
    given = 0
    try:
        while not unpacker.eof:
            data = unpacker.unconsumed_tail or source.read(CHUNK)
            if not data:
                raise BrokenRecord(f"{where}: the record at byte {offset} is cut off; run: holdfast verify")
            piece = unpacker.decompress(data, CHUNK)
            given += len(piece)
            if limit is not None and given > limit:
                raise BrokenRecord(f"{where}: the record at byte {offset} is longer than {limit} bytes")
            yield piece
    except zlib.error as error:
        raise BrokenRecord(
            f"{where}: the record at byte {offset} is damaged ({error}); run: holdfast verify"
        ) from error


def member_ends(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Each whole member of a file: its offset, its end, and the first bytes of what it holds (up to 64 KB).

    Stops where the file ends or where no whole member begins; the checksum of each is checked.
    """
    size = path.stat().st_size
    offset = 0
    with path.open("rb") as source:
        while offset < size:
            end = _end_of(source, offset)
            if end is None:
                return
            yield offset, end[0], end[1]
            offset = end[0]


def _end_of(source: IO[bytes], offset: int) -> tuple[int, bytes] | None:
    source.seek(offset)
    unpacker = zlib.decompressobj(GZIP)
    head = b""
    read = 0
    try:
        while not unpacker.eof:
            data = unpacker.unconsumed_tail
            if not data:
                data = source.read(CHUNK)
                read += len(data)
            if not data:
                return None
            piece = unpacker.decompress(data, CHUNK)
            if len(head) < _HEAD:
                head += piece[: _HEAD - len(head)]
    except zlib.error:
        return None
    return offset + read - len(unpacker.unused_data), head


_HEAD = 1 << 16
