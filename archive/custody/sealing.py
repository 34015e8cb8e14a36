"""What the custody log says of a sealed WARC file: its digest, and the root of a Merkle tree over its records.

The tree's leaves are the gzip members of the file in their order, as they stand on disk (RFC 6962 §2.1). One record
can so be shown to have been in the file without the rest of it: a package for others holds a few records of many.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO

from archive.custody.merkle import leaf_hash, root
from archive.warc.gzipmember import member_ends


def sealed_subject(collection: str, path: Path) -> dict[str, str | int]:
    """The subject of a file's entry in the custody log."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        leaves = [leaf for _, leaf in member_hashes(content)]
    return {
        "collection": collection,
        "file": path.name,
        "bytes": path.stat().st_size,
        "sha256": digest,
        "records": len(leaves),
        "records_root": root(leaves).hex(),
    }


def member_hashes(content: IO[bytes]) -> list[tuple[int, bytes]]:
    """Offset and leaf hash of each gzip member of a file, up to where it ends or is damaged."""
    found = []
    for offset, end, _ in member_ends(content):
        content.seek(offset)
        found.append((offset, leaf_hash(content.read(end - offset))))
    return found
