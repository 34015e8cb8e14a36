"""What a collection has already, so that bringing a file in twice changes nothing."""

from __future__ import annotations

from archive.capture import Capture
from archive.collection import Collection
from archive.digest import sha256
from archive.foreign.incoming import IncomingRecord
from archive.foreign.intake import capture_of, with_new_id
from archive.index import captures
from archive.warc.identities import record_ids


class Held:
    """The records and saved pages of a collection, and those that came since.

    Captures stand in the index. Records of other kinds stand nowhere else, so that the files are read through for
    them, once, when the first of them comes.
    """

    def __init__(self, collection: Collection) -> None:
        held = list(captures(collection)) if collection.indexes.is_dir() else []
        self._collection = collection
        self._record_ids = {capture.record_id for capture in held}
        self._captures = {_identity(capture) for capture in held}
        self._resources = {(capture.url, capture.payload_digest) for capture in held}
        self._whole = False

    def under_its_own_id(self, incoming: IncomingRecord) -> IncomingRecord:
        """The record, under a new id when its own is that of another capture: ids are unique by contract only.

        Rows and references go by the id, so that one of two captures of one id would be lost from every list.
        """
        made = capture_of(incoming)
        if made is None or incoming.record_id not in self._record_ids:
            return incoming
        return incoming if _identity(made("", 0, 0)) in self._captures else with_new_id(incoming)

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
        if made := capture_of(incoming):
            self._captures.add(_identity(made("", 0, 0)))

    def has_page(self, url: str, digest: str) -> bool:
        """Whether these bytes were brought in under this address before."""
        return (url, digest) in self._resources


def _identity(capture: Capture) -> str:
    """What one capture has in common with itself in another file, in few bytes."""
    told = (
        capture.record_id,
        capture.url,
        capture.time.isoformat(),
        capture.record_type,
        capture.payload_digest,
    )
    return sha256("\n".join(told).encode("utf-8", "surrogatepass"))
