"""Shows archived pages as they were, with pywb.

A workspace is a pywb folder as it stands: `wayback` run in it replays every collection, but only `replay` keeps what
pages do in the archive (`archive.replay.confining`). What pywb needs beside the collections, its configuration and one
script, is put there by `prepare`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ReplayFailed

HERE = Path(__file__).resolve().parent
SCRIPT = "holdfast-replay.js"
START_SECONDS = 60

Said = deque[str]
"""The last lines that pywb wrote."""


def prepare(root: Path) -> None:
    """Puts pywb's configuration and the replay script into `root`; a user's own configuration stays."""
    static = root / "static"
    static.mkdir(exist_ok=True)
    (static / SCRIPT).write_bytes((HERE / SCRIPT).read_bytes())
    config = root / "config.yaml"
    if not config.exists():
        config.write_bytes((HERE / "config.yaml").read_bytes())


@contextmanager
def replay(root: Path, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Runs pywb over the workspace `root`; gives the address of its page, such as `http://127.0.0.1:8090`.

    Port 0 takes a free one. The server is a process of its own and ends with the block. Raises
    ReplayFailed when the port is taken or pywb does not come up.
    """
    with _prepared(root) as folder, _served(folder, host, _free_port(host, port)) as address:
        yield address


@contextmanager
def _prepared(root: Path) -> Iterator[Path]:
    """The folder to start pywb in: the workspace, or, where nothing can be written, another that leads to it."""
    if os.access(root, os.W_OK):
        prepare(root)
        yield root
        return
    with tempfile.TemporaryDirectory(prefix="holdfast-replay-") as name:
        for path in root.iterdir():
            if path.name != "static":
                (Path(name) / path.name).symlink_to(path.absolute())
        prepare(Path(name))
        yield Path(name)


@contextmanager
def _served(folder: Path, host: str, port: int) -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "archive.replay.server", "--bind", host, "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "PYWB_CONFIG_FILE"},
    )
    said: Said = deque(maxlen=20)
    listener = threading.Thread(target=_listen, args=(server, said), daemon=True)
    listener.start()
    try:
        _wait_until_up(server, listener, said, host, port)
        yield f"http://{host}:{port}"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        listener.join()


def _listen(server: subprocess.Popen[bytes], said: Said) -> None:
    """Takes what pywb writes, a line for each request: once nobody does and the pipe is full, it answers no more."""
    if server.stderr:
        with server.stderr:
            said.extend(line.decode(errors="replace").strip() for line in server.stderr)


def _free_port(host: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ReplayFailed(
                f"cannot listen on {host} port {port}: {error.strerror}; name another with --port"
            ) from error
        taken: int = probe.getsockname()[1]
        return taken


def _wait_until_up(
    server: subprocess.Popen[bytes], listener: threading.Thread, said: Said, host: str, port: int
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            listener.join()
            raise ReplayFailed(f"pywb did not start: {said[-1] if said else 'it said nothing'}")
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    raise ReplayFailed(f"pywb did not answer on {host} port {port} within {START_SECONDS} seconds")
