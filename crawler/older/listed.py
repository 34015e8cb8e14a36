"""A capture that a web archive lists, and which of many are worth having."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

KEPT_PAGES = ("200", "")
"""Statuses of captures that may hold the page itself; a TimeMap states none."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One capture in the list of a web archive.

    `source_uri` is where its bytes are: the address of the capture as it was received, or the WARC file with
    `offset` and `length` of the record in it. `digest` reads as in a WARC header, empty when the list has none.
    """

    url: str
    time: datetime
    source_uri: str
    status: str = ""
    mime: str = ""
    digest: str = ""
    offset: int | None = None
    length: int | None = None

    @property
    def named(self) -> str:
        """The source with the range of bytes, which tells it from every other."""
        if self.offset is None or self.length is None:
            return self.source_uri
        return f"{self.source_uri}#bytes={self.offset}-{self.offset + self.length - 1}"


def worth_having(listed: Iterable[Listed], most: int, held: Collection[str] = ()) -> list[Listed]:
    """At most `most` different versions of a page: the earliest, the latest, then those between, oldest first.

    What a digest shows to be the same counts once. `held` names the sources that were fetched before; they count
    towards `most`, so that asking again fetches nothing more.
    """
    usable = sorted(
        (each for each in listed if each.status in KEPT_PAGES and each.mime != "warc/revisit"),
        key=lambda each: (each.time, each.named),
    )
    versions: dict[str, Listed] = {}
    for each in usable:
        versions.setdefault(each.digest or each.named, each)
    inner = list(versions.values())
    if len(inner) > most:
        inner = [inner[0], *([inner[-1]] if most > 1 else []), *inner[1:-1]][:most]
    return [each for each in sorted(inner, key=lambda each: each.time) if each.named not in held]
