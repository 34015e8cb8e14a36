"""A workspace and the command for the crawler's tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
def holdfast(command: Callable[..., list[str]]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `holdfast` to its end."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
        return subprocess.run(
            command(*arguments), capture_output=True, text=True, timeout=120, check=False, env=environment
        )

    return run
