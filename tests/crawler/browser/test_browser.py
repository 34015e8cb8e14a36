"""A page opened in Chromium: what is kept of it, what its traffic may do, and what happens without a browser."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from fastwarc.warc import ArchiveIterator
from PIL import Image
from pypdf import PdfReader

from archive import Collection
from tests.archive.writing.test_writer import warcio_check
from tests.chromium import chromium_path
from tests.crawler.site import Site, colour_of, photo, serving
from tests.starter import holdfast
from workspace.layout import Workspace, create_workspace

Run = Callable[..., subprocess.CompletedProcess[str]]
Record = tuple[dict[str, str], bytes]

pytestmark = pytest.mark.browser

SETTINGS = "download_delay = 0\nmin_free_bytes = 0\ntimeout = 10\nbrowser_sandbox = false\n"


@dataclass(frozen=True)
class Visited:
    """What one crawl with the browser left: the site as it was asked, and what is kept of its page `address`."""

    site: Site
    address: str
    said: str
    home: Path

    @property
    def collection(self) -> Collection:
        return Collection(self.home / "collections" / "default")

    def holdfast(self, *arguments: str) -> str:
        return run(self.home, *arguments).stdout


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return holdfast("--home", home, *arguments)


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    chromium_path()
    workspace = create_workspace(tmp_path_factory.mktemp("browser") / "work")
    workspace.settings_file.write_text(SETTINGS)
    with serving() as site:
        address = f"{site.url}/lazy.html"
        result = run(workspace.root, "crawl", "--url", address, "--browser")
        assert result.returncode == 0, result.stderr
        yield Visited(site, address, result.stdout, workspace.root)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture
def browsing(workspace: Workspace) -> Workspace:
    chromium_path()
    workspace.settings_file.write_text(SETTINGS)
    return workspace


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return Collection(workspace.collection("default"))


def records(collection: Collection) -> dict[tuple[str, str], Record]:
    """Headers and content of every record, by its kind and address, as FastWARC reads them."""
    found = {}
    for path in collection.sealed():
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=True):
                headers = dict(record.headers)
                kind = headers["WARC-Type"], headers.get("WARC-Target-URI", "")
                found[kind] = headers, record.reader.read()
    return found


def test_a_page_is_pictured_whole_with_what_comes_into_view(visited: Visited, tmp_path: Path) -> None:
    assert "1 pages were opened in the browser too" in visited.said
    held = records(visited.collection)
    page, _ = held["response", visited.address]
    picture, png = held["resource", f"urn:fullPage:{visited.address}"]
    printed, pdf = held["resource", f"urn:pdf:{visited.address}"]
    assert {picture["WARC-Concurrent-To"], printed["WARC-Concurrent-To"]} == {page["WARC-Record-ID"]}
    image = Image.open(BytesIO(png)).convert("RGB")
    assert image.height > 3600, "the whole height, not the window's"
    shown = {colour for _, colour in image.getcolors(2**24) or ()}
    assert {colour_of(number) for number in (1, 3, 4)} <= shown
    text = "".join(leaf.extract_text() for leaf in PdfReader(BytesIO(pdf)).pages)
    assert "synthetic words of a script" in text
    assert visited.site.seen["/lazy.html"] == 1, "shown from the archived bytes"
    for path in visited.collection.sealed():
        warcio_check(path)


def test_what_the_page_asks_for_is_archived_as_received_and_asked_for_once(visited: Visited) -> None:
    site, held = visited.site, records(visited.collection)
    for number in (1, 3, 4):
        assert held["response", f"{site.url}/photo-{number}.png"][1] == photo(number)
    assert ("response", f"{site.url}/photo-2.png") in held, "the redirect has a record of its own"
    for name in ("lazy.js", "words.json", "photo-1.png", "photo-4.png"):
        assert site.seen[f"/{name}"] == 1, name
        assert ("request", f"{site.url}/{name}") in held
        assert b"asked-for-by: " in held["metadata", f"{site.url}/{name}"][1]
    said = json.loads(held["response", f"{site.url}/words.json"][1])
    assert said == {"cookie": "seen=yes", "referer": visited.address, "words": said["words"]}


def test_a_page_can_neither_send_nor_lead_away_nor_reach_a_network_by_itself(visited: Visited) -> None:
    for path in ("/post.html", "/elsewhere.html", "/socket"):
        assert not visited.site.seen[path], path
    notes = records(visited.collection)["metadata", f"urn:fullPage:{visited.address}"][1].decode()
    assert "1 leads to another page" in notes
    assert "1 would send something" in notes


def test_pictures_of_pages_are_no_pages(visited: Visited) -> None:
    """What a PDF of ours says must not be counted a second time, not even after a rebuild."""
    for _ in range(2):
        pages = [json.loads(line)["url"] for line in visited.holdfast("pages", "--json").splitlines()]
        assert visited.address in pages
        assert not [url for url in pages if url.startswith("urn:")]
        assert len(visited.holdfast("observations", "--json").splitlines()) == 1
        assert run(visited.home, "rebuild", "default").returncode == 0
    assert run(visited.home, "verify").returncode == 0


def test_what_the_page_asked_for_is_listed_as_browsertrix_lists_it(visited: Visited) -> None:
    site, held = visited.site, records(visited.collection)
    _, listed = held["resource", f"urn:pageinfo:{visited.address}"]
    info = json.loads(listed)
    assert info["url"] == visited.address
    assert info["urls"][f"{site.url}/lazy.js"] == {"status": 200, "mime": "text/javascript", "type": "script"}
    assert info["urls"][f"{site.url}/words.json"]["type"] == "fetch"
    assert not [url for url in info["urls"] if url.endswith(("/post.html", "/elsewhere.html"))]


def test_a_package_of_the_page_holds_its_pictures_and_what_its_scripts_asked_for(
    visited: Visited, tmp_path: Path
) -> None:
    target = tmp_path / "page.wacz"
    visited.holdfast("export", "wacz", "--page", visited.address, "-o", str(target))
    with zipfile.ZipFile(target) as wacz, wacz.open("archive/data.warc.gz") as warc:
        packed = {record.headers.get("WARC-Target-URI") for record in ArchiveIterator(warc)}
    made = {f"{kind}{visited.address}" for kind in ("urn:fullPage:", "urn:pdf:", "urn:pageinfo:")}
    assert made <= packed
    assert {f"{visited.site.url}/lazy.js", f"{visited.site.url}/words.json"} <= packed, (
        "what scripts asked for"
    )


def test_a_source_of_a_campaign_asks_for_it_and_lists_are_not_pictured(
    holdfast: Run, site: Site, browsing: Workspace
) -> None:
    (browsing.campaigns / "test.toml").write_text(CAMPAIGN.format(url=site.url))
    result = holdfast("crawl", "test", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["renditions"] == 1
    held = records(Collection(browsing.collection("test")))
    assert ("resource", f"urn:fullPage:{site.url}/gbk.html") in held


def test_without_a_browser_pages_are_archived_and_one_sentence_says_so(
    holdfast: Run, site: Site, workspace: Workspace, collection: Collection
) -> None:
    workspace.settings_file.write_text(SETTINGS + 'chromium = "/nowhere/chromium"\n')
    addresses = [f"--url={site.url}/{name}.html" for name in ("identity", "gzip")]
    result = holdfast("crawl", *addresses, "--browser")
    assert result.returncode == 1
    assert result.stderr.count("/nowhere/chromium is no program") == 1
    assert "archived 2 pages" in result.stdout
    assert "WRONG browser" in holdfast("doctor").stdout


def test_a_browser_that_does_not_start_is_one_sentence(
    holdfast: Run, site: Site, workspace: Workspace
) -> None:
    workspace.settings_file.write_text(SETTINGS + 'chromium = "/bin/false"\n')
    result = holdfast("crawl", "--url", f"{site.url}/identity.html", "--browser")
    assert "archived 1 pages" in result.stdout
    assert "the page is archived, but without a picture: /bin/false could not be started" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_browser_that_is_killed_leaves_the_page_good(
    command: Callable[..., list[str]], site: Site, browsing: Workspace, collection: Collection
) -> None:
    address = f"{site.url}/fatal.html"
    words = command("crawl", "--url", address, "--browser")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def kill() -> None:
        for child in psutil.Process(process.pid).children(recursive=True):
            if "chrom" in child.name():
                child.kill()

    site.on_fatal = kill
    said, errors = process.communicate(timeout=120)
    assert "archived 1 pages" in said
    assert errors.count("the page is archived, but without a picture") == 1
    assert "Traceback" not in errors
    assert ("response", address) in records(collection)


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
kind = "page"
url = "{url}/list.html"
browser = true
[[source]]
name = "with"
kind = "page"
url = "{url}/gbk.html"
browser = true
[[source]]
name = "without"
kind = "page"
url = "{url}/identity.html"
"""
