"""Articles in several pages: every part reads as the whole, put together from what is archived."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import ArchiveError
from archive.index import lookup
from archive.reader import read_capture
from parsers import read
from parsers.document import Document
from parsers.identity import page_key
from parsers.joining import join
from parsers.page import LinkRole, Page, PageKind, Reading

MOST_PARTS = 40

Read = tuple[Capture, Reading]
"""A capture of a part, and its own reading."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The reading that all parts share, and the captures of the parts, with those that have the same bytes."""

    reading: Reading
    parts: tuple[Capture, ...]


def is_part(reading: Reading) -> bool:
    """Whether an article goes on in another page, or is the continuation of one."""
    onward = any(link.role is LinkRole.NEXT for link in reading.links)
    return reading.kind is PageKind.ARTICLE and (reading.part_of is not None or onward)


def whole_of(collection: Collection, capture: Capture, reading: Reading) -> Whole | None:
    """The article that `capture` is a part of, with the captures nearest in time of the other parts.

    None when no other part is archived: then the part stands for itself.
    """
    first = (capture, reading)
    if reading.part_of is not None:
        found = _nearest(collection, reading.part_of, capture)
        if found is None or found[1].part_of is not None:
            return None
        first = found
    parts = _from_first(collection, first, (capture, reading))
    if len(parts) < 2 or capture.record_id not in {part.record_id for part, _ in parts}:
        return None
    documents = [(part.url, each.document) for part, each in parts if each.document is not None]
    same = {
        each.record_id: each
        for part, _ in parts
        for each in lookup(collection, part.url)
        if each.payload_digest == part.payload_digest
    }
    return Whole(_joined(parts, join(documents)), tuple(same.values()))


def _joined(parts: list[Read], document: Document) -> Reading:
    first = parts[0][1]
    links = {link.url: link for _, each in parts for link in each.links if link.role is not LinkRole.NEXT}
    return replace(
        first,
        canonical_url=first.canonical_url or parts[0][0].url,
        document=document,
        links=tuple(links.values()),
        warnings=tuple(dict.fromkeys(warning for _, each in parts for warning in each.warnings)),
    )


def _from_first(collection: Collection, first: Read, asked: Read) -> list[Read]:
    """The parts from the first on, each by the capture nearest in time to the first's, but `asked` in its place."""
    parts = [first]
    if first[1].document is None:
        return parts
    key, own = page_key(first[0].url), page_key(asked[0].url)
    seen = {key}
    while len(parts) < MOST_PARTS:
        onward = next((link.url for link in parts[-1][1].links if link.role is LinkRole.NEXT), None)
        if onward is None or page_key(onward) in seen:
            break
        seen.add(page_key(onward))
        found = asked if page_key(onward) == own else _nearest(collection, onward, first[0])
        if found is None or found[1].part_of is None or page_key(found[1].part_of) != key:
            break
        parts.append(found)
    return parts


def _nearest(collection: Collection, url: str, to: Capture) -> Read | None:
    """The capture of an article at `url` nearest in time, read; None when there is none that can be read."""
    candidates = [each for each in lookup(collection, url) if each.status in (200, None)]
    for capture in sorted(candidates, key=lambda each: (abs(each.time - to.time), each.record_id)):
        try:
            stored = read_capture(collection, capture.file, capture.offset)
            body = stored.decoded()
        except ArchiveError:
            continue
        page = Page(capture.url, body, capture.status or 200, stored.mime or capture.mime, capture.time)
        reading = read(page)
        if reading.kind is PageKind.ARTICLE and reading.document is not None:
            return capture, reading
    return None
