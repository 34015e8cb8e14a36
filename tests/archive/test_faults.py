"""Killed 200 times, and a disk of 20 MB that fills up: nothing acknowledged is lost, everything works afterwards."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, open_writer, read_capture, recover
from archive.errors import ArchiveError
from archive.index import captures
from archive.verify import verify_collection

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]

KILLS = 200
PER_PROCESS_SECONDS = 0.12

WRITER = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path
import surt  # what the first capture would load
from archive import Collection, CrawlInfo, Exchange, open_writer, recover
from archive.errors import DiskLow

def write(start):
    collection = Collection(Path(sys.argv[1]))
    recover(collection)
    print(os.getpid(), flush=True)
    try:
        with open_writer(collection, info=CrawlInfo("test"), max_bytes=150_000, min_free_bytes=0) as writer:
            for number in range(start, start + 1_000_000, 5):
                exchanges = [
                    Exchange(f"http://site.example/{n}", datetime.now(UTC), status=200, body=os.urandom(3000))
                    for n in range(number, number + 5)
                ]
                for capture in [done.result() for done in [writer.write(each) for each in exchanges]]:
                    print(json.dumps([capture.record_id, capture.payload_digest]), flush=True)
    except DiskLow as error:
        print(json.dumps(["full", str(error)]), flush=True)

for line in sys.stdin:
    if os.fork() == 0:
        write(int(line))
        os._exit(0)
    os.wait()
    print("\\nended", flush=True)
"""
"""Writes in a new process, a copy of this one, for each number it is given; says its id, then what is kept."""


@contextmanager
def writers(collection: Collection) -> Iterator[subprocess.Popen[str]]:
    """Starts a process that writes, for each number on its standard input, until that process ends."""
    command = [sys.executable, "-c", WRITER, str(collection.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starting:
        yield starting


def begun(starting: subprocess.Popen[str], number: int) -> int:
    """The id of a process that has begun to write."""
    assert starting.stdin
    assert starting.stdout
    starting.stdin.write(f"{number}\n")
    starting.stdin.flush()
    return int(starting.stdout.readline())


def acknowledged(starting: subprocess.Popen[str]) -> dict[str, str]:
    """What was promised before the writing process ended; a last line that the kill cut off promises nothing."""
    assert starting.stdout
    found = {}
    for line in iter(starting.stdout.readline, "ended\n"):
        assert line, "the process that starts the others has died"
        try:
            record_id, digest = json.loads(line)
        except ValueError:
            continue
        found[record_id] = digest
    return found


def assert_all_there(collection: Collection, promised: dict[str, str]) -> None:
    held = {capture.record_id: capture for capture in captures(collection)}
    lost = promised.keys() - held.keys()
    assert not lost, f"{len(lost)} of {len(promised)} acknowledged captures are lost"
    for record_id, digest in promised.items():
        capture = held[record_id]
        assert read_capture(collection, capture.file, capture.offset).payload_digest == digest
    assert not list(verify_collection(collection))


def test_kill_9_at_two_hundred_random_moments(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "collection").make()
    promised: dict[str, str] = {}
    chance = random.Random(20261123)
    with writers(collection) as starting:
        for kill in range(KILLS):
            process = begun(starting, kill * 1_000_000)
            time.sleep(chance.uniform(0, PER_PROCESS_SECONDS))
            os.kill(process, signal.SIGKILL)
            promised |= acknowledged(starting)
    recover(collection)
    assert len(promised) > KILLS
    assert_all_there(collection, promised)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 20 MB; making one takes root's rights."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system of 20 MB can only be made by root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_fills_up(small_disk: Path) -> None:
    holiday_pictures = small_disk / "pictures"
    holiday_pictures.write_bytes(bytes(3_000_000))
    collection = Collection(small_disk / "collection").make()
    with writers(collection) as starting:
        begun(starting, 0)
        promised = acknowledged(starting)
    told = promised.pop("full")
    assert "is full" in told
    assert "free some space" in told
    assert len(promised) > 1000
    with pytest.raises(ArchiveError, match="No space left"):
        recover(collection)
    holiday_pictures.unlink()
    recover(collection)
    assert_all_there(collection, promised)
    with open_writer(collection, info=CrawlInfo("test"), min_free_bytes=0) as writer:
        assert writer.write_resource(
            "http://site.example/after", b"x", "text/plain", datetime.now(UTC)
        ).result()
