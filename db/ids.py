"""Ids made from what a row is about, so that a rebuilt store has the same ids as the one it replaces."""

from __future__ import annotations

import hashlib
import unicodedata

DIGITS = 16
"""Hexadecimal digits of an id: 64 bits, so that a billion rows share one with a chance of 3 in 100."""


def row_id(prefix: str, *identity: object) -> str:
    """The id of the row with this identity, such as `obs-9f86d081884c7d65`."""
    told = "\x1f".join("" if part is None else str(part) for part in identity)
    return f"{prefix}-{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:DIGITS]}"


def number_of(identifier: str) -> int:
    """An id as a positive 63-bit integer, for indexes that know rows by number."""
    return int(identifier.rpartition("-")[2], 16) >> 1


def text_digest(text: str) -> str:
    """The digest by which two texts are the same: white space, width and the invisible do not count."""
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))
    return "sha256:" + hashlib.sha256(kept.encode("utf-8", "surrogatepass")).hexdigest()
