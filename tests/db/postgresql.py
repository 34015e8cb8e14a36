"""A PostgreSQL server of the suite's own, in a temporary folder, on a Unix socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

UNPRIVILEGED = "postgres"
"""The account the server runs as when the suite runs as root, which PostgreSQL refuses."""


def program(name: str) -> str | None:
    """A program of the newest PostgreSQL on this machine, or None."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3])
    )
    return str(installed[-1]) if installed else shutil.which(name)


@contextmanager
def running_server() -> Iterator[str]:
    """A running server's SQLAlchemy URL, without a database name; it is stopped and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="holdfast-pg-") as name:
        folder = Path(name)
        as_owner: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
            as_owner = ["runuser", "-u", UNPRIVILEGED, "--"]
        data = folder / "data"
        _run(
            *as_owner, str(program("initdb")), "--pgdata", str(data), "--username", "holdfast",
            "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={folder} "
            "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"
        )
        control = [*as_owner, str(program("pg_ctl")), "--pgdata", str(data), "--wait"]
        _run(*control, "--log", str(folder / "log"), "--options", options, "start")
        try:
            yield f"postgresql+psycopg://holdfast@/{{database}}?host={quote(name, safe='')}"
        finally:
            _run(*control, "--mode", "immediate", "stop")


def _run(*command: str) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/"
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")
