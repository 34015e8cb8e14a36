"""Source families: one module, or one data file, for each kind of site, found by being in this folder.

A family module defines

- `NAME`: the family's name as stored with each document;
- `PRIORITY`: families are asked in ascending order; 10 for what is recognised by its own structure (WeChat,
  feeds), 50 for named sites, 90 for the generic reader that takes what is left;
- `claims(page, head) -> bool`: whether the page looks like this family's by address, type, first bytes;
- `read(page, head) -> Reading | None`: what the page says; None when it is another family's after all.

To add a family, write its file here and its saved pages in `tests/parsers/pages/<family>/`. Sites that differ from
others only in where their title, text and date stand need no module: a TOML file in `named/` is a family, too.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast
from urllib.parse import urlsplit

from parsers.page import Page, Reading

_START = 65_536


@dataclass(frozen=True, slots=True)
class Head:
    """What a family looks at to claim a page.

    `host` is in lower case, empty for a saved file without an address. `media_type` is the type
    of the Content-Type header without parameters, in lower case. `start` is the first 64 KB of the body
    with its ASCII letters in lower case.
    """

    host: str
    path: str
    query: str
    media_type: str
    start: bytes

    @property
    def is_markup(self) -> bool:
        """Whether the first bytes look like HTML or XML."""
        return b"<" in self.start[:4096] and not self.start.startswith(
            (b"%pdf", b"pk\x03\x04", b"\xd0\xcf\x11\xe0")
        )


class Family(Protocol):
    """The face of a family module."""

    NAME: str
    PRIORITY: int

    def claims(self, page: Page, head: Head) -> bool:
        """Whether the page looks like this family's."""

    def read(self, page: Page, head: Head) -> Reading | None:
        """What the page says, or None when it is another family's after all."""


def head_of(page: Page) -> Head:
    """The parts of a page that families are told apart by."""
    try:
        parts = urlsplit(page.url)
        host, path, query = (parts.hostname or "").lower(), parts.path, parts.query
    except ValueError:
        host, path, query = "", "", ""
    media_type = page.content_type.partition(";")[0].strip().lower()
    return Head(host, path, query, media_type, page.body[:_START].lower())


@cache
def families() -> tuple[Family, ...]:
    """Every family module in this folder and every family of named sites, in the order they are asked."""
    names = (module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found = [cast(Family, module) for module in modules if hasattr(module, "PRIORITY")]
    found += import_module(f"{__name__}.named").named_sites()
    return tuple(sorted(found, key=lambda family: (family.PRIORITY, family.NAME)))
