"""Servers that do not quite speak HTTP: what they sent is kept and read, and what cannot be kept harms nothing else."""

from __future__ import annotations

import socketserver
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import Collection
from archive.index import captures, lookup
from archive.reader import read_capture
from tests.crawler.site import article
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]

PAGE = article("identity")
TYPE = b"Content-Type: text/html; charset=utf-8\r\n"
CHARACTERS = TYPE + b"Content-Length: %d\r\n" % len(PAGE.decode())

KEPT = {
    "/kept-alive": b"HTTP/1.1 200 OK\r\n" + CHARACTERS + b"\r\n" + PAGE,
    "/closed": b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + CHARACTERS + b"\r\n" + PAGE,
    "/old": b"HTTP/1.0 200 OK\r\n" + CHARACTERS + b"\r\n" + PAGE,
    "/line": b"HTTP/1.1 200 OK\r\nGARBAGE LINE\r\nConnection: close\r\n" + TYPE + b"\r\n" + PAGE,
    "/negative": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n" + TYPE + b"\r\n" + PAGE,
    "/empty-with-body": b"HTTP/1.1 204 No Content\r\nConnection: close\r\n" + TYPE + b"\r\n" + PAGE,
    "/odd-status": b"HTTP/1.1 999 No\r\nConnection: close\r\n" + TYPE + b"\r\n" + PAGE,
}
REFUSED = {
    "/zeros": b"HTTP/1.1 000 OK\r\nConnection: close\r\n" + TYPE + b"\r\n" + PAGE,
    "/letters": b"HTTP/1.1 abc OK\r\nConnection: close\r\n" + TYPE + b"\r\n" + PAGE,
    "/bare": PAGE,
    "/switched": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n" + PAGE,
}


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Odd(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        path = self.rfile.readline().split()[1].decode()
        while self.rfile.readline().strip():
            continue
        gone = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self.wfile.write((KEPT | REFUSED).get(path, gone))


@pytest.fixture
def odd() -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Odd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_pages_of_odd_servers_are_kept_whole(holdfast: Run, odd: str, workspace: Workspace) -> None:
    result = holdfast("crawl", *(f"--url={odd}{path}" for path in KEPT))
    assert f"failed: {odd}/odd-status: the server answered 999" in result.stderr
    assert "left alone" not in result.stderr
    collection = Collection(workspace.collection("default"))
    for path, sent in KEPT.items():
        capture = lookup(collection, f"{odd}{path}")[0]
        assert capture.status == int(sent[9:12])
        assert not capture.truncated
        assert read_capture(collection, capture.file, capture.offset).payload == PAGE
    assert holdfast("verify").returncode == 0


def test_what_is_no_http_is_a_failed_fetch_with_its_reason(
    holdfast: Run, odd: str, workspace: Workspace
) -> None:
    result = holdfast("crawl", *(f"--url={odd}{path}" for path in (*REFUSED, "/kept-alive")))
    assert result.returncode == 1
    assert (
        f"failed: {odd}/zeros: the answer begins with a line that is no HTTP status line: 'HTTP/1.1 000 OK'"
        in result.stderr
    )
    assert "400" not in result.stderr
    collection = Collection(workspace.collection("default"))
    found = {capture.url for capture in captures(collection)}
    assert f"{odd}/kept-alive" in found
    assert not found & {f"{odd}{path}" for path in REFUSED}
    assert holdfast("verify").returncode == 0
    assert holdfast("rebuild").returncode == 0
    assert {capture.url for capture in captures(collection)} == found


def test_what_is_odd_stands_in_the_metadata(holdfast: Run, odd: str, workspace: Workspace) -> None:
    holdfast("crawl", f"--url={odd}/kept-alive", f"--url={odd}/line")
    told = b"".join(notes_of(path) for path in Collection(workspace.collection("default")).sealed())
    surplus = len(PAGE) - len(PAGE.decode())
    assert (
        f"http-surplus: the last {surplus} bytes came after the end that the header states".encode() in told
    )
    assert b"http-malformed-header-line: GARBAGE LINE" in told


def notes_of(path: Path) -> bytes:
    return subprocess.run(["zcat", path], capture_output=True, check=True).stdout
