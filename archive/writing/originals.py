"""The earlier captures that later ones may repeat: payload digest to place, across the whole collection."""

from __future__ import annotations

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import ArchiveError
from archive.exchange import Original
from archive.index import captures
from archive.reader import read_original


class Originals:
    """Finds the first response with a payload.

    Memory: one entry of about 150 bytes for each distinct payload; the rest stays on disk. Captures of the batch that
    is being written are held whole, because their bytes cannot be read back yet.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._files: list[str] = []
        self._numbers: dict[str, int] = {}
        self._places: dict[bytes, tuple[int, int]] = {}
        self._in_batch: dict[str, Original] = {}
        for capture in captures(collection):
            self._place(capture)

    def of(self, digest: str) -> Original | None:
        """The capture whose payload has this digest; None also when its file is not here any more."""
        if original := self._in_batch.get(digest):
            return original
        place = self._places.get(_bytes_of(digest))
        if place is None:
            return None
        try:
            return read_original(self._collection, self._files[place[0]], place[1])
        except ArchiveError:
            # Better a payload twice than a revisit of one that nobody can read.
            return None

    def remember(self, capture: Capture) -> None:
        """Takes a capture of the batch as the original of its payload, unless an earlier one is known."""
        if self._place(capture):
            self._in_batch[capture.payload_digest] = Original(capture.record_id, capture.url, capture.time)

    def forget(self, capture: Capture) -> None:
        """Takes back `remember`, when the capture was not written after all."""
        digest = _bytes_of(capture.payload_digest)
        if self._places.get(digest) == (self._number(capture.file), capture.offset):
            del self._places[digest]

    def settle(self) -> None:
        """Ends the batch: what was remembered is on disk now, or forgotten."""
        self._in_batch.clear()

    def _place(self, capture: Capture) -> bool:
        if capture.record_type != "response" or capture.truncated:
            return False
        place = (self._number(capture.file), capture.offset)
        return self._places.setdefault(_bytes_of(capture.payload_digest), place) == place

    def _number(self, file: str) -> int:
        if file not in self._numbers:
            self._numbers[file] = len(self._files)
            self._files.append(file)
        return self._numbers[file]


def _bytes_of(digest: str) -> bytes:
    name, _, value = digest.partition(":")
    return bytes.fromhex(value) if name == "sha256" and len(value) == 64 else digest.encode()
