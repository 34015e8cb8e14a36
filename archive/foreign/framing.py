"""Finds where records begin in the files of others, gzipped in any way or not at all, and goes on after damage.

Nothing here holds more of a file than a record's header lines, however far the file expands.
"""

from __future__ import annotations

import io
import re
import zlib
from bisect import bisect_right
from typing import IO, Any

from archive.warc.gzipmember import CHUNK, GZIP, next_magic

MAX_HEAD = 1 << 20
"""Bytes that the header lines of one record may have."""

MAX_SKIPPED = 1 << 26
"""Bytes that belong to no record after which the rest of a file is given up."""

_LINE = 1 << 16
_START = re.compile(
    rb"WARC/\d+\.\d+\r*\n|[A-Za-z][A-Za-z0-9+.-]{0,20}:\S[^\r\n]* \S+ \d{8,20} \S+ -?\d+\r?\n"
)
"""The version line of a WARC record (WARC 1.1 §4), or the line that begins an ARC record
(http://archive.org/web/researcher/ArcFileFormat.php): address, IP address, date, type and length.
"""


class Unpacked(io.RawIOBase):
    """A file's plain bytes, whether it is gzipped in one member, in one for each record, or not at all.

    A gzip stream that ends early or is damaged gives what comes before, and then ends; `problem` says why, and
    `resume` goes on with the next member.
    """

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._packed = source.read(2)
        self._gzipped = self._packed == b"\x1f\x8b"
        self._read = len(self._packed)
        self._unpacker = zlib.decompressobj(GZIP)
        self._starts, self._offsets = [0], [0]
        self._given = 0
        self.problem: str | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills `buffer` with the next plain bytes."""
        piece = self._next(len(buffer)) if self._gzipped else self._as_is(len(buffer))
        buffer[: len(piece)] = piece
        self._given += len(piece)
        return len(piece)

    def place_of(self, plain: int) -> int:
        """The offset in the file of the plain byte `plain`: for a gzipped file, of the member that holds it."""
        if not self._gzipped:
            return plain
        return self._offsets[bisect_right(self._starts, plain) - 1]

    def resume(self) -> bool:
        """Goes on after damage with the next gzip member; False when there is none, or nothing is damaged."""
        if self.problem is None:
            return False
        start = next_magic(self._source, self._offsets[-1] + 1)
        if start is None:
            return False
        self._source.seek(start)
        self._read = start
        self.problem = None
        self._begin(b"")
        return True

    def _as_is(self, most: int) -> bytes:
        start, self._packed = self._packed, b""
        return start + self._source.read(most - len(start))

    def _next(self, most: int) -> bytes:
        while self.problem is None:
            if self._unpacker.eof:
                rest = self._unpacker.unused_data or self._fetch()
                if not rest.strip(b"\0"):
                    return b""
                self._begin(rest)
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
                return piece
        return b""

    def _begin(self, packed: bytes) -> None:
        self._packed = packed
        self._starts.append(self._given)
        self._offsets.append(self._read - len(packed))
        self._unpacker = zlib.decompressobj(GZIP)

    def _fetch(self) -> bytes:
        data = self._source.read(CHUNK)
        self._read += len(data)
        return data


class Framing:
    """A file of records as a stream that warcio's record loader can read from, one record after the other."""

    def __init__(self, source: IO[bytes]) -> None:
        self._plain = Unpacked(source)
        self._stream = io.BufferedReader(self._plain, CHUNK)
        self._position = 0
        self._head = bytearray()

    @property
    def head(self) -> bytes:
        """The header lines of the record that is being read, as found."""
        return bytes(self._head)

    def seek_record(self) -> tuple[int | None, int]:
        """Goes to the next record and takes its first line into `head`. Gives the record's offset in the file, None
        at the end or where damage ends what can be read, and how many bytes that belong to no record were passed
        over, blank lines not counted.
        """
        skipped = 0
        while line := self._stream.readline(_LINE):
            start = self._position
            self._position += len(line)
            if _START.match(line):
                self._head[:] = line
                return self._plain.place_of(start), skipped
            skipped += len(line) if line.strip() else 0
            if skipped > MAX_SKIPPED:
                break
        return None, skipped

    def readline(self) -> bytes:
        """The next header line. Raises ValueError when the header lines have no end."""
        line = self._stream.readline(MAX_HEAD)
        self._head += line
        self._position += len(line)
        if len(self._head) > MAX_HEAD:
            raise ValueError(f"its header lines are longer than {MAX_HEAD} bytes")
        return line

    def read(self, most: int) -> bytes:
        """The next bytes, at most `most`."""
        piece = self._stream.read(most)
        self._position += len(piece)
        return piece

    def here(self) -> int:
        """The offset in the file of what comes next."""
        return self._plain.place_of(self._position)

    def damage(self) -> str | None:
        """Why the file ends here, when it should not; `resume` can pass over it."""
        return self._plain.problem

    def resume(self) -> bool:
        """Goes on after damage; False when there is none, or nothing comes after it."""
        return self._plain.resume()
