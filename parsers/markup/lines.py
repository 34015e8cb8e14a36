"""Pieces of text on their way to becoming paragraphs: the rules for white space, in one place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Image

LINE = "\n"
CELL = "\x01"
_PICTURE = "\x00"
_SOURCE_BREAK = "\r"
_CHINESE = "[\u2e80-\u9fff\uff01-\uff60]"

_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u180e]")
_BREAK_IN_SOURCE = re.compile(rf"(?<={_CHINESE}) *\r[ \r]*(?={_CHINESE})")
_SPACES = re.compile("[ \t\r\f\v\u0085\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_SEPARATORS = re.compile("[\u2028\u2029]")
_ANY_SPACE = re.compile(r"\s+")
_CELL_EDGE = re.compile(f" *{CELL} *")


def one_line(text: str) -> str:
    """Text as a title or name: zero-width characters out, white space collapsed, ends trimmed."""
    return _ANY_SPACE.sub(" ", _ZERO_WIDTH.sub("", text)).strip()


class Lines:
    """Gathers pieces of text, line and cell borders and pictures; settles white space once, at the end.

    Zero-width characters go; every run of spaces, no-break and ideographic spaces becomes one space; a line
    break in the source becomes a space, or nothing between two Chinese characters; empty lines go.
    """

    __slots__ = ("_pictures", "_pieces")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._pictures: list[tuple[str, str]] = []

    def border(self, piece: str) -> None:
        """Adds a `LINE`, a `CELL` border or a space."""
        self._pieces.append(piece)

    def text(self, text: str) -> None:
        """Adds text as HTML flows it: its own line breaks mean no more than spaces."""
        self._pieces.append(text.replace("\n", _SOURCE_BREAK))

    def preformatted(self, text: str) -> None:
        """Adds text whose own line feeds are lines."""
        self._pieces.append(text.replace(_PICTURE, ""))

    def picture(self, address: str | None, alt: str) -> None:
        """Adds a picture where it stands; nothing when it has no address."""
        if address:
            self._pictures.append((address, one_line(alt)))
            self._pieces.append(_PICTURE)

    def settle(self) -> tuple[str, tuple[Image, ...]]:
        """The paragraphs, one line feed between them, and the pictures by the offset they follow."""
        paragraphs: list[str] = []
        images: list[Image] = []
        pictures = iter(self._pictures)
        length = 0
        for line in self._joined().split(LINE):
            text = _trimmed(line.replace(_PICTURE, ""))
            start = length + 1 if paragraphs and text else length
            if _PICTURE in line:
                images.extend(Image(*next(pictures), start + offset) for offset in _offsets(line, text))
            if text:
                length = start + len(text)
                paragraphs.append(text)
        return LINE.join(paragraphs), tuple(images)

    def _joined(self) -> str:
        joined = "".join(self._pieces)
        if _SOURCE_BREAK in joined:
            joined = _BREAK_IN_SOURCE.sub("", joined)
        return _SPACES.sub(" ", _ZERO_WIDTH.sub("", _LINE_SEPARATORS.sub(LINE, joined)))


def _trimmed(line: str) -> str:
    return (_CELL_EDGE.sub("\t", line) if CELL in line else line).strip()


def _offsets(line: str, text: str) -> Iterator[int]:
    """Where in the trimmed text each picture of the line stands, never beyond its end."""
    seen = ""
    for piece in line.split(_PICTURE)[:-1]:
        seen += piece
        yield min(len(_trimmed(seen)), len(text))
