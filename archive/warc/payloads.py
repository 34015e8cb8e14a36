"""What the payload of a record may be, for comparing it with the digest that the record states."""

from __future__ import annotations

from collections.abc import Iterator

from archive.coding import dechunked
from archive.digest import agrees


def has_payload(block: bytes, content_type: str, stated: str) -> bool:
    """Whether a record's payload is that of the digest `stated`; a digest of an unknown algorithm is believed."""
    return any(agrees(stated, payload) is not False for payload in _payloads(block, content_type))


def _payloads(block: bytes, content_type: str) -> Iterator[bytes]:
    """Some tools take the digest before chunk framing is taken off."""
    if not content_type.lower().startswith("application/http"):
        yield block
        return
    body = block.partition(b"\r\n\r\n")[2]
    yield body
    yield dechunked(body)
