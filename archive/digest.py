"""SHA-256 digests as WARC headers hold them.

Hexadecimal in lower case, as Browsertrix writes it; WARC 1.1 §5.8 leaves the encoding open, and
warcio, FastWARC and pywb accept it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def sha256(*parts: bytes) -> str:
    """`sha256:<hex>` of the parts one after the other."""
    return digest_of(parts)


def digest_of(parts: Iterable[bytes]) -> str:
    """`sha256:<hex>` of a stream of bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return f"sha256:{digest.hexdigest()}"
