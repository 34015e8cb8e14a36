"""How the reading process begins: as a copy of this one where that is safe, else anew."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from sqlalchemy import make_url

OWN_FILES = Path("/proc/self/fd")
"""Linux lists here what this process has open."""


def way_to_start(database: str) -> str:
    """`fork` or `spawn`, as `multiprocessing.get_context` takes it; `database` is the store's SQLAlchemy URL.

    A copy is there at once, while a new process spends a second of processor time on imports. But a copy of one of
    several threads may hold a lock for ever, and SQLite's locks do not survive a copy while the file is open
    (https://www.sqlite.org/howtocorrupt.html §2.6). Systems other than Linux have libraries that cannot be copied.
    """
    alone = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if alone and not _is_open(database) else "spawn"


def _is_open(database: str) -> bool:
    """Whether this process has the file of an SQLite store open, or one of those that belong to it."""
    address = make_url(database)
    if address.get_backend_name() != "sqlite" or not address.database:
        return False
    file = os.path.realpath(address.database)
    return any(_named(number).startswith(file) for number in os.listdir(OWN_FILES))


def _named(number: str) -> str:
    try:
        return os.readlink(OWN_FILES / number)
    except OSError:  # the one by which the list itself was read
        return ""
