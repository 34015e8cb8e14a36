"""The text of an element in the order a reader meets it, with its pictures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from lxml import etree
from lxml.html import HtmlElement

from parsers.document import Image
from parsers.html import absolute

_RULES = {
    key: value.split()
    for key, value in tomllib.loads(files("parsers").joinpath("prose.toml").read_text("utf-8")).items()
}
_BLOCKS, _SILENT = frozenset(_RULES["blocks"]), frozenset(_RULES["silent"])
_SOURCES = tuple(_RULES["picture_attributes"])
_CELLS = frozenset(("td", "th"))
_HIDING = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|opacity\s{0,3}:\s{0,3}0(?![.\d]*[1-9])"
    r"|font-size\s{0,3}:\s{0,3}0(?![.\d]*[1-9])"
)
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u180e]")
_BREAK_IN_SOURCE = re.compile(
    r"(?<=[\u2e80-\u9fff\uff01-\uff60])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[\u2e80-\u9fff\uff01-\uff60])"
)
_SPACE_KEEPING_LINES = re.compile("[ \r\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SPACE = re.compile("[ \r\n\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_CELL_EDGE = re.compile(" *\t *")
_PICTURE = "\x00"
_LINE = "\n"
_LONG_CELL = 160


@dataclass(frozen=True, slots=True)
class Prose:
    """Text with one line feed between paragraphs, and the pictures in it by the offset they follow."""

    text: str
    images: tuple[Image, ...] = ()


def prose(root: HtmlElement, base_url: str = "", *, hidden_classes: frozenset[str] = frozenset()) -> Prose:
    """What a reader sees below `root`; whether `root` itself is hidden does not matter.

    Scripts, styles, form controls and what CSS hides (in `style`, `hidden` or one of `hidden_classes`) are
    left out. Zero-width characters go; every run of spaces, no-break and ideographic spaces becomes one
    space, and a line break in the source between two Chinese characters becomes nothing. Full-width letters,
    digits and punctuation stay as they are. A table is read row by row, a line each, its cells joined by one
    tab; a table that only lays out long text keeps that text's paragraphs.
    """
    collected = _Collector(base_url)
    walker = etree.iterwalk(root, events=("start", "end"))
    flat_rows = 0
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or (
                element is not root and (tag in _SILENT or hidden(element, hidden_classes))
            ):
                walker.skip_subtree()
                continue
            if tag == "img":
                collected.picture(element)
            elif tag == "br":
                collected.add(" " if flat_rows else _LINE)
            elif tag == "tr":
                flat_rows += 1 if flat_rows or _is_data_row(element) else 0
                collected.add(_LINE if flat_rows < 2 else " ")
            elif tag in _CELLS:
                if not flat_rows:
                    collected.add(_LINE)
            elif tag in _BLOCKS:
                collected.add(" " if flat_rows else _LINE)
            if element.text:
                collected.add_text(element.text)
            continue
        if isinstance(tag, str) and not (element is not root and tag in _SILENT):
            if tag in _CELLS:
                collected.add("\t" if flat_rows else _LINE)
            elif tag == "tr":
                flat_rows -= 1 if flat_rows else 0
                collected.add(_LINE if not flat_rows else " ")
            elif tag in _BLOCKS:
                collected.add(" " if flat_rows else _LINE)
        if element is not root and element.tail:
            collected.add_text(element.tail)
    return collected.prose()


def plain(text: str) -> str:
    """Text that is not markup, under the same rules: its own line feeds separate paragraphs."""
    collected = _Collector("")
    for line in text.splitlines():
        collected.add_text(line)
        collected.add(_LINE)
    return collected.prose().text


def one_line(text: str) -> str:
    """Text as a title or name: zero-width characters out, white space collapsed, ends trimmed."""
    return _SPACE.sub(" ", _ZERO_WIDTH.sub("", text).replace("\t", " ")).strip()


def hidden(element: HtmlElement, hidden_classes: frozenset[str] = frozenset()) -> bool:
    """Whether CSS keeps this element itself from being seen."""
    style = element.get("style")
    if style and _HIDING.search(style[:2000].lower()):
        return True
    if element.get("hidden") is not None:
        return True
    return bool(hidden_classes) and not hidden_classes.isdisjoint((element.get("class") or "").split())


def picture_address(element: HtmlElement, base_url: str) -> str | None:
    """Where an `<img>` really points: lazy-loading attributes come before a placeholder `src`."""
    candidates = (absolute(element.get(name) or "", base_url) for name in _SOURCES)
    return next((address for address in candidates if address), None)


def _is_data_row(row: HtmlElement) -> bool:
    cells = [cell for cell in row if cell.tag in _CELLS]
    if len(cells) < 2:
        return False
    return not any(
        cell.find(".//table") is not None or sum(map(len, cell.itertext())) > _LONG_CELL for cell in cells
    )


class _Collector:
    """Gathers pieces of text and marks for lines and pictures; settles white space once at the end."""

    __slots__ = ("_base", "_pictures", "_pieces")

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        self._pieces: list[str] = []
        self._pictures: list[tuple[str, str]] = []

    def add(self, piece: str) -> None:
        self._pieces.append(piece)

    def add_text(self, text: str) -> None:
        if "\n" in text or "\r" in text:
            text = _BREAK_IN_SOURCE.sub("", text).replace("\n", " ").replace("\r", " ")
        self._pieces.append(
            text.replace("\t", " ").replace("\u2028", _LINE).replace("\u2029", _LINE).replace(_PICTURE, "")
        )

    def picture(self, element: HtmlElement) -> None:
        address = picture_address(element, self._base)
        if address:
            self._pictures.append((address, one_line(element.get("alt") or "")))
            self._pieces.append(_PICTURE)

    def prose(self) -> Prose:
        joined = _SPACE_KEEPING_LINES.sub(" ", _ZERO_WIDTH.sub("", "".join(self._pieces)))
        paragraphs: list[str] = []
        images: list[Image] = []
        pictures = iter(self._pictures)
        length = 0
        for line in joined.split(_LINE):
            text = _settled(line)
            if _PICTURE in text:
                text, offsets = _without_pictures(text)
                start = length + (1 if paragraphs and text else 0)
                images.extend(
                    Image(*next(pictures), offset=(start if text else length) + offset) for offset in offsets
                )
            if text:
                length += len(text) + (1 if paragraphs else 0)
                paragraphs.append(text)
        return Prose(_LINE.join(paragraphs), tuple(images))


def _settled(line: str) -> str:
    return (_CELL_EDGE.sub("\t", line) if "\t" in line else line).strip()


def _without_pictures(line: str) -> tuple[str, tuple[int, ...]]:
    """The line without its picture marks, and where in it they stood."""
    return _settled(_CELL_EDGE.sub("\t", line.replace(_PICTURE, ""))), tuple(_positions(line))


def _positions(line: str) -> Iterator[int]:
    settled = _settled(line.replace(_PICTURE, ""))
    seen = 0
    for piece in line.split(_PICTURE)[:-1]:
        seen += len(piece)
        yield min(seen, len(settled))
