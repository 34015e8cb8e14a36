"""What a check reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """What a finding means for the evidence."""

    DAMAGED = "damaged"
    NOT_CHECKED = "not checked"
    """The bytes could not be had, so that nothing can be said of them."""
    UNFINISHED = "unfinished"
    """A writer has the file, or had it when it was killed: the next crawl or import finishes it."""
    UNREAD = "unread"
    """Archived, and not in the database: the evidence is whole, lists and sums are not."""
    CAME_SO = "came so"
    """A digest that others stated is wrong, and was when the record was brought in: our own digest of it holds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: where, as exactly as can be said, and what, in a sentence."""

    file: str
    problem: str
    offset: int | None = None
    record_id: str | None = None
    url: str | None = None
    grade: Grade = Grade.DAMAGED

    def __str__(self) -> str:
        """The finding as one line."""
        place = f" at byte {self.offset}" if self.offset is not None else ""
        subject = f" ({self.url})" if self.url else ""
        return f"{self.file}{place}{subject}: {self.problem}"
