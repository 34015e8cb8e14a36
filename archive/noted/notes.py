"""What our own metadata records say (WARC 1.1 §6.5): the fields of their `application/warc-fields` blocks."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass

from archive.errors import BrokenRecord
from archive.foreign.incoming import IncomingRecord
from archive.reader import parse_record
from archive.warc.warcformat import OF_OTHERS

_LINE_END = re.compile(r"\r?\n")


@dataclass(frozen=True, slots=True)
class Notes:
    """A metadata record: its WARC header fields by name in lower case, and what it tells, in its order."""

    headers: Mapping[str, str]
    told: tuple[tuple[str, str], ...]

    @property
    def fields(self) -> Mapping[str, str]:
        """What it tells, by name; of a name that comes several times the last value."""
        return dict(self.told)


def notes_in(record: IncomingRecord) -> Notes | None:
    """What a record tells; None for one of another kind, for one that was imported, and for one that is damaged."""
    if record.kind != "metadata":
        return None
    try:
        headers, block = parse_record(gzip.decompress(record.raw), record.where)
    except BrokenRecord:
        return None
    named = {name.lower(): value for name, value in headers}
    if OF_OTHERS.lower() in named:
        return None
    pairs = (line.partition(":") for line in _LINE_END.split(block.decode("utf-8", "replace")))
    return Notes(
        named, tuple((name.strip(), value.removeprefix(" ")) for name, separator, value in pairs if separator)
    )
