"""After a crash every complete record is still there, and nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer, read_capture, recover
from archive.index import captures
from archive.warc.gzipmember import record_places

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
    sealed = collection.sealed()[-1]
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


def test_whole_records_after_damage_stay_too(collection: Collection, exchange: Made) -> None:
    path = crashed(collection, exchange, 5)
    data = bytearray(path.read_bytes())
    places = [offset for offset, _ in record_places(path)]
    data[places[4] + 40] ^= 1
    path.write_bytes(data)
    recovery = recover(collection)
    held = {capture.url for capture in captures(collection)}
    assert held == {f"http://site.example/{number}" for number in (0, 2, 3, 4)}
    assert len(recovery.sealed) == 2
    assert recovery.torn[0].kept_at.read_bytes() == bytes(data[places[4] :])
    for warc in collection.sealed():
        subprocess.run(["gzip", "--test", str(warc)], check=True)
    for capture in captures(collection):
        assert read_capture(collection, capture.file, capture.offset).payload_digest == capture.payload_digest


def test_a_file_cut_anywhere_keeps_exactly_the_records_before_the_cut(
    collection: Collection, exchange: Made, tmp_path: Path
) -> None:
    path = crashed(collection, exchange, 4)
    data, places = path.read_bytes(), list(record_places(path))
    cuts = {0, 1, len(data)} | set(random.Random(7).sample(range(len(data)), 40)) | {end for _, end in places}
    for cut in sorted(cuts):
        torn = Collection(tmp_path / str(cut)).make()
        (torn.archive / path.name).write_bytes(data[:cut])
        recover(torn)
        kept = b"".join(warc.read_bytes() for warc in torn.sealed())
        assert kept == data[: max([end for _, end in places if end <= cut], default=0)]
        assert kept + b"".join(rest.read_bytes() for rest in sorted(torn.torn.iterdir())) == data[:cut]
        assert not torn.unsealed()


def test_the_index_of_a_crashed_writer_is_made_from_the_file_not_from_its_notes(
    collection: Collection, exchange: Made
) -> None:
    path = crashed(collection, exchange, 3)
    journal = collection.indexes / (path.name.removesuffix(".open") + ".journal")
    journal.write_text("half a li")
    recover(collection)
    assert len(list(captures(collection))) == 3
    assert not journal.exists()


def test_a_damaged_index_is_made_anew(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange())
    index = collection.indexes / "index.cdxj"
    whole = index.read_bytes()
    for place in (whole.index(b"{"), whole.index(b'"offset"') + 1, len(whole) - 2):
        index.write_bytes(whole[:place] + bytes([whole[place] ^ 0x80]) + whole[place + 1 :])
        recover(collection)
        assert index.read_bytes() == whole


def test_two_recoveries_at_once_do_the_work_once(collection: Collection, exchange: Made) -> None:
    for _ in range(3):
        path = crashed(collection, exchange, 2)
        path.write_bytes(path.read_bytes() + b"torn")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: recover(collection), range(4)))
    assert sum(len(each.sealed) for each in done) == 3
    assert sum(len(each.torn) for each in done) == 3
    assert len(list(captures(collection))) == 6


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


WRITING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archive import Collection, CrawlInfo, Exchange, open_writer
with open_writer(Collection(Path(sys.argv[1])), info=CrawlInfo("test"), max_bytes=2_000) as writer:
    for number in range(60):
        url = f"http://site.example/{sys.argv[2]}/{number}"
        print(writer.write(Exchange(url, datetime.now(UTC), status=200, body=url.encode() * 20)).result().url)
"""


def test_writers_in_two_processes_and_recoveries_in_a_third_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Files of one or two exchanges each, so that files are begun and sealed all the time."""
    collection = Collection(tmp_path / "c").make()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITING, str(collection.root), name], stdout=subprocess.PIPE, text=True
        )
        for name in "ab"
    ]
    while any(writer.poll() is None for writer in writers):
        assert not recover(collection).torn
    acknowledged = {line for writer in writers if writer.stdout for line in writer.stdout.read().split()}
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(acknowledged) == 120
    assert {capture.url for capture in captures(collection)} == acknowledged
    assert len(list(captures(collection))) == 120
    for capture in captures(collection):
        assert read_capture(collection, capture.file, capture.offset).payload == capture.url.encode() * 20


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


@pytest.mark.parametrize("after", [1, 10, 57, 200, 431])
def test_kill_9_loses_no_acknowledged_capture(tmp_path: Path, after: int) -> None:
    """The writer is killed once it has acknowledged so many captures, while it writes others."""
    collection = Collection(tmp_path / "c")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(collection.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    said = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.read().splitlines()
    acknowledged = [json.loads(line) for line in said if line.strip().endswith("]")]
    process.wait()
    recover(collection)
    held = {capture.url: capture for capture in captures(collection)}
    assert len(acknowledged) >= after
    for url, file, offset, digest in acknowledged:
        assert held[url].offset == offset
        assert read_capture(collection, file, offset).payload_digest == digest
