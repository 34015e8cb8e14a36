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
        return self._files(f"*{WARC}")

    def unsealed(self) -> list[Path]:
        """WARC files that a writer has, or had, open."""
        return self._files(f"*{WARC}{OPEN}")

    def no_files(self) -> list[Path]:
        """Folders, pipes and the like that stand where WARC files or parts of the index should."""
        named = ((self.archive, f"*{WARC}*"), (self.indexes, "*.cdxj"), (self.indexes, "*.journal"))
        found = (path for folder, pattern in named for path in folder.glob(pattern))
        return sorted(path for path in found if not path.is_file())

    def path_of(self, file: str) -> Path:
        """The WARC file of that name, whether it is finished or still being written; where it should be if it is not
        there.
        """
        finished, unsealed = self.archive / file, self.archive / (file + OPEN)
        return unsealed if unsealed.is_file() and not finished.is_file() else finished

    def warcs(self) -> Iterator[Path]:
        """Every WARC file of the collection."""
        yield from self.sealed()
        yield from self.unsealed()

    def _files(self, pattern: str) -> list[Path]:
        return sorted(path for path in self.archive.glob(pattern) if path.is_file())
