"""Ids made from what a row is about, so that a rebuilt store has the same ids as the one it replaces."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

DIGITS = 16
"""Hexadecimal digits of an id: 64 bits, so that a billion rows share one with a chance of 3 in 100."""


def row_id(prefix: str, *identity: object) -> str:
    """The id of the row with this identity, such as `obs-9f86d081884c7d65`."""
    told = "\x1f".join(["" if part is None else str(part) for part in identity])
    return f"{prefix}-{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:DIGITS]}"


def number_of(identifier: str) -> int:
    """An id as a positive 63-bit integer, for indexes that know rows by number."""
    return int(identifier.rpartition("-")[2], 16) >> 1


_UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]+"
)
"""White space, control and format characters (Unicode categories Cc and Cf)."""


@lru_cache(maxsize=256)
def text_digest(text: str) -> str:
    """The digest by which two texts are the same: white space, width and the invisible do not count.

    Remembered for a batch's texts: a document's is asked for several times while it is written.
    """
    kept = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return "sha256:" + hashlib.sha256(kept.encode("utf-8", "surrogatepass")).hexdigest()
