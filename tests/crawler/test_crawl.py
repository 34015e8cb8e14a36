"""A crawl keeps what the wire carried, survives what servers do, and goes on after any interruption."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archive import Collection, read_capture
from archive.index import captures, lookup
from tests.archive.writing.test_writer import warcio_check
from tests.crawler.site import NAMES, Site, article, sent, serving
from tests.db.archived import archive_pages
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return Collection(workspace.collection("default"))


def payloads(collection: Collection) -> dict[str, bytes]:
    """Every response's payload by address, as an independent reader (FastWARC) sees it."""
    found = {}
    for path in collection.sealed():
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
                found[record.headers["WARC-Target-URI"]] = record.reader.read()
    return found


def test_every_body_is_kept_as_received(holdfast: Run, site: Site, collection: Collection) -> None:
    addresses = [f"--url={site.url}/{name}.html" for name in (*NAMES, "moved", "gone")]
    result = holdfast("crawl", *addresses)
    assert result.returncode == 1, "the 404 is listed as a failure"
    assert f"failed: {site.url}/gone.html: the server answered 404" in result.stderr
    held = payloads(collection)
    for name in NAMES:
        assert held[f"{site.url}/{name}.html"] == sent(name), name
    assert held[f"{site.url}/moved.html"] == b"moved"
    assert b"404" in held[f"{site.url}/gone.html"]
    assert f"{site.url}/robots.txt" in held
    for path in collection.sealed():
        warcio_check(path)


def test_requests_addresses_and_tls_are_recorded(holdfast: Run, collection: Collection) -> None:
    with serving(tls=True) as site:
        assert holdfast("crawl", "--url", f"{site.url}/identity.html").returncode == 0
    with collection.sealed()[0].open("rb") as stream:
        records = [(r.rec_headers, r.http_headers, r.content_stream().read()) for r in WarcioIterator(stream)]
    kept = {(h["WARC-Type"], h["WARC-Target-URI"]): (h, http, body) for h, http, body in records}
    address = f"{site.url}/identity.html"
    response, request, metadata = (kept[kind, address] for kind in ("response", "request", "metadata"))
    assert {request[0]["WARC-Concurrent-To"], metadata[0]["WARC-Concurrent-To"]} == {
        response[0]["WARC-Record-ID"]
    }
    assert response[0]["WARC-IP-Address"] == "127.0.0.1"
    assert response[0]["WARC-Cipher-Suite"]
    assert request[1]["User-Agent"].startswith("holdfast")
    assert request[1]["Host"] == site.url.removeprefix("https://")
    assert b"tls-certificate-der-base64: " in metadata[2]
    assert response[1].get_header("Server"), "headers keep their names as sent"


def test_every_attempt_is_archived(holdfast: Run, site: Site, collection: Collection) -> None:
    assert holdfast("crawl", "--url", f"{site.url}/flaky.html").returncode == 0
    assert [capture.status for capture in lookup(collection, f"{site.url}/flaky.html")] == [500, 200]


@pytest.mark.parametrize(
    ("name", "reason"), [("cut.html", "disconnect"), ("big.bin", "length"), ("hang.html", "time")]
)
def test_a_body_that_breaks_off_is_kept_and_marked(
    holdfast: Run, site: Site, collection: Collection, name: str, reason: str
) -> None:
    holdfast("crawl", "--url", f"{site.url}/{name}", "--no-requisites")
    found = lookup(collection, f"{site.url}/{name}")
    assert found
    assert {capture.truncated for capture in found} == {reason}
    for path in collection.sealed():
        warcio_check(path)


def test_a_server_that_cannot_be_reached_is_recorded_and_reported(
    holdfast: Run, collection: Collection
) -> None:
    with serving() as site:
        address = f"{site.url}/identity.html"
    result = holdfast("crawl", "--url", address)
    assert result.returncode == 1
    assert f"failed: {address}: " in result.stderr
    with collection.sealed()[0].open("rb") as stream:
        told = [r.content_stream().read() for r in WarcioIterator(stream) if r.rec_type == "metadata"]
    assert any(b"error: " in each for each in told)


def test_robots_txt_is_obeyed(holdfast: Run, site: Site) -> None:
    result = holdfast("crawl", "--url", f"{site.url}/private/page.html")
    assert "robots.txt forbids it" in result.stderr
    assert not site.seen["/private/page.html"]


def test_pictures_are_fetched_once_and_pages_are_not_fetched_again(
    holdfast: Run, site: Site, collection: Collection
) -> None:
    address = f"{site.url}/identity.html"
    holdfast("crawl", "--url", address)
    again = holdfast("crawl", "--url", address, "--json")
    assert json.loads(again.stdout)["already_archived"] == 1
    assert site.seen["/identity.html"] == 1
    assert sum(count for path, count in site.seen.items() if path.startswith("/image-")) == 1
    holdfast("crawl", "--url", address, "--again")
    assert [capture.record_type for capture in lookup(collection, address)] == ["response", "revisit"]


def test_addresses_that_no_record_can_hold_are_left_out_and_told_in_the_log(
    holdfast: Run, site: Site, workspace: Workspace
) -> None:
    long = "a" * 60_000
    shown = f'<img src="/image-1.png?{long}"><img src="/image-2.png"></body>'
    site.pages["/long.html"] = article("long").decode().replace("</body>", shown)
    site.pages["/redirect.html"] = f'<html><meta http-equiv="refresh" content="0; url=/b?{long}"></html>'
    names = ("long", "redirect")
    assert holdfast("crawl", *(f"--url={site.url}/{name}.html" for name in names)).returncode == 0
    assert site.seen["/image-2.png"] == 1
    assert not [path for path in site.seen if len(path) > 10_000]
    log = "".join(path.read_text() for path in workspace.root.glob("logs/*"))
    assert log.count("the address is longer than 8192 bytes") == 2
    refused = holdfast("crawl", f"--url={site.url}/{long}")
    assert refused.returncode == 2
    assert "is longer than 8192 bytes, and is not fetched" in refused.stderr
    assert len(refused.stderr) < 300


def test_styles_and_what_they_show_are_fetched_once(
    holdfast: Run, site: Site, collection: Collection
) -> None:
    address = f"{site.url}/styled.html"
    assert holdfast("crawl", "--url", address).returncode == 0
    assert {site.seen[path] for path in ("/main.css", "/more.css", "/image-7.png")} == {1}
    assert payloads(collection)[f"{site.url}/more.css"].startswith(b"p { color")
    assert holdfast("crawl", "--url", address, "--again").returncode == 0
    assert site.seen["/styled.html"] == 2
    assert site.seen["/main.css"] == 1


def test_nothing_is_fetched_for_imported_pages_unless_it_is_asked_for(
    holdfast: Run, site: Site, tmp_path: Path
) -> None:
    page = article("styled").replace(b"<head>", b'<head><link rel="stylesheet" href="/main.css">', 1).decode()
    theirs, _ = archive_pages(tmp_path / "theirs", (f"{site.url}/styled.html", page))
    assert holdfast("import", theirs.sealed()[0]).returncode == 0
    other = f"{site.url}/identity.html"
    assert holdfast("crawl", "--url", other).returncode == 0
    assert site.seen["/main.css"] == 0
    assert holdfast("crawl", "--url", other, "--imported").returncode == 0
    assert site.seen["/main.css"] == 1
    assert site.seen["/styled.html"] == 0


CAMPAIGN = """
name = "test"
title = "Synthetic"
modalities = ["dna"]
keywords = ["血样"]
[region]
code = "54"
name = "西藏自治区"
[period]
start = 2016-06-01
[[source]]
name = "list"
kind = "column"
url = "{url}/list.html"
"""


def test_kill_9_in_the_middle_then_the_same_command_again(
    command: Callable[..., list[str]], holdfast: Run, workspace: Workspace
) -> None:
    with serving(articles=120) as site:
        (workspace.campaigns / "test.toml").write_text(CAMPAIGN.format(url=site.url))
        for _ in range(3):
            process = subprocess.Popen(
                command("crawl", "test"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            already = sum(site.seen.values())
            while sum(site.seen.values()) < already + random.randint(15, 60) and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert holdfast("crawl", "test").returncode == 0
        expected = {f"{site.url}/{name}.html" for name in NAMES}
        expected |= {f"{site.url}/article-{number}.html" for number in range(1, 121)}
    collection = Collection(workspace.collection("test"))
    counts = Counter(c.url for c in captures(collection) if c.record_type == "response" and c.url in expected)
    assert set(counts) == expected
    listed = holdfast("pages", "--json", "--limit", "1000").stdout.splitlines()
    pages = Counter(json.loads(line)["url"] for line in listed)
    assert all(pages[url] == 1 for url in expected)
    for path in collection.sealed():
        warcio_check(path)
    for capture in captures(collection):
        assert read_capture(collection, capture.file, capture.offset).payload_digest == capture.payload_digest


def test_ctrl_c_finishes_what_is_under_way_and_seals(
    command: Callable[..., list[str]], workspace: Workspace
) -> None:
    with serving(articles=300) as site:
        (workspace.campaigns / "test.toml").write_text(CAMPAIGN.format(url=site.url))
        process = subprocess.Popen(
            command("crawl", "test"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        while sum(site.seen.values()) < 40 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    collection = Collection(workspace.collection("test"))
    assert not collection.unsealed(), said
    assert list(captures(collection))
    assert "Traceback" not in said


def test_trace_leads_from_a_figure_to_the_archived_bytes(
    holdfast: Run, site: Site, collection: Collection
) -> None:
    holdfast("crawl", "--url", f"{site.url}/gzip.html")
    (observed,) = [json.loads(line) for line in holdfast("observations", "--json").stdout.splitlines()]
    chain = json.loads(holdfast("trace", observed["id"], "--json").stdout)
    capture = chain["capture"]
    stored = read_capture(collection, capture["file"], capture["offset"])
    assert capture["payload_digest"] == f"sha256:{hashlib.sha256(stored.payload).hexdigest()}"
    assert stored.payload == sent("gzip")
    assert observed["quote"] in stored.decoded().decode()


def test_a_disk_that_is_nearly_full_stops_the_crawl_in_order(
    holdfast: Run, site: Site, workspace: Workspace
) -> None:
    workspace.settings_file.write_text(f"download_delay = 0\nmin_free_bytes = {2**60}\n")
    result = holdfast("crawl", "--url", f"{site.url}/identity.html")
    assert result.returncode == 1
    assert "free some" in result.stderr
    assert "Traceback" not in result.stderr
