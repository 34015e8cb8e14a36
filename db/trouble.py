"""What is the matter with a database that fails, and what its owner can do, in one sentence."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from db.errors import CannotOpen, Damaged, StoreError

RESTORE = (
    "put back a copy that `holdfast db backup` made, or make it anew from the archive with `holdfast rebuild`"
)
"""What to do about a database that is lost."""

REMEDY = f"{RESTORE}, which keeps the damaged file"
"""What to do about a database that is damaged."""

_DAMAGED = ("malformed", "file is not a database", "Could not decode to UTF-8", "unsupported file format")
_REASONS = {
    "is locked": "another program has been writing to it for too long; run this again when that one is done",
    "is full": "make room on its disk and run this again",
    "readonly": "it may not be written to from here; see whose it is and whether its disk is mounted to be read only",
    "I/O error": "its disk cannot be read or written; see to the disk first",
}
"""What to do, by words that SQLite (https://sqlite.org/rescode.html) and its driver say."""


def trouble(error: DBAPIError, name: str = "") -> StoreError:
    """The failure of the database called `name` as an error for its owner: Damaged, or CannotOpen for the rest."""
    said = " ".join(str(error.orig).split())
    database = f"the database {name}".strip()
    if any(words in said for words in _DAMAGED):
        return Damaged(f"{database} is damaged ({said}): {REMEDY}")
    for words, remedy in _REASONS.items():
        if words in said:
            return CannotOpen(f"{database} cannot be used ({said}): {remedy}")
    return CannotOpen(f"{database} cannot be used: {said}")
