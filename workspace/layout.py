"""The folders and files of a workspace (DESIGN.md, Stores)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from workspace.errors import NoWorkspace, WorkspaceError

DEFAULT_HOME = "holdfast-data"
SETTINGS_FILE = "holdfast.toml"


@dataclass(frozen=True, slots=True)
class Workspace:
    """One folder that holds everything a user collects."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """The settings, TOML."""
        return self.root / SETTINGS_FILE

    @property
    def database_file(self) -> Path:
        """The SQLite store, used when the settings name no other database."""
        return self.root / "holdfast.db"

    @property
    def campaigns(self) -> Path:
        """The user's own campaign files, which come before those that ship."""
        return self.root / "campaigns"

    @property
    def collections(self) -> Path:
        """One pywb collection for each campaign."""
        return self.root / "collections"

    @property
    def custody(self) -> Path:
        """The custody log, its keys and its time-stamps."""
        return self.root / "custody"

    @property
    def logs(self) -> Path:
        """Logs of crawls, one file for each run."""
        return self.root / "logs"

    def collection(self, campaign: str) -> Path:
        """The pywb collection of one campaign."""
        return self.collections / campaign


def locate(home: str | None = None) -> Path:
    """The workspace folder the user means: `home`, else `$HOLDFAST_HOME`, else `./holdfast-data`."""
    return Path(home or os.environ.get("HOLDFAST_HOME") or DEFAULT_HOME).expanduser().absolute()


def open_workspace(root: Path) -> Workspace:
    """The workspace at `root`. Raises NoWorkspace when there is none, or none that may be read."""
    workspace = Workspace(root)
    try:
        found = workspace.settings_file.is_file()
    except OSError as error:
        raise NoWorkspace(
            f"cannot read {root}: {error.strerror}; name a workspace that you may read"
        ) from error
    if not found:
        raise NoWorkspace(f"{root} is not a holdfast workspace; make one with: holdfast init {root}")
    return workspace


def create_workspace(root: Path) -> Workspace:
    """Makes a workspace at `root`, leaving alone whatever is already there.

    Raises WorkspaceError when the folder cannot be written to or is something else.
    """
    workspace = Workspace(root)
    if root.exists() and not root.is_dir():
        raise WorkspaceError(f"{root} is a file; name a folder for the workspace")
    if root.is_dir() and any(root.iterdir()) and not workspace.settings_file.exists():
        raise WorkspaceError(f"{root} is not empty and not a workspace; name a new or empty folder")
    try:
        for folder in (root, workspace.campaigns, workspace.collections, workspace.custody, workspace.logs):
            folder.mkdir(parents=True, exist_ok=True)
        workspace.custody.chmod(0o700)
        if not workspace.settings_file.exists():
            workspace.settings_file.write_text(_SETTINGS_TEMPLATE, encoding="utf-8")
    except OSError as error:
        where = error.filename or root
        raise WorkspaceError(
            f"cannot write to {where}: {error.strerror}; choose a folder that you may write to"
        ) from error
    return workspace


_SETTINGS_TEMPLATE = """\
# Settings of this holdfast workspace. Lines that begin with # are off; the values shown are the defaults.
# Each can also be given as an environment variable: user_agent as HOLDFAST_USER_AGENT, and so on.

# Who runs this crawl: written into every WARC file, so that others know who kept the evidence.
# operator = "Example Research Group <contact@example.org>"

# The database. Without this line it is holdfast.db in this folder.
# database_url = "postgresql+psycopg://user:password@localhost/holdfast"

# Web archives that `holdfast lookup` may ask for older captures of pages that are gone; without this none is asked.
# [[web_archive]]
# name = "Internet Archive"
# cdx = "https://web.archive.org/cdx/search/cdx"
# replay = "https://web.archive.org/web/{timestamp}id_/{url}"

# Who is told when a page is deleted, a figure altered, a crawl fails; try it with: holdfast alerts test
# [alerts.email]
# server = "mail.example.org"
# user = "holdfast"
# password_file = "/path/to/a/file/with/the/password"
# sender = "holdfast@example.org"
# to = ["you@example.org"]
"""
