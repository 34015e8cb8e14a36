"""The errors that are the user's to mend; each reaches them as one line and exit code 2."""

from __future__ import annotations

from analysis.errors import AnalysisError
from archive.errors import ArchiveError
from crawler.errors import CrawlError
from db.errors import StoreError
from workspace.errors import WorkspaceError

EXPECTED: tuple[type[Exception], ...] = (WorkspaceError, ArchiveError, StoreError, CrawlError, AnalysisError)
