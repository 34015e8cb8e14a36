"""The workspace a command works on, opened on first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from workspace.layout import Workspace
    from workspace.settings import Settings

_home: str | None = None


def set_home(home: str | None) -> None:
    """Takes the `--home` option for the rest of this run."""
    global _home
    _home = home


def home() -> str | None:
    """The `--home` option of this run."""
    return _home


@dataclass(frozen=True)
class Opened:
    """A workspace with its settings and, on first use, its database."""

    workspace: Workspace
    settings: Settings

    def need_database(self) -> str:
        """The address of the database. Raises Lost when pages are archived and there is none: an empty one would hide
        what there is.
        """
        from db.file import need_database
        from db.trouble import RESTORE
        from workspace.settings import database_url

        url = database_url(self.workspace, self.settings)
        need_database(url, self.workspace.collections, RESTORE)
        return url

    @cached_property
    def engine(self) -> Engine:
        """The database, migrated to what this version needs. Raises StoreError."""
        from db.session import connect

        return connect(self.need_database())


def opened() -> Opened:
    """The workspace that the user means. Raises NoWorkspace or InvalidSettings.

    What opens it is loaded here: a command that needs no workspace starts without the database's library.
    """
    from workspace.layout import locate, open_workspace
    from workspace.settings import load_settings

    workspace = open_workspace(locate(_home))
    return Opened(workspace, load_settings(workspace))
