"""What a collection has already, so that bringing a file in twice changes nothing."""

from __future__ import annotations

from archive.collection import Collection
from archive.identities import record_ids
from archive.incoming import IncomingRecord
from archive.index import captures


class Held:
    """The records and saved pages of a collection, and those that came since.

    Captures stand in the index. Records of other kinds stand nowhere else, so that the files are read through for
    them, once, when the first of them comes.
    """

    def __init__(self, collection: Collection) -> None:
        held = list(captures(collection)) if collection.indexes.is_dir() else []
        self._collection = collection
        self._record_ids = {capture.record_id for capture in held}
        self._resources = {(capture.url, capture.payload_digest) for capture in held}
        self._whole = False

    def has(self, incoming: IncomingRecord) -> bool:
        """Whether a record of this id is there."""
        if incoming.record_id in self._record_ids:
            return True
        if incoming.response or self._whole:
            return False
        self._record_ids |= record_ids(self._collection)
        self._whole = True
        return incoming.record_id in self._record_ids

    def add(self, incoming: IncomingRecord) -> None:
        """Remembers a record that was brought in."""
        self._record_ids.add(incoming.record_id)

    def has_page(self, url: str, digest: str) -> bool:
        """Whether these bytes were brought in under this address before."""
        return (url, digest) in self._resources
