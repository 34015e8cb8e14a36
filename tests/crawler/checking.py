"""Running `holdfast` as a process of its own on the invented sites."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

from tests.crawler.changing_site import ChangingWeb
from tests.crawler.conftest import SETTINGS
from workspace.layout import Workspace


def use(workspace: Workspace, web: ChangingWeb) -> None:
    """Makes the invented sites reachable."""
    workspace.settings_file.write_text(f'{SETTINGS}proxy = "{web.address}"\n')


def run(workspace: Workspace, *arguments: object) -> subprocess.CompletedProcess[str]:
    start = [sys.executable, "-c", "from cli.main import run; run()", "--home", str(workspace.root)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    return subprocess.run(
        [*start, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=environment,
    )


def told_by(result: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    """What `check --json` said, by the name of the case."""
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return {str(urlsplit(line["url"]).hostname).split(".")[-2]: line for line in lines}
