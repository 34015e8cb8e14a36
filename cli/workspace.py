"""`holdfast init` and `holdfast doctor`: the workspace itself."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text

from cli.opened import Opened, home
from crawler.browser.chromium import find_chromium
from crawler.errors import BrowserMissing
from db.errors import StoreError
from db.session import connect
from workspace.campaign import campaign_names, load_campaign
from workspace.errors import WorkspaceError
from workspace.layout import Workspace, create_workspace, locate, open_workspace
from workspace.settings import Settings, load_settings


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(init)
    app.command()(doctor)


def init(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="Where; else $HOLDFAST_HOME, else ./holdfast-data.", show_default=False
        ),
    ] = None,
) -> None:
    """Makes a workspace: one folder that holds everything you collect."""
    workspace = create_workspace(folder.absolute() if folder else locate(home()))
    connect(Opened(workspace, load_settings(workspace)).need_database()).dispose()
    typer.echo(f"workspace ready: {workspace.root}")
    typer.echo(f"settings: {workspace.settings_file}")
    typer.echo(f"campaigns: {', '.join(campaign_names(workspace))}")
    if workspace.root != locate():
        typer.echo(f"so that commands find it, type: export HOLDFAST_HOME={workspace.root}")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what, whether it is right, and what was found or what to do."""

    what: str
    right: bool
    finding: str


def doctor() -> None:
    """Says what is set up, what is missing and what is wrong."""
    checks = list(_checks())
    width = max(len(check.what) for check in checks)
    for check in checks:
        typer.echo(
            f"{'ok  ' if check.right else 'WRONG'.ljust(5)} {check.what.ljust(width)}  {check.finding}"
        )
    if not all(check.right for check in checks):
        raise typer.Exit(1)


def _checks() -> Iterator[Check]:
    version = sys.version.split()[0]
    yield Check("Python", sys.version_info >= (3, 11), version)
    workspace = open_workspace(locate(home()))
    writable = os.access(workspace.root, os.W_OK)
    yield Check(
        "workspace", writable, str(workspace.root) if writable else f"cannot write to {workspace.root}"
    )
    settings = load_settings(workspace)
    yield Check("settings", True, str(workspace.settings_file))
    yield Check(
        "operator",
        True,
        settings.operator
        or f"not set: say who keeps this evidence, as operator in {workspace.settings_file}",
    )
    yield _disk(workspace, settings)
    yield from _database(workspace, settings)
    yield from _campaigns(workspace)
    yield _browser(settings)


def _disk(workspace: Workspace, settings: Settings) -> Check:
    free = shutil.disk_usage(workspace.root).free
    enough = free > settings.min_free_bytes
    finding = f"{free / 2**30:.1f} GiB free; crawls pause below {settings.min_free_bytes / 2**30:.1f} GiB"
    return Check("disk", enough, finding)


def _database(workspace: Workspace, settings: Settings) -> Iterator[Check]:
    try:
        engine = Opened(workspace, settings).engine
        with engine.connect() as connection:
            connection.execute(text("select 1"))
        yield Check("database", True, engine.url.render_as_string(hide_password=True))
        engine.dispose()
    except StoreError as error:
        yield Check("database", False, str(error))


def _campaigns(workspace: Workspace) -> Iterator[Check]:
    for name in campaign_names(workspace):
        try:
            campaign = load_campaign(name, workspace)
        except WorkspaceError as error:
            yield Check(f"campaign {name}", False, str(error))
        else:
            yield Check(
                f"campaign {name}", True, f"{len(campaign.source)} sources, {len(campaign.keywords)} keywords"
            )


def _browser(settings: Settings) -> Check:
    try:
        found = str(find_chromium(settings))
    except BrowserMissing as error:
        return Check("browser", not settings.chromium, f"only needed for pictures of pages: {error}")
    return Check("browser", True, found)
