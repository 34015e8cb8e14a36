"""Which code made what is kept: a reading, claims, sums."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def reader_version() -> str:
    """The digest of everything in `parsers/`, code and lexicons: it changes exactly when a reading might."""
    return digest_of("parsers")


def digest_of(*packages: str) -> str:
    """Twelve hexadecimal digits that change with any file of the packages, or of those within them."""
    digest = hashlib.sha256()
    for package in packages:
        for name, content in sorted(_contents(files(package), "")):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:12]


def _contents(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                found += _contents(entry, f"{path}{entry.name}/")
        elif not entry.name.endswith((".pyc", ".pyo")):
            found.append((path + entry.name, entry.read_bytes()))
    return found
