"""What comes out of the files of others: records, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.reader import StoredResponse


@dataclass(frozen=True, slots=True)
class IncomingRecord:
    """A record of others: `raw` is it as one gzip member, header lines and block as they were found.

    `record_id` is without angle brackets. `where` names the file and the byte offset it was found at. `response` is set
    for captures. A record that is not as it should be is kept all the same; `problem` says what is wrong: it cannot be
    read as a capture, or its bytes are not those that its digest was made of.
    """

    kind: str
    raw: bytes
    where: str
    record_id: str
    response: StoredResponse | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong in a file of others: where, as a byte offset in it (or in `member`, a file of a WACZ)."""

    path: Path
    offset: int
    problem: str
    member: str = ""

    def __str__(self) -> str:
        place = f"{self.path}, {self.member}" if self.member else str(self.path)
        return f"{place} at byte {self.offset}: {self.problem}"
