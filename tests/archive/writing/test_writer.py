"""What is written is what came over the wire, and other tools read it back."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import json
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import brotli
import pytest
from cdxj_indexer.main import CDXJIndexer
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archive import ArchiveWriter, Collection, CrawlInfo, Exchange, Tls, open_writer, read_capture, recover
from archive.capture import Capture
from archive.errors import ArchiveError, CaptureMissing, DiskLow, WriteFailed
from archive.foreign.intake import IncomingRecord, records
from archive.index import captures, lookup, lookup_closest, lookup_prefix
from archive.verify import verify_collection
from archive.writing.entry import Entry, exchange_entry
from archive.writing.recover import rebuild_index

INFO = CrawlInfo(campaign="test", operator="Testers", software="holdfast/test")
Made = Callable[..., Exchange]
TEXT = "合成页面 synthetic 血样 " * 50

BODIES: dict[str, tuple[bytes, dict[bytes, bytes]]] = {
    "identity": (TEXT.encode(), {b"Content-Type": b"text/html; charset=utf-8"}),
    "gzip": (gzip.compress(TEXT.encode()), {b"Content-Type": b"text/html", b"Content-Encoding": b"gzip"}),
    "brotli": (brotli.compress(TEXT.encode()), {b"Content-Type": b"text/html", b"Content-Encoding": b"br"}),
    "deflate": (
        zlib.compress(TEXT.encode()),
        {b"Content-Type": b"text/html", b"Content-Encoding": b"deflate"},
    ),
    "chunked": (TEXT.encode(), {b"Content-Type": b"text/html", b"Transfer-Encoding": b"chunked"}),
    "gbk": (TEXT.encode("gbk"), {b"Content-Type": b"text/html; charset=gb2312"}),
    "gb18030": ("𠀀㐀合成".encode("gb18030"), {b"Content-Type": b"text/html"}),
    "picture": (b"\x89PNG" + bytes(range(256)), {b"Content-Type": b"image/png"}),
    "empty": (b"", {b"Content-Type": b"text/html", b"Content-Length": b"0"}),
}


def warcio_check(path: Path) -> str:
    """What `warcio check -v` says; it ends with an error for a file it does not accept."""
    # warcio 1.8.1 stumbles over the objects of brotli 1.2 while it checks; without brotli it checks the stored bytes.
    script = "import sys; sys.modules['brotli'] = None; from warcio.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", script, "check", "-v", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.parametrize("name", BODIES)
def test_fastwarc_reads_back_the_bytes_as_received(collection: Collection, exchange: Made, name: str) -> None:
    body, headers = BODIES[name]
    with open_writer(collection, info=INFO) as writer:
        capture = writer.write(exchange(body, response_headers=tuple(headers.items()))).result()
    assert capture is not None
    with (collection.archive / capture.file).open("rb") as stream:
        stream.seek(capture.offset)
        record = next(iter(ArchiveIterator(stream, parse_http=True)))
        assert record.reader.read() == body
    assert capture.payload_digest == f"sha256:{hashlib.sha256(body).hexdigest()}"
    stored = read_capture(collection, capture.file, capture.offset)
    assert stored.payload == body
    if name in ("gzip", "brotli", "deflate"):
        assert stored.decoded() == TEXT.encode()


def test_warcio_accepts_every_record(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        for number, (body, headers) in enumerate(BODIES.values()):
            address = f"http://site.example/{number}"
            writer.write(exchange(body, address, response_headers=tuple(headers.items())))
        writer.write(exchange(b"half", truncated="length", url="http://site.example/long"))
        writer.write(exchange(status=301, body=b"", response_headers=((b"Location", b"/new"),)))
        writer.write(exchange(status=404, body=b"gone", url="http://site.example/gone"))
        writer.write(exchange(status=304, body=b"", url="http://site.example/304"))
        writer.write(exchange(status=None, error="no such host", url="http://nowhere.example/"))
        writer.write_resource(
            "http://site.example/shot", b"\x89PNG", "image/png", datetime.now(UTC), [("via", "x")]
        )
    (warc,) = collection.sealed()
    said = warcio_check(warc)
    assert "digest pass" in said
    assert "fail" not in said


def test_zcat_and_warcio_see_the_same_records(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange())
    (warc,) = collection.sealed()
    plain = subprocess.run(["zcat", str(warc)], capture_output=True, check=True).stdout
    with warc.open("rb") as stream:
        kinds = [record.rec_type for record in WarcioIterator(stream)]
    assert kinds == ["warcinfo", "response", "request", "metadata"]
    assert plain.count(b"WARC/1.1\r\n") == len(kinds)


def test_a_record_says_how_it_was_fetched(collection: Collection, exchange: Made) -> None:
    tls = Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", (b"leaf", b"root"))
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange(tls=tls, notes=(("attempt", "2"),)))
    with collection.sealed()[0].open("rb") as stream:
        found = {r.rec_type: (r.rec_headers, r.content_stream().read()) for r in WarcioIterator(stream)}
    response, request = found["response"][0], found["request"][0]
    assert response["WARC-IP-Address"] == "127.0.0.1"
    assert ("WARC-Protocol", "tls/1.3") in response.headers
    assert ("WARC-Protocol", "http/1.1") in response.headers
    assert response["WARC-Cipher-Suite"] == "TLS_AES_256_GCM_SHA384"
    assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert response["WARC-Concurrent-To"] == request["WARC-Record-ID"]
    told = found["metadata"][1].decode()
    assert told.count("tls-certificate-der-base64: ") == 2
    assert "attempt: 2" in told
    assert "fetchTimeMs: 50" in told
    assert b"operator: Testers" in found["warcinfo"][1]


def test_chunk_framing_that_is_gone_is_not_announced(collection: Collection, exchange: Made) -> None:
    headers = ((b"transfer-encoding", b"chunked"), (b"X-Case", b"Kept"))
    with open_writer(collection, info=INFO) as writer:
        capture = writer.write(exchange(response_headers=headers)).result()
    assert capture
    stored = read_capture(collection, capture.file, capture.offset)
    assert stored.headers == ((b"X-Archive-Orig-transfer-encoding", b"chunked"), (b"X-Case", b"Kept"))


@pytest.mark.parametrize(
    "hostile",
    [
        {"url": "http://site.example/a\r\nWARC-Type: warcinfo\r\n\r\n"},
        {"reason": "OK\r\nInjected: yes"},
        {"response_headers": ((b"X", b"1\r\nInjected: yes"),)},
        {"notes": (("note", "1\r\nInjected: yes"),)},
        {"error": "1\nInjected: yes"},
        {"response_headers": ((b"X\r\nInjected", b"yes"),)},
        {"request_headers": ((b"X\r\nInjected", b"yes"),)},
        {"method": "GET / HTTP/1.1\r\nInjected: yes\r\n"},
        {"notes": (("note\r\nInjected", "yes"),)},
        {"url": "http://site.example/\u2028\x85\ud800"},
    ],
)
def test_nothing_from_the_web_can_end_a_header_line(
    collection: Collection, exchange: Made, hostile: dict[str, object]
) -> None:
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange(**hostile))
    (warc,) = collection.sealed()
    warcio_check(warc)
    plain = gzip.decompress(warc.read_bytes())
    assert b"\nInjected" not in plain
    assert plain.count(b"WARC-Type: warcinfo\r\n") == 1


@pytest.mark.parametrize(
    ("version", "protocol"),
    [("TLSv1.3", "tls/1.3"), ("TLSv1.2", "tls/1.2"), ("TLSv1", "tls/1.0"), ("SSLv3", "ssl/3")],
)
def test_protocols_are_named_as_the_warc_proposal_names_them(
    collection: Collection, exchange: Made, version: str, protocol: str
) -> None:
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange(tls=Tls(version, "x")))
    assert f"\r\nWARC-Protocol: {protocol}\r\n".encode() in gzip.decompress(
        collection.sealed()[0].read_bytes()
    )


@pytest.mark.parametrize(
    ("mime", "encoding", "stored"),
    [
        (b"image/jpeg", b"", True),
        (b"application/pdf", b"", True),
        (b"text/html", b"gzip", True),
        (b"text/html", b"", False),
        (b"text/html", b"identity", False),
        (b"image/svg+xml", b"", False),
    ],
)
def test_a_body_that_is_compressed_already_is_stored_and_others_are_deflated(
    collection: Collection, exchange: Made, mime: bytes, encoding: bytes, stored: bool
) -> None:
    body = b"synthetic " * 1000
    headers = ((b"Content-Type", mime), (b"Content-Encoding", encoding))
    with open_writer(collection, info=INFO) as writer:
        capture = writer.write(exchange(body, response_headers=headers)).result()
    assert capture
    assert (capture.length > len(body)) is stored
    assert read_capture(collection, capture.file, capture.offset).payload == body


def test_a_payload_seen_before_becomes_a_revisit_also_in_a_later_run(
    collection: Collection, exchange: Made
) -> None:
    with open_writer(collection, info=INFO) as writer:
        first = writer.write(exchange(url="http://site.example/1")).result()
        second = writer.write(exchange(url="http://site.example/2")).result()
    with open_writer(collection, info=INFO) as writer:
        third = writer.write(exchange(url="http://site.example/3")).result()
    assert first
    for later in (second, third):
        assert later
        assert later.record_type == "revisit"
        assert later.refers_to == first.record_id
        assert read_capture(collection, later.file, later.offset).payload == b"<html>synthetic</html>"
    for warc in collection.sealed():
        warcio_check(warc)


def test_a_full_file_is_sealed_and_the_next_begun(collection: Collection, exchange: Made) -> None:
    sealed: list[Path] = []
    with open_writer(collection, info=INFO, max_bytes=4000, on_seal=sealed.append) as writer:
        for number in range(10):
            writer.write(exchange(b"%d" % number * 500, f"http://site.example/{number}")).result()
    assert len(sealed) > 2
    assert sealed == collection.sealed()
    assert len(list(captures(collection))) == 10


def test_the_index_is_what_cdxj_indexer_would_make(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        for number in range(30):
            address = (
                f"http://mp.weixin.example/s?__biz=MzA=&mid={number % 7}&idx=1&sn={number % 3}&scene={number}"
            )
            writer.write(exchange(b"%d" % (number % 20), address))
    (warc,) = collection.sealed()
    theirs = io.StringIO()
    CDXJIndexer(theirs, [str(warc)], sort=True).process_all()
    ours = (collection.indexes / "index.cdxj").read_text().splitlines()
    assert len(ours) == 30
    for line, their_line in zip(ours, theirs.getvalue().splitlines(), strict=True):
        key, time, fields = line.split(" ", 2)
        their_key, their_time, their_fields = their_line.split(" ", 2)
        assert (key, time) == (their_key, their_time)
        assert json.loads(their_fields).items() <= json.loads(fields).items()


def test_the_index_can_be_made_again_from_the_files(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO, max_bytes=3000) as writer:
        for number in range(12):
            writer.write(exchange(b"%d" % number, f"http://site.example/{number % 5}"))
    before = (collection.indexes / "index.cdxj").read_bytes()
    (collection.indexes / "index.cdxj").unlink()
    assert rebuild_index(collection) == 12
    assert (collection.indexes / "index.cdxj").read_bytes() == before


def test_lookups_by_address_prefix_and_time(collection: Collection, exchange: Made) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with open_writer(collection, info=INFO) as writer:
        for day in range(5):
            when = start + timedelta(days=day)
            writer.write(exchange(b"%d" % day, "http://site.example/a/page", started_at=when))
            writer.write(exchange(b"x%d" % day, f"http://site.example/a/{day}", started_at=when))
        writer.write(exchange(b"other", "http://site.example.other.example/a")).result()
        assert len(lookup(collection, "https://site.example/a/page")) == 5, "also while the file is open"
    assert [c.time for c in lookup(collection, "http://site.example/a/page")] == sorted(
        c.time for c in lookup(collection, "http://site.example/a/page")
    )
    assert len(lookup_prefix(collection, "http://site.example/a/")) == 10
    near = lookup_closest(collection, "http://site.example/a/page", start + timedelta(days=2, hours=5))
    assert near
    assert near.time == start + timedelta(days=2)
    assert lookup(collection, "http://site.example/none") == []


def test_a_lookup_finds_just_what_reading_all_lines_would(collection: Collection, exchange: Made) -> None:
    drawn = random.Random(3)
    urls = [f"http://{drawn.choice('abc')}.example/{'/'.join(drawn.choices('xyz', k=2))}" for _ in range(150)]
    with open_writer(collection, info=INFO) as writer:
        for number, url in enumerate(urls):
            writer.write(exchange(b"%d" % number, url))
    everything = list(captures(collection))
    for url in {*urls, "http://0.example/", "http://zz.example/", "http://b.example/m"}:
        assert lookup(collection, url) == sorted(
            (each for each in everything if each.url == url), key=lambda each: each.time
        )
        assert {each.record_id for each in lookup_prefix(collection, url)} == {
            each.record_id for each in everything if each.url.startswith(url)
        }


def test_two_writers_at_once_have_files_of_their_own(collection: Collection, exchange: Made) -> None:
    def write(name: str) -> None:
        with open_writer(collection, info=INFO) as writer:
            for number in range(20):
                writer.write(exchange(f"{name}{number}".encode(), f"http://site.example/{name}/{number}"))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, "ab"))
    assert len(collection.sealed()) == 2
    assert len(list(captures(collection))) == 40
    for warc in collection.sealed():
        warcio_check(warc)


def test_a_disk_that_is_nearly_full_stops_the_writer_before_damage(
    collection: Collection, exchange: Made
) -> None:
    with (
        open_writer(collection, info=INFO, min_free_bytes=2**60) as writer,
        pytest.raises(DiskLow, match="free some"),
    ):
        writer.write(exchange()).result()
    assert collection.sealed() == []


def test_what_was_handed_over_is_archived_even_when_nobody_waits_any_more(
    collection: Collection, exchange: Made
) -> None:
    async def give_up(writer: ArchiveWriter) -> None:
        waiting = asyncio.wrap_future(writer.write(exchange()))
        waiting.cancel()
        await asyncio.sleep(0)

    with open_writer(collection, info=INFO) as writer:
        asyncio.run(give_up(writer))
        assert writer.write(exchange(b"next")).result(), "the writer goes on"
    assert len(list(captures(collection))) == 2


def test_what_cannot_be_made_into_a_record_fails_alone(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        unfit = exchange(response_headers=(("text", "where bytes belong"),))
        first, bad, last = (writer.write(each) for each in (exchange(b"1"), unfit, exchange(b"2")))
        assert first.result()
        assert last.result()
        with pytest.raises(WriteFailed):
            bad.result()
    warcio_check(collection.sealed()[0])


def test_a_capture_that_cannot_be_indexed_leaves_no_bytes_behind(
    collection: Collection, exchange: Made
) -> None:
    entry = exchange_entry(exchange(), lambda digest: None)
    late = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))

    def placed(file: str, offset: int, length: int) -> Capture:
        assert entry.placed
        return replace(entry.placed(file, offset, length), time=late)

    with open_writer(collection, info=INFO) as writer:
        refused = writer.write_entry(lambda: Entry(entry.records, placed), 0)
        assert isinstance(refused.exception(), WriteFailed)
        kept = writer.write(exchange(b"kept")).result()
    assert kept
    (path,) = collection.sealed()
    found = [each.kind for each in records(path) if isinstance(each, IncomingRecord)]
    assert found == ["warcinfo", "response", "request", "metadata"]
    assert not list(verify_collection(collection))


def test_revisits_refer_to_a_response_never_to_a_revisit(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        first = writer.write(exchange()).result()
    with open_writer(collection, info=INFO) as writer:
        waiting = [writer.write(exchange(url=f"http://site.example/{number}")) for number in range(9)]
        later = [each.result() for each in waiting]
    assert first
    for capture in later:
        assert capture
        assert capture.refers_to == first.record_id
        assert read_capture(collection, capture.file, capture.offset).payload == exchange().body


@pytest.mark.parametrize(
    "unfit",
    [{"body": b""}, {"truncated": "length"}, {"status": None, "error": "no answer"}],
    ids=["empty", "truncated", "failed"],
)
def test_some_exchanges_are_never_revisits_nor_repeated_by_one(
    collection: Collection, exchange: Made, unfit: dict[str, object]
) -> None:
    with open_writer(collection, info=INFO) as writer:
        captured = [writer.write(exchange(**unfit)).result() for _ in range(2)]
        last = writer.write(exchange()).result()
    assert all(capture is None or capture.record_type == "response" for capture in captured)
    assert last
    assert last.record_type == "response"


def test_a_payload_whose_file_is_gone_is_archived_again(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange())
    collection.sealed()[0].unlink()
    with open_writer(collection, info=INFO) as writer:
        capture = writer.write(exchange()).result()
    assert capture
    assert capture.record_type == "response"


def test_a_revisit_is_never_given_another_payload_of_its_address(
    collection: Collection, exchange: Made
) -> None:
    with open_writer(collection, info=INFO) as writer:
        first = writer.write(exchange(b"first")).result()
        writer.write(exchange(b"second")).result()
    with open_writer(collection, info=INFO) as writer:
        again = writer.write(exchange(b"first")).result()
    assert first
    assert again
    assert read_capture(collection, again.file, again.offset).payload == b"first"
    (collection.archive / first.file).unlink()
    with pytest.raises(CaptureMissing):
        read_capture(collection, again.file, again.offset)


FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.errors import WriteFailed
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
failed = 0
with open_writer(Collection(Path(sys.argv[1])), info=CrawlInfo("test")) as writer:
    for number in range(30):
        body = bytes([number]) * 10 + (b"%d " % number) * 4000
        headers = ((b"Content-Type", b"image/png"),)
        done = writer.write(Exchange(f"http://site.example/{number}", datetime.now(UTC), status=200,
                                     response_headers=headers, body=body))
        try:
            print(done.result().url)
        except WriteFailed:
            failed += 1
print(failed)
"""


def test_a_write_that_stops_in_mid_record_leaves_only_whole_records(collection: Collection) -> None:
    """The system refuses to let a file grow beyond 60,000 bytes, as a full disk would."""
    result = subprocess.run(
        [sys.executable, "-c", FULL, str(collection.root)], capture_output=True, text=True, check=True
    )
    *acknowledged, failed = result.stdout.split()
    assert 0 < int(failed) < 30
    (warc,) = collection.sealed()
    warcio_check(warc)
    assert {capture.url for capture in captures(collection)} == set(acknowledged)


def test_index_lines_that_could_not_be_written_are_made_again(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        writer.write(exchange(b"1", "http://site.example/1")).result()
        (journal,) = collection.indexes.glob("*.journal")
        journal.unlink()
        journal.mkdir()
        assert writer.write(exchange(b"2", "http://site.example/2")).result(), (
            "its bytes are safe all the same"
        )
        journal.rmdir()
    recover(collection)
    assert {capture.url for capture in captures(collection)} == {
        "http://site.example/1",
        "http://site.example/2",
    }


def test_a_writer_that_is_closed_says_so(collection: Collection, exchange: Made) -> None:
    with open_writer(collection, info=INFO) as writer:
        pass
    with pytest.raises(WriteFailed, match="closed"):
        writer.write(exchange()).result()


def test_each_file_is_announced_when_it_is_finished_and_a_refusal_stops_the_writer(
    collection: Collection, exchange: Made
) -> None:
    def refuse(path: Path) -> None:
        raise OSError(30, "Read-only file system")

    with (
        pytest.raises(ArchiveError, match="is safe, but the file could not be finished: Read-only"),
        open_writer(collection, info=INFO, on_seal=refuse) as writer,
    ):
        assert writer.write(exchange()).result()
    assert len(collection.sealed()) == 1


@pytest.mark.parametrize(
    "url", ["http://站点.example/虹膜?q=血样", "urn:sha256:00ff", "http://site.example/a b\nc", "x"]
)
def test_any_address_has_one_line_in_the_index(collection: Collection, exchange: Made, url: str) -> None:
    with open_writer(collection, info=INFO) as writer:
        capture = writer.write(exchange(url=url)).result()
    assert capture
    assert lookup(collection, capture.url) == [capture]
    assert len((collection.indexes / "index.cdxj").read_bytes().splitlines()) == 1


def test_wechat_articles_keep_the_four_parameters_that_identify_them(
    collection: Collection, exchange: Made
) -> None:
    article = "https://mp.weixin.qq.com/s?__biz=MzA4MjQ=&mid=26510&idx={}&sn=0a1b2c"
    with open_writer(collection, info=INFO) as writer:
        for number in (1, 2):
            writer.write(exchange(b"%d" % number, article.format(number)))
    assert [capture.url for capture in lookup(collection, article.format(2))] == [article.format(2)]
    (line, _) = (collection.indexes / "index.cdxj").read_text().splitlines()
    assert line.split()[0] == "com,qq,weixin,mp)/s?__biz=mza4mjq=&idx=1&mid=26510&sn=0a1b2c"
