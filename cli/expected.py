"""The errors that are the user's to mend; each reaches them as one line and exit code 2."""

from __future__ import annotations

import sys

FAMILIES = {
    "workspace.errors": "WorkspaceError",
    "archive.errors": "ArchiveError",
    "db.errors": "StoreError",
    "crawler.errors": "CrawlError",
    "analysis.errors": "AnalysisError",
    "alerts.errors": "AlertError",
}
"""Where each package keeps the base of its errors."""


def is_expected(error: Exception) -> bool:
    """Whether an error is of one of the families. A package that was never loaded cannot have raised one."""
    loaded = (getattr(sys.modules[name], base) for name, base in FAMILIES.items() if name in sys.modules)
    return isinstance(error, tuple(loaded))
