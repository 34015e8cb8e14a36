"""Remembers the newest head of the log beside it, so that a log whose end was cut off is known for it.

`log.head` is the head after the newest entry. When a log is found shorter than it was, or another, the head of the
one that is gone is kept as `log.lost-<size>`, and every check speaks of it until the log is that log again. This is
for damage and for backups that are too old; whoever can write both files is held by time-stamps only.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archive.custody.line import Head, head_in
from archive.durable import write_durably
from archive.errors import CustodyBroken
from archive.finding import Finding
from archive.locking import sync_folder

NEWEST = "log.head"
LOST = "log.lost-"
UNKNOWN = b""
"""Stands for the root of a size whose line is damaged, which is told of the line."""


def note(folder: Path, head: Head) -> None:
    """Remembers the head after a new entry."""
    write_durably(folder / NEWEST, head.text())


def keep_if_lost(folder: Path, head: Head) -> None:
    """Keeps the head that is remembered, when the log, whose head is `head` now, cannot be a longer form of it.

    Raises CustodyBroken when something else than a file bears its name.
    """
    remembered = folder / NEWEST
    if remembered.exists() and not remembered.is_file():
        raise CustodyBroken(f"{remembered} is no file; move it away, and restore the file from your backup")
    told = head_in(remembered.read_bytes()) if remembered.is_file() else None
    if told is None or told.size < head.size or told == head:
        return
    remembered.replace(folder / f"{LOST}{told.size}")
    sync_folder(folder)


_NOT_THERE = (
    "the file is not there, so that a log whose end was cut off would not be known for it; restore the log from a "
    "backup if that is longer; the next entry makes the file anew"
)


def verify_remembered(folder: Path, roots: Mapping[int, bytes]) -> list[Finding]:
    """What is wrong with the log by what is remembered of it; `roots` has the root of each of its sizes."""
    found = []
    entries = max(roots, default=0)
    for path in sorted([folder / NEWEST, *folder.glob(f"{LOST}*")]):
        if not path.is_file():
            if path.exists() or entries:
                found.append(Finding(path.name, _NOT_THERE))
            continue
        told = head_in(path.read_bytes())
        if told is None:
            found.append(Finding(path.name, "the head of the log that it holds is damaged"))
        elif told.size > entries:
            problem = (
                f"the log has {entries} entries and had {told.size}: its end was cut off; restore a backup"
            )
            found.append(Finding(path.name, problem))
        elif roots.get(told.size) not in (told.root, UNKNOWN):
            problem = f"the first {told.size} entries of the log are not those that it had; restore a backup"
            found.append(Finding(path.name, problem))
    return found
