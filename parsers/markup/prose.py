"""The text of an element in the order a reader meets it, with its pictures."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from lxml import etree
from lxml.html import HtmlElement

from parsers.document import Image
from parsers.markup.html import absolute
from parsers.markup.lines import CELL, LINE, Lines, one_line

__all__ = ["Prose", "one_line", "picture_address", "plain", "prose"]

_RULES = {
    key: value.split()
    for key, value in tomllib.loads(files("parsers.markup").joinpath("prose.toml").read_text("utf-8")).items()
}
_BLOCKS, _SILENT = frozenset(_RULES["blocks"]), frozenset(_RULES["silent"])
_SOURCES = tuple(_RULES["picture_attributes"])
_CELLS = frozenset(("td", "th"))
_LONG_CELL = 160
_LONGEST_STYLE = 4000
_HIDING = tuple(
    (word, re.compile(pattern))
    for word, pattern in (
        ("display", r"display\s{0,3}:\s{0,3}none"),
        ("visibility", r"visibility\s{0,3}:\s{0,3}hidden"),
        ("opacity", r"opacity\s{0,3}:\s{0,3}0(?![.\d]{0,9}[1-9])"),
    )
)
_FONT_SIZE = re.compile(
    r"font-size\s{0,3}:\s{0,3}(?:(?P<none>0(?![.\d]{0,9}[1-9]))|[.\d]{1,9}\s{0,2}(?P<relative>em|%))?"
)
_BACKGROUND = re.compile(r"url\(\s{0,3}[\"']?([^\"')\s]{8,2000})")


@dataclass(frozen=True, slots=True)
class Prose:
    """Text with one line feed between paragraphs, and the pictures in it by the offset they follow."""

    text: str
    images: tuple[Image, ...] = ()


def prose(
    root: HtmlElement,
    base_url: str = "",
    *,
    hidden_ids: frozenset[str] = frozenset(),
    backgrounds: bool = False,
) -> Prose:
    """What a reader sees below `root`; whether `root` itself is hidden does not matter.

    Scripts, styles, form controls, what a `style` or `hidden` attribute hides and elements
    with one of `hidden_ids` are left out. White space is settled by the rules of `Lines`; full-width letters,
    digits and punctuation stay as they are. A table is read row by row, a line each, its cells joined by one
    tab; a table that only lays out long text keeps that text's paragraphs. With `backgrounds`, pictures that
    CSS puts behind text count as pictures.
    """
    walk = _Walk(base_url, backgrounds)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        seen = isinstance(element.tag, str) and (element is root or element.tag not in _SILENT)
        if event == "end":
            if seen:
                walk.leave(element)
            if element is not root and element.tail:
                walk.add(element.tail)
            continue
        style = _style_of(element)
        if not seen or (element is not root and _left_out(element, style, hidden_ids)):
            walker.skip_subtree()
        else:
            walk.enter(element, style)
    return Prose(*walk.lines.settle())


def plain(text: str) -> str:
    """Text that is not markup, under the same rules: its own line feeds separate paragraphs."""
    lines = Lines()
    lines.preformatted(text)
    return lines.settle()[0]


@dataclass(frozen=True, slots=True)
class _Style:
    """What a `style` attribute means for the text below it.

    `sized` says whether it gives text a size: False for none, None when it leaves that to its parent.
    """

    hides: bool = False
    sized: bool | None = None
    backgrounds: tuple[str, ...] = ()


_UNSTYLED = _Style()


def _style_of(element: HtmlElement) -> _Style:
    style = element.get("style")
    return _styled(style[:_LONGEST_STYLE]) if style else _UNSTYLED


@lru_cache(maxsize=1024)
def _styled(style: str) -> _Style:
    """Kept, because editors write the same style on every paragraph."""
    lowered = style.lower()
    size = _FONT_SIZE.search(lowered)
    return _Style(
        any(word in lowered and pattern.search(lowered) for word, pattern in _HIDING),
        None if size is None or size["relative"] else size["none"] is None,
        tuple(_BACKGROUND.findall(style)),
    )


def _left_out(element: HtmlElement, style: _Style, hidden_ids: frozenset[str]) -> bool:
    """Whether its own attributes keep an element and all below it from being seen."""
    if style.hides or element.get("hidden") is not None:
        return True
    return bool(hidden_ids) and element.get("id") in hidden_ids


def picture_address(element: HtmlElement, base_url: str) -> str | None:
    """Where an `<img>` really points: lazy-loading attributes come before a placeholder `src`."""
    candidates = (absolute(element.get(name) or "", base_url) for name in _SOURCES)
    return next((address for address in candidates if address), None)


class _Walk:
    """What is known of the elements around the one at hand."""

    __slots__ = ("_backgrounds", "_base", "_data_rows", "_preformatted", "_sizes", "lines")

    def __init__(self, base_url: str, backgrounds: bool) -> None:
        self._base, self._backgrounds = base_url, backgrounds
        self._data_rows = self._preformatted = 0
        self._sizes: list[tuple[HtmlElement, bool]] = []
        self.lines = Lines()

    def enter(self, element: HtmlElement, style: _Style) -> None:
        tag = element.tag
        if tag == "img":
            self.lines.picture(picture_address(element, self._base), element.get("alt") or "")
        elif tag == "br":
            self._line()
        elif tag == "tr":
            self._line()
            self._data_rows += self._data_rows > 0 or _is_data_row(element)
        elif tag in _CELLS:
            if not self._data_rows:
                self._line()
        elif tag in _BLOCKS:
            self._line()
            self._preformatted += tag == "pre"
        if style.sized is not None:
            self._sizes.append((element, style.sized))
        if self._backgrounds:
            for address in style.backgrounds:
                self.lines.picture(absolute(address, self._base), "")
        if element.text:
            self.add(element.text)

    def leave(self, element: HtmlElement) -> None:
        if self._sizes and self._sizes[-1][0] is element:
            self._sizes.pop()
        tag = element.tag
        if tag in _CELLS:
            self.lines.border(CELL if self._data_rows else LINE)
        elif tag == "tr":
            self._data_rows -= self._data_rows > 0
            self._line()
        elif tag in _BLOCKS:
            self._line()
            self._preformatted -= tag == "pre" and self._preformatted > 0

    def add(self, text: str) -> None:
        if self._sizes and not self._sizes[-1][1]:
            return
        if self._preformatted:
            self.lines.preformatted(text)
        else:
            self.lines.text(text)

    def _line(self) -> None:
        """A new line, except amid a row of data, which stays on one."""
        self.lines.border(" " if self._data_rows else LINE)


def _is_data_row(row: HtmlElement) -> bool:
    cells = [cell for cell in row if cell.tag in _CELLS]
    if len(cells) < 2:
        return False
    return not any(
        cell.find(".//table") is not None or sum(map(len, cell.itertext())) > _LONG_CELL for cell in cells
    )
