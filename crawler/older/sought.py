"""A page that is looked up, and how far that is."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.capture import Capture
from crawler.older.listed import Listed
from workspace.web_archive import WebArchive


@dataclass(slots=True)
class Sought:
    """A page that web archives are asked for.

    `waiting` counts archives that have not answered, `listed` what those have that did. `captures` are those that
    came in now, `held` how many were had before; `problems` are sentences.
    """

    url: str
    waiting: int = 0
    listed: list[tuple[WebArchive, Listed]] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    held: int = 0
    problems: list[str] = field(default_factory=list)
