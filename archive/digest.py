"""Digests as WARC headers hold them.

We write SHA-256 in hexadecimal in lower case, as Browsertrix does; WARC 1.1 §5.8 leaves the encoding open, and
warcio (`digestverifyingreader._to_b32`), FastWARC and pywb accept it. Others write base 32 or base 64 (RFC 4648), and
algorithm names in several spellings; `agrees` knows them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

AT_IMPORT = "WARC-Digest-At-Import"
"""The header with our own digest of the block of a record of others whose stated digest was wrong when it came."""

_ALGORITHMS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}


def sha256(*parts: bytes) -> str:
    """`sha256:<hex>` of the parts one after the other."""
    return digest_of(parts)


def digest_of(parts: Iterable[bytes]) -> str:
    """`sha256:<hex>` of a stream of bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return f"sha256:{digest.hexdigest()}"


def agrees(stated: str, content: bytes) -> bool | None:
    """Whether a labelled digest such as `sha1:<base 32>` or `sha-256:<hex>` is that of `content`.

    None when its algorithm is not known; a value that is no digest of that algorithm in any encoding does not agree.
    """
    name, _, value = stated.strip().partition(":")
    algorithm = name.lower().replace("-", "")
    if algorithm not in _ALGORITHMS:
        return None
    actual = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    return _value(value.strip(), len(actual)) == actual


def _value(text: str, size: int) -> bytes | None:
    """A digest of `size` bytes out of its hexadecimal, base 32 or base 64 form, told apart by length."""
    bare = text.rstrip("=")
    try:
        if len(text) == 2 * size:
            return bytes.fromhex(text)
        if len(bare) == -(-size * 8 // 5):
            return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
        if len(bare) == -(-size * 8 // 6):
            return base64.urlsafe_b64decode(bare.replace("+", "-").replace("/", "_") + "=" * (-len(bare) % 4))
    except (ValueError, binascii.Error):
        return None
    return None
