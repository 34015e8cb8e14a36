"""The text of Word files from before DOCX (Word 97 to 2003, `.doc`): [MS-DOC] 2.4.1 "Retrieving Text".

olefile opens the container; the text lies in pieces, which a table names in the order of reading (docs/decisions.md).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from struct import iter_unpack, unpack_from

import olefile

_WORD, _MAGIC, _FIRST_VERSION = "WordDocument", 0xA5EC, 0x00C1
_ENCRYPTED, _TABLE_ONE, _COMPRESSED = 0x0100, 0x0200, 0x4000_0000
_FLAGS_AT, _CHARS_AT, _PIECES_AT = 0x0A, 0x4C, 0x01A2
_PROPERTIES, _PIECE_TABLE = 1, 2
_FIELD = re.compile(r"\x13[^\x13-\x15]*(?:\x14|(?=\x15))")
"""The code of a field, up to its result."""

_ROW_END = re.compile("\x07{2,}")
"""Every cell ends with the mark, and so does the row. A row breaks at an empty cell within it, too: which mark is which
stands in the formatting, which is not read.
"""

_MARKS = {0x07: " ", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x0E: "\n", 0x1E: "-", 0x1F: None, 0xA0: " "}
_OTHERS: dict[int, str | None] = {code: None for code in range(0x20) if code not in (0x09, 0x0A)}
_DEEPEST = 10


class NotWord97(ValueError):
    """The bytes are no Word file that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class WordText:
    """The title that the file names itself, empty if none, and its text, a line for each paragraph or table row."""

    title: str
    text: str


def read_word97(body: bytes, most_chars: int) -> WordText:
    """The text of a `.doc` file, cut at `most_chars`. Raises NotWord97, and what olefile raises on damaged files."""
    with olefile.OleFileIO(io.BytesIO(body)) as container:
        if not container.exists(_WORD):
            raise NotWord97("it is an Office file of another kind than Word")
        main = container.openstream(_WORD).read()
        magic, version = unpack_from("<HH", main)
        flags = unpack_from("<H", main, _FLAGS_AT)[0]
        if magic != _MAGIC or version < _FIRST_VERSION:
            raise NotWord97("it is of a Word before 97")
        if flags & _ENCRYPTED:
            raise NotWord97("it is locked with a password")
        table = container.openstream("1Table" if flags & _TABLE_ONE else "0Table").read()
        title = _title(container)
    chars = min(unpack_from("<I", main, _CHARS_AT)[0], most_chars)
    return WordText(title, _plain("".join(_pieces(main, _piece_table(main, table), chars))))


def _title(container: olefile.OleFileIO) -> str:
    found = container.get_metadata()
    if not isinstance(found.title, bytes):
        return ""
    encoding = {936: "gb18030", 950: "cp950", 65001: "utf-8"}.get((found.codepage or 0) % 65536, "cp1252")
    return found.title.decode(encoding, "replace").strip("\0 ")


def _piece_table(main: bytes, table: bytes) -> bytes:
    """The PlcPcd of the Clx: first positions, then descriptors."""
    at, length = unpack_from("<II", main, _PIECES_AT)
    clx = table[at : at + length]
    place = 0
    while place < len(clx) and clx[place] == _PROPERTIES:
        place += 3 + unpack_from("<H", clx, place + 1)[0]
    if place >= len(clx) or clx[place] != _PIECE_TABLE:
        raise NotWord97("its table of pieces is damaged")
    size = unpack_from("<I", clx, place + 1)[0]
    return clx[place + 5 : place + 5 + size]


def _pieces(main: bytes, table: bytes, chars: int) -> Iterator[str]:
    """The text of each piece in order, `chars` characters in all: what follows is notes and headers."""
    count = (len(table) - 4) // 12
    starts = [start for (start,) in iter_unpack("<I", table[: 4 * (count + 1)])]
    for number in range(count):
        where = unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)[0]
        length = min(starts[number + 1], chars) - starts[number]
        if length <= 0:
            return
        if where & _COMPRESSED:
            begin = (where & ~_COMPRESSED) // 2
            yield main[begin : begin + length].decode("cp1252", "replace")
        else:
            yield main[where : where + 2 * length].decode("utf-16-le", "replace")


def _plain(text: str) -> str:
    """Paragraphs and rows as lines, cells apart by a space, without field codes and anchors of pictures."""
    for _ in range(_DEEPEST):
        text, changed = _FIELD.subn("", text)
        if not changed:
            break
    text = _ROW_END.sub("\n", text)
    return text.translate(_OTHERS | _MARKS)
