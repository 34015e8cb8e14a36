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


def told(error: Exception) -> str | None:
    """What to say of an error that is the user's to mend, or of a database or an output that fails; else None."""
    if _is_ours(error):
        return str(error)
    if "sqlalchemy.exc" in sys.modules:
        from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError

        from db.trouble import trouble

        if isinstance(error, DataError) or (isinstance(error, OverflowError) and "SQLite" in str(error)):
            return "a number that was given is larger than a database takes; give a smaller one"
        if isinstance(error, DatabaseError | InterfaceError) and not isinstance(
            error, IntegrityError | ProgrammingError
        ):
            return str(trouble(error))
    return None


def _is_ours(error: Exception) -> bool:
    """Whether an error is of one of the families. A package that was never loaded cannot have raised one."""
    loaded = (getattr(sys.modules[name], base) for name, base in FAMILIES.items() if name in sys.modules)
    return isinstance(error, tuple(loaded))
