"""The records of a WARC file that a package of some of its captures takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from archive.errors import BrokenRecord
from archive.reader import warc_fields
from archive.warc.gzipmember import expand, whole_records

MAX_HEAD_BYTES = 1 << 24
"""Of a record's WARC headers; one with more is passed over as if it were damaged."""

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Member:
    """A record by its id, with its place in the file, in bytes."""

    record_id: str
    offset: int
    length: int


def chosen_members(warc: IO[bytes], name: str, wanted: Mapping[str, int]) -> Iterator[Member]:
    """The records that are wanted, by id and offset, of the file `name`; their requests and metadata; its `warcinfo`.

    What is damaged is passed over, and what follows it is found.
    """
    for offset, end, head in whole_records(warc):
        try:
            field = _fields(warc, name, offset, head)
        except BrokenRecord:
            continue
        identity = _bare(field.get("warc-record-id"))
        concurrent = _bare(field.get("warc-concurrent-to"))
        # Within a damaged record may lie one that a site served, under the id of one of ours.
        if wanted.get(identity) == offset or concurrent in wanted or field.get("warc-type") == "warcinfo":
            yield Member(identity, offset, end - offset)


def _fields(warc: IO[bytes], name: str, offset: int, head: bytes) -> dict[str, str]:
    """The WARC headers of a record that begins with `head`, which may end within them."""
    where = f"{name} at byte {offset}"
    if _END not in head:
        head = b""
        for piece in expand(warc, offset, where=where, limit=MAX_HEAD_BYTES):
            ended = _END in head[-len(_END) :] + piece
            head += piece
            if ended:
                break
    return {key.lower(): value for key, value in warc_fields(head, where)[0]}


def _bare(record_id: str | None) -> str:
    return (record_id or "").strip().removeprefix("<").removesuffix(">")
