"""A workspace and the command for the crawler's tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests import starter
from workspace.layout import Workspace, create_workspace

SETTINGS = "download_delay = 0\nmin_free_bytes = 0\ntimeout = 3\nmax_body_bytes = 1000000\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path / "work")
    made.settings_file.write_text(SETTINGS)
    return made


@pytest.fixture
def command(workspace: Workspace) -> Callable[..., list[str]]:
    """The words to start `holdfast` on the workspace as a process of its own."""

    def words(*arguments: object) -> list[str]:
        start = [sys.executable, "-c", "from cli.main import run; run()"]
        return [*start, "--home", str(workspace.root), *map(str, arguments)]

    return words


@pytest.fixture
def holdfast(workspace: Workspace) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `holdfast` on the workspace to its end."""
    return partial(starter.holdfast, "--home", workspace.root)
