"""What can be wrong with a workspace, its settings or a campaign file."""

from __future__ import annotations


class WorkspaceError(Exception):
    """The user's folder, settings or campaign cannot be used; the message says what to do."""


class NoWorkspace(WorkspaceError):
    """The folder is not a holdfast workspace: `holdfast init` makes one."""


class InvalidSettings(WorkspaceError):
    """`holdfast.toml` or a `HOLDFAST_*` variable has a value that cannot be used."""


class InvalidCampaign(WorkspaceError):
    """A campaign file is not valid; the message names file, line and key."""


class UnknownCampaign(WorkspaceError):
    """No campaign of that name ships with holdfast or stands in the workspace."""
