"""Older captures come from web archives unchanged, under their own date, and say where they are from."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import Collection, read_capture
from archive.index import lookup
from db.session import connect
from tests.archive.writing.test_writer import warcio_check
from tests.crawler.conftest import SETTINGS
from tests.crawler.site import article, serving
from tests.crawler.web_archive import FIRST, GONE, LAST, PAGE, WebArchives, version, web_archives
from workspace.layout import Workspace
from workspace.settings import database_url, load_settings

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebArchives]:
    with web_archives(tmp_path_factory.mktemp("others")) as running:
        yield running


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return Collection(workspace.collection("default"))


def ways(archives: WebArchives) -> dict[str, dict[str, str]]:
    """Each way in which a web archive can be asked."""
    replay = archives.pywb + "/{timestamp}id_/{url}"
    return {
        "pywb": {"cdx": f"{archives.pywb}/cdx", "replay": replay},
        "wayback": {"cdx": f"{archives.other}/wayback", "replay": replay},
        "ranges": {"cdx": f"{archives.pywb}/cdx", "warcs": archives.other + "/warcs/{filename}"},
        "timemap": {"timemap": archives.pywb + "/timemap/link/{url}"},
        "timegate": {"timegate": archives.pywb + "/{url}"},
    }


def name(workspace: Workspace, *tables: dict[str, str]) -> None:
    """Names web archives in the settings."""
    text = SETTINGS + 'operator = "Synthetic Archivists"\n'
    for number, table in enumerate(tables):
        text += f'[[web_archive]]\nname = "Archive {number}"\n'
        text += "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
    workspace.settings_file.write_text(text)


def metadata(collection: Collection) -> list[str]:
    """What the metadata records say that tell of older captures."""
    told = []
    for path in collection.sealed():
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "metadata":
                    told.append(record.content_stream().read().decode())
    return [each for each in told if "taken-by" in each]


@pytest.mark.parametrize("way", ["pywb", "wayback", "ranges", "timemap", "timegate"])
def test_an_older_capture_is_kept_as_it_was_received(
    holdfast: Run, workspace: Workspace, collection: Collection, archives: WebArchives, way: str
) -> None:
    name(workspace, ways(archives)[way])
    result = holdfast("lookup", "--url", PAGE)
    assert result.returncode == 0, result.stderr
    kept = lookup(collection, PAGE)
    assert {capture.time for capture in kept} >= {FIRST, LAST}
    for capture in kept:
        stored = read_capture(collection, capture.file, capture.offset)
        assert stored.payload == version(capture.time), "the bytes before any decoding"
        assert stored.decoded() == article("identity", 417 if capture.time < LAST else 418)
        assert (stored.status, stored.record_type) == (200, "response")
        assert (b"Server", b"synthetic/1") in stored.headers
        field = dict(stored.warc_headers)
        assert field["WARC-Source-URI"] == capture.source_uri
        assert field["WARC-Creation-Date"] > field["WARC-Date"]
    for path in collection.sealed():
        warcio_check(path)
    told = metadata(collection)
    assert len(told) == len(kept)
    assert all("taken-by: Archive 0" in each and "fetched-by: Synthetic Archivists" in each for each in told)
    verdict = "yes" if way in ("pywb", "wayback", "ranges") else "not known"
    assert all(f"stated-digest-agrees: {verdict}" in each for each in told)


def test_what_has_one_digest_is_fetched_once_and_asking_again_fetches_nothing(
    holdfast: Run, workspace: Workspace, collection: Collection, archives: WebArchives
) -> None:
    name(workspace, *(ways(archives)[way] for way in ("pywb", "ranges")))
    for expected in (2, 0):
        told = json.loads(holdfast("lookup", "--url", PAGE, "--json").stdout)
        assert len(told["captures"]) == expected
        assert told["already_archived"] == 2 - expected
        assert told["problems"] == []
    assert [capture.time for capture in lookup(collection, PAGE)] == [FIRST, LAST]


def test_records_out_of_warc_files_keep_their_identity(
    holdfast: Run, workspace: Workspace, collection: Collection, archives: WebArchives
) -> None:
    name(workspace, ways(archives)["ranges"])
    holdfast("lookup", "--url", PAGE, "--versions", "1")
    (capture,) = lookup(collection, PAGE)
    assert f"{archives.other}/warcs/old-" in (capture.source_uri or "")
    assert "#bytes=" in (capture.source_uri or "")
    (told,) = metadata(collection)
    assert f"source-uri: {capture.source_uri}" in told


def test_it_is_read_like_any_other_page_and_traced_to_the_archive_it_came_from(
    holdfast: Run, workspace: Workspace, archives: WebArchives
) -> None:
    name(workspace, ways(archives)["wayback"])
    holdfast("lookup", "--url", PAGE)
    found = lines(holdfast("observations", "--format", "jsonl"))
    assert sorted(each["count_max"] for each in found) == [417, 418]
    told = holdfast("trace", found[0]["id"]).stdout
    assert "taken by others; had from " + archives.pywb in told.replace("\n", "")
    before = rows(workspace)
    assert holdfast("rebuild").returncode == 0
    assert rows(workspace) == before


def test_a_campaign_looks_up_the_pages_that_it_found_gone(
    holdfast: Run, workspace: Workspace, archives: WebArchives
) -> None:
    campaign = workspace.campaigns / "small.toml"
    with serving() as site:
        campaign.write_text(
            'name = "small"\ntitle = "合成"\nmodalities = ["dna"]\nkeywords = ["血样"]\n[region]\ncode = "54"\n'
            f'name = "合成"\n[period]\nstart = 2016-06-01\n[[source]]\nname = "合成"\nkind = "page"\n'
            f'url = "{site.url}/gone.html"\n[[source]]\nname = "合成2"\nkind = "page"\n'
            f'url = "{site.url}/identity.html"\n'
        )
        holdfast("crawl", "small")
        name(workspace, ways(archives)["pywb"])
        told = lines(holdfast("lookup", "small", "--json"))
        assert [each["url"] for each in told] == [f"{site.url}/gone.html"]


def test_errors_are_no_older_captures(
    holdfast: Run, workspace: Workspace, collection: Collection, archives: WebArchives
) -> None:
    name(workspace, ways(archives)["pywb"])
    result = holdfast("lookup", "--url", GONE, "--url", "http://www.gov.example/never.html")
    assert result.returncode == 0
    assert "never.html: no capture found" in result.stdout
    assert lookup(collection, GONE) == []


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"cdx": "{other}/broken", "replay": "{pywb}/{{timestamp}}id_/{{url}}"}, "no list of captures"),
        ({"cdx": "{other}/nowhere", "replay": "{pywb}/{{timestamp}}id_/{{url}}"}, None),
        ({"cdx": "{other}/busy", "replay": "{pywb}/{{timestamp}}id_/{{url}}"}, "left alone"),
        ({"cdx": "{pywb}/cdx", "replay": "{other}/nowhere/{{timestamp}}/{{url}}"}, "answered 404 without a capture"),
        ({"cdx": "{pywb}/cdx", "replay": "{pywb}/{{timestamp}}mp_/{{url}}"}, "only captures that it has rewritten"),
        ({"cdx": "{pywb}/cdx", "warcs": "{other}/whole/{{filename}}"}, "answered 200 when asked for a range"),
        ({"timemap": "http://127.0.0.1:9/{{url}}"}, "Archive 0: "),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_said_in_a_sentence_and_nothing_is_kept(
    holdfast: Run,
    workspace: Workspace,
    collection: Collection,
    archives: WebArchives,
    table: dict[str, str],
    said: str | None,
) -> None:
    name(
        workspace, {key: text.format(pywb=archives.pywb, other=archives.other) for key, text in table.items()}
    )
    result = holdfast("lookup", "--url", PAGE, "--versions", "1")
    assert result.returncode == (1 if said else 0), result.stderr
    assert (said or "") in result.stderr
    assert lookup(collection, PAGE) == []


def test_without_a_named_archive_none_is_asked(holdfast: Run) -> None:
    result = holdfast("lookup", "--url", PAGE)
    assert result.returncode == 2
    assert "no web archive is named in" in result.stderr


def lines(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def rows(workspace: Workspace) -> list[tuple[Any, ...]]:
    """The capture rows, without what a rebuild may not know."""
    engine = connect(database_url(workspace, load_settings(workspace)))
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "select id, url, time, source_uri, page_id, document_id, availability from capture order by id"
        ).all()
    engine.dispose()
    return [tuple(row) for row in found]
