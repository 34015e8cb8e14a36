"""After a crash every complete record is still there, and nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer, read_capture, recover
from archive.index import captures

INFO = CrawlInfo(campaign="test")
Made = Callable[..., Exchange]
TAILS = {
    "cut in the middle": lambda data: data[: len(data) // 2],
    "filled with zeros": lambda data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    "garbage": lambda data: random.Random(1).randbytes(len(data)),
    "one byte": lambda data: data[:1],
}


def crashed(collection: Collection, exchange: Made, records: int) -> Path:
    """A file as a writer that was killed leaves it: unsealed, with whole records in it."""
    with open_writer(collection, info=INFO) as writer:
        for number in range(records):
            writer.write(exchange(b"%d" % number, f"http://site.example/{number}"))
    (sealed,) = collection.sealed()
    (collection.indexes / "index.cdxj").unlink()
    return sealed.rename(sealed.with_name(sealed.name + ".open"))


@pytest.mark.parametrize("tail", TAILS)
def test_a_torn_tail_is_set_aside_and_every_whole_record_stays(
    collection: Collection, exchange: Made, tail: str
) -> None:
    path = crashed(collection, exchange, 5)
    whole = path.read_bytes()
    torn = TAILS[tail](whole)
    path.write_bytes(whole + torn)
    recovery = recover(collection)
    assert len(recovery.torn) == 1
    assert sum(len(cut.kept_at.read_bytes()) for cut in recovery.torn) + recovery.sealed[
        0
    ].stat().st_size == len(whole) + len(torn), "not a byte is deleted"
    found = {capture.url for capture in captures(collection)}
    assert found >= {f"http://site.example/{number}" for number in range(5)}
    for capture in captures(collection):
        assert read_capture(collection, capture.file, capture.offset).payload_digest == capture.payload_digest


def test_doing_it_twice_changes_nothing(collection: Collection, exchange: Made) -> None:
    path = crashed(collection, exchange, 3)
    path.write_bytes(path.read_bytes() + b"torn")
    assert recover(collection).anything
    index = (collection.indexes / "index.cdxj").read_bytes()
    assert not recover(collection).anything
    assert (collection.indexes / "index.cdxj").read_bytes() == index


def test_a_file_that_is_being_written_is_left_alone(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange()).result()
        assert not recover(collection).sealed
        assert writer.write(exchange(b"second")).result()
    assert len(list(captures(collection))) == 2


def test_a_sealed_file_that_never_reached_the_index_is_indexed(
    collection: Collection, exchange: Made
) -> None:
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange())
    (collection.indexes / "index.cdxj").unlink()
    assert recover(collection).indexed == 1


KILLED = """
import sys, json
from datetime import UTC, datetime
from pathlib import Path
from archive import Collection, CrawlInfo, Exchange, open_writer
with open_writer(Collection(Path(sys.argv[1])), info=CrawlInfo("test"), max_bytes=200_000) as writer:
    waiting = []
    for number in range(100_000):
        body = (f"{number} " * 200).encode()
        done = writer.write(Exchange(f"http://site.example/{number}", datetime.now(UTC), status=200, body=body))
        waiting.append(done)
        if len(waiting) == 10:
            for capture in [each.result() for each in waiting]:
                print(json.dumps([capture.url, capture.file, capture.offset, capture.payload_digest]), flush=True)
            waiting.clear()
"""


@pytest.mark.parametrize("delay", [0.3, 0.45, 0.6, 0.8])
def test_kill_9_loses_no_acknowledged_capture(tmp_path: Path, delay: float) -> None:
    collection = Collection(tmp_path / "c")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(collection.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    first = process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    said = [first, *process.stdout.read().splitlines()]
    acknowledged = [json.loads(line) for line in said if line.strip().endswith("]")]
    process.wait()
    recover(collection)
    held = {capture.url: capture for capture in captures(collection)}
    assert acknowledged
    for url, file, offset, digest in acknowledged:
        assert held[url].offset == offset
        assert read_capture(collection, file, offset).payload_digest == digest
