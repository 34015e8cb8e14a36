"""What a check reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, as exactly as can be said, and what, in a sentence."""

    file: str
    problem: str
    offset: int | None = None
    record_id: str | None = None
    url: str | None = None

    def __str__(self) -> str:
        """The finding as one line."""
        place = f" at byte {self.offset}" if self.offset is not None else ""
        subject = f" ({self.url})" if self.url else ""
        return f"{self.file}{place}{subject}: {self.problem}"
