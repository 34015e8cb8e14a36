"""The ids of all records of a collection, also of those that the index does not list: requests, metadata, warcinfo."""

from __future__ import annotations

import re

from archive.collection import Collection
from archive.warc.gzipmember import member_ends

_RECORD_ID = re.compile(rb"^WARC-Record-ID:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


def record_ids(collection: Collection) -> set[str]:
    """Every WARC-Record-ID, without angle brackets, of the records before any damage.

    Reads each local file through, not those that only the store has, at about the speed at which it is decompressed.
    """
    found: set[str] = set()
    for path in collection.warcs():
        with path.open("rb") as source:
            for _, _, start in member_ends(source):
                stated = _RECORD_ID.search(start.partition(b"\r\n\r\n")[0])
                if stated:
                    found.add(stated[1].decode("utf-8", "replace").strip().strip("<>"))
    return found
