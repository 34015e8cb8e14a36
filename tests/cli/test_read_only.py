"""A workspace where nothing can be written, as behind a write blocker: it is looked at, and never changed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from demo.site import articles

START = [sys.executable, "-c", "from cli.main import run; run()", "--home"]
WITHOUT_PRIVILEGE = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []

pytestmark = pytest.mark.skipif(
    bool(WITHOUT_PRIVILEGE) and not shutil.which("setpriv"), reason="root may write anywhere"
)

LOOKED_AT = {
    "verify": ("verify", "nothing wrong"),
    "observations": ("observations", "rows"),
    "sums": ("observations --by month", "rows"),
    "search": ("search 采集", "documents"),
    "status": ("status", "last capture"),
    "custody log": ("custody log", "seal"),
    "backup": ("db backup {out}/copy.db", "copy.db"),
    "datasette": ("export datasette --to {out}/datasette", "observations"),
}
REFUSED = {
    "import": "import {out}/page.html",
    "new key": "custody new-key",
    "rebuild": "rebuild",
    "crawl": "crawl --url http://site.example/",
}


@pytest.fixture(scope="module")
def blocked(toured: Path) -> Path:
    for folder, _, files in os.walk(toured):
        for path in (folder, *(os.path.join(folder, name) for name in files)):
            Path(path).chmod(0o555 if path == folder else 0o444)
    return toured


def run(home: Path, words: str, out: Path) -> subprocess.CompletedProcess[str]:
    asked = [word.format(out=out) for word in words.split()]
    command = [*WITHOUT_PRIVILEGE, *START, str(home), *asked]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def state(home: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in home.rglob("*")}


@pytest.mark.parametrize("name", LOOKED_AT)
def test_it_can_be_looked_at(name: str, blocked: Path, tmp_path: Path) -> None:
    words, expected = LOOKED_AT[name]
    before = state(blocked)
    result = run(blocked, words, tmp_path)
    assert result.returncode == 0, result.stderr
    assert expected in result.stdout + result.stderr
    assert state(blocked) == before


def test_its_pages_are_replayed(blocked: Path) -> None:
    url = next(each for each in articles() if not each.vanishes).url
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [*WITHOUT_PRIVILEGE, *START, str(blocked), "replay", "--port", str(port)]
    before = state(blocked)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdout.readline().startswith("archived pages: ")
        for asked, said in ((f"demo/mp_/{url}", url), ("static/holdfast-replay.js", "WebRTC")):
            with urlopen(f"http://127.0.0.1:{port}/{asked}", timeout=60) as answer:
                assert said in answer.read().decode()
        server.send_signal(signal.SIGINT)
    assert state(blocked) == before


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_write_is_refused_in_one_line(name: str, blocked: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>synthetic</p>")
    before = state(blocked)
    result = run(blocked, REFUSED[name], tmp_path)
    assert result.returncode == 2, result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert str(blocked) in result.stderr
    assert state(blocked) == before
