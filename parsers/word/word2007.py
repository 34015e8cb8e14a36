"""Reads the text of Word files since 2007 (`.docx`; ECMA-376 part 1, WordprocessingML) as they unpack.

No tree is built: 26 KB of a file made for it unpack to elements that would fill the memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

MOST_UNPACKED = 20 * 2**20
"""Bytes of the unpacked text part that are read; what comes after is left."""

_TITLE_UNPACKED = 2**16
_MOST_LINES = 100_000
_MOST_COLUMNS = 500
_DEEPEST = 1000
_CHUNK = 2**16
_TEXT_PART = re.compile(r"word/document\d*\.xml")
_TITLE_PART = "docProps/core.xml"
_WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_PASSED_OVER = {"pPr", "rPr", "tblPr", "sectPr", "drawing", "pict", "object", "del", "moveFrom"}
"""What holds no words, or words that were struck out, or a text box, which stands in the file twice."""

_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_AS_TEXT = {"cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Word2007:
    """What a file says: its own title, empty if none; its paragraphs and table rows as lines; whether there is more."""

    title: str
    text: str
    cut: bool


def read_word2007(body: bytes, most_chars: int) -> Word2007:
    """Paragraphs and table rows in their order, the cells of a row joined by a space; at most `most_chars`.

    A cell that is merged with the one above has its text. Raises ValueError for a ZIP file without such a part, and
    what zipfile and lxml raise for damaged ones.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        part = next((name for name in names if _TEXT_PART.fullmatch(name)), None)
        if part is None:
            raise ValueError("it has no text part")
        text = _Text(most_chars)
        cut = _parse(archive, part, text, MOST_UNPACKED)
        title = _Title()
        if _TITLE_PART in names:
            _parse(archive, _TITLE_PART, title, _TITLE_UNPACKED)
    return Word2007("".join(title.said), "\n".join(text.lines)[:most_chars], cut)


def _parse(archive: zipfile.ZipFile, part: str, target: _Text | _Title, most: int) -> bool:
    """Has `target` told of a part, and gives whether it was left before its end."""
    parser: Any = etree.XMLParser(target=target, resolve_entities=False, no_network=True)
    given = 0
    with archive.open(part) as unpacked:
        while piece := unpacked.read(_CHUNK):
            given += len(piece)
            if given > most or target.full:
                return True
            parser.feed(piece)
    parser.close()
    return False


class _Title:
    """Takes the title from a file's properties, as lxml's parser target."""

    full = False

    def __init__(self) -> None:
        self.said: list[str] = []
        self._within = False

    def start(self, tag: str, attributes: Any) -> None:
        self._within = tag == _TITLE

    def end(self, tag: str) -> None:
        self._within = False

    def data(self, text: str) -> None:
        if self._within:
            self.said.append(text)

    def close(self) -> None:
        pass


class _Text:
    """Takes lines from a text part, as lxml's parser target."""

    def __init__(self, most_chars: int) -> None:
        self.lines: list[str] = []
        self._left = most_chars
        self._depth = self._passed_over = 0
        self._in_text = False
        self._paragraph: list[str] = []
        self._tables = 0
        self._row: list[str] = []
        self._cell: list[str] = []
        self._column, self._span, self._merged = 0, 1, False
        self._above: dict[int, str] = {}

    @property
    def full(self) -> bool:
        """Whether there is as much as was asked for."""
        return self._left < 0 or len(self.lines) > _MOST_LINES

    def start(self, tag: str, attributes: Any) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("its elements lie too deep within each other")
        name = _name(tag)
        if self._passed_over or name in _PASSED_OVER or tag == _ALTERNATIVE:
            self._passed_over += 1
        elif name == "t":
            self._in_text = True
        elif name == "br":
            self._say("\n" if _value(attributes, "type") in (None, "textWrapping") else "")
        elif name in _AS_TEXT:
            self._say(_AS_TEXT[name])
        elif name == "tbl":
            self._tables += 1
            if self._tables == 1:
                self._above = {}
        elif self._tables == 1:
            self._start_in_table(name, attributes)

    def _start_in_table(self, name: str, attributes: Any) -> None:
        if name == "tr":
            self._row, self._column = [], 0
        elif name == "tc":
            self._cell, self._span, self._merged = [], 1, False
        elif name == "gridBefore":
            self._column = _number(attributes)
        elif name == "gridSpan":
            self._span = max(_number(attributes), 1)
        elif name == "vMerge":
            self._merged = _value(attributes, "val") in (None, "continue")

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._passed_over:
            self._passed_over -= 1
            return
        name = _name(tag)
        if name == "t":
            self._in_text = False
        elif name == "p":
            said = "".join(self._paragraph)
            self._paragraph = []
            if self._tables:
                self._cell.append(said.replace("\n", " "))
            else:
                self.lines.append(said)
        elif name == "tbl":
            self._tables -= 1
        elif self._tables == 1 and name == "tc":
            said = self._above.get(self._column, "") if self._merged else " ".join(self._cell)
            if self._column < _MOST_COLUMNS:
                self._above[self._column] = said
            self._row.append(said)
            self._column += self._span
        elif self._tables == 1 and name == "tr":
            self.lines.append(" ".join(dict.fromkeys(self._row)))

    def data(self, text: str) -> None:
        if self._in_text and not self._passed_over:
            self._say(text)

    def close(self) -> None:
        pass

    def _say(self, text: str) -> None:
        self._left -= len(text)
        self._paragraph.append(text)


@lru_cache(maxsize=256)
def _name(tag: str) -> str:
    """The local name of an element of WordprocessingML; nothing for others."""
    return next((tag[len(prefix) :] for prefix in _WORD if tag.startswith(prefix)), "")


def _value(attributes: Any, name: str) -> str | None:
    return next((attributes[prefix + name] for prefix in _WORD if prefix + name in attributes), None)


def _number(attributes: Any) -> int:
    value = _value(attributes, "val") or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0
