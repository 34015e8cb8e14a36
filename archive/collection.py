"""The folders of one collection, laid out as pywb expects them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WARC = ".warc.gz"
OPEN = ".open"
"""Ends the name of a WARC file that is still being written."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Where one campaign's evidence lies: `<workspace>/collections/<campaign>`."""

    root: Path

    @property
    def archive(self) -> Path:
        """WARC files."""
        return self.root / "archive"

    @property
    def indexes(self) -> Path:
        """The sorted CDXJ and the journals of files that are still open."""
        return self.root / "indexes"

    @property
    def torn(self) -> Path:
        """What was cut off damaged files, set aside and never deleted."""
        return self.root / "torn"

    def make(self) -> Collection:
        """Makes the folders that are missing."""
        for folder in (self.archive, self.indexes, self.torn):
            folder.mkdir(parents=True, exist_ok=True)
        return self

    def sealed(self) -> list[Path]:
        """Finished WARC files, oldest name first."""
        return sorted(self.archive.glob(f"*{WARC}")) if self.archive.is_dir() else []

    def unsealed(self) -> list[Path]:
        """WARC files that a writer has, or had, open."""
        return sorted(self.archive.glob(f"*{WARC}{OPEN}")) if self.archive.is_dir() else []

    def path_of(self, file: str) -> Path:
        """The WARC file of that name, whether it is finished or still being written."""
        finished = self.archive / file
        return finished if finished.exists() else self.archive / (file + OPEN)

    def warcs(self) -> Iterator[Path]:
        """Every WARC file of the collection."""
        yield from self.sealed()
        yield from self.unsealed()
