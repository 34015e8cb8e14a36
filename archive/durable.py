"""Writes small files so that they are there whole, or not at all, whatever happens meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

from archive.locking import sync_folder


def write_durably(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Puts a file in the place of another, in one step, and onto the disk."""
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
    sync_folder(path.parent)
