"""The meta tags of a page, read as leniently as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"(?<=[\u3000-\u9fff])\s*[\r\n]\s*(?=[\u3000-\u9fff])")
_KEYS = ("name", "property", "itemprop", "http-equiv")
_VALUES = ("content", "value")


@dataclass(frozen=True, slots=True)
class Metas:
    """Values by folded name; for a name given several times, the first non-empty value.

    Names are folded to lower case without white space, because real pages write `og: webtype`, `Sitename`
    and `contentSource` (PAGES.md §5.1).
    """

    values: Mapping[str, str]

    def get(self, *names: str) -> str | None:
        """The first non-empty value under any of the names, in the order of the names."""
        return next((self.values[name] for name in map(fold, names) if name in self.values), None)

    def named(self, *names: str) -> Iterator[tuple[str, str]]:
        """(name, value) for those of the names that have a value, in the order of the names."""
        return ((name, self.values[fold(name)]) for name in names if fold(name) in self.values)


def fold(name: str) -> str:
    """A meta name as it is compared."""
    return _SPACES.sub("", name).lower()


def metas_of(dom: HtmlElement) -> Metas:
    """The meta tags anywhere in the document: includes put them into `<body>` too."""
    values: dict[str, str] = {}
    for element in dom.iter("meta"):
        value = next((element.get(key) for key in _VALUES if element.get(key)), None)
        text = _SPACES.sub(" ", _BREAK.sub("", value or "")).strip()
        if not text:
            continue
        for key in _KEYS:
            name = element.get(key)
            if name:
                values.setdefault(fold(name), text)
    return Metas(values)
