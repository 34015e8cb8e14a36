"""Which addresses are stores: those that keep what is put there when the local copy is deleted."""

from __future__ import annotations

import re
from pathlib import Path

from archive.errors import StorageFailed
from archive.storage import MOUNTED, Store

_IN_S3 = re.compile(r"s3://[^/\s]+(/[^\s]*)?")


def store_at(url: str, endpoint: str, outside: Path) -> Store:
    """The store that the settings name: in S3, or a folder on a mounted disk that is not in the folder `outside`.

    Raises StorageFailed for any other: what it holds might be gone with the command (`memory://`), or be in a folder
    that depends on where the command was typed.
    """
    if _IN_S3.fullmatch(url):
        return Store(url, endpoint)
    mounted = Path(url.removeprefix(MOUNTED))
    if not url.startswith(MOUNTED) or not mounted.is_absolute():
        raise StorageFailed(
            f"storage_url is {url!r}, which is no store that keeps files: name one like s3://bucket/folder, or a "
            "folder on a mounted disk like file:///mnt/disk/folder"
        )
    if mounted.resolve().is_relative_to(outside.resolve()):
        raise StorageFailed(
            f"storage_url is {url!r}, which is in the workspace itself; name a folder on another disk"
        )
    if not mounted.is_dir():
        raise StorageFailed(
            f"storage_url is {url!r}, and there is no such folder; mount the disk, or make the folder"
        )
    return Store(url, endpoint)
