"""`holdfast replay` as a user runs it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from workspace.layout import create_workspace


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_pywb_ends_with_the_command(tmp_path: Path, ended_by: signal.Signals) -> None:
    home = create_workspace(tmp_path / "workspace").root
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = "import sys; from cli.start import run; sys.argv[0] = 'holdfast'; run()"
    command = [sys.executable, "-c", start, "--home", str(home), "replay", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("stop with"):
                break
        running.send_signal(ended_by)
        assert running.wait(30) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "nobody listens any more"
