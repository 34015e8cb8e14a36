"""Sample archives of other tools come in, verify and replay."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.collection import Collection
from archive.index import captures, stamp_of
from archive.reader import read_capture
from archive.replay import replay
from cli.main import main
from workspace.layout import Workspace, create_workspace

pytestmark = pytest.mark.real_pages

SAMPLES = (
    "warc_jwarc/*__cc.warc.gz",
    "warc_pywacz/*__example-collection.warc",
    "warc_pywacz/*__valid_signed_example_1.wacz",
    "warc_pywb/*__dupes.warc.gz",
    "warc_pywb/*__example-wget-1-14.warc.gz",
    "warc_pywb/*__example-wpull.warc.gz",
    "warc_pywb/*__example.arc.gz",
    "warc_pywb/*__example.warc.gz",
    "warc_pywb/*__iana.warc.gz",
    "warc_warcio/*__example-iana.org-chunked.warc",
    "warc_warcio/*__example-resource.warc.gz",
    "warc_warcio/*__example.warc.gz",
)
"""Of Common Crawl, Browsertrix, wget, wpull, the Internet Archive (ARC and WARC), pywb's recorder and warcio."""

DAMAGED = {
    "warc_warcio/*__example-trunc.warc": "the record's bytes do not have their block digest",
    "warc_warcio/*__example-wrong-chunks.warc.gz": "the record's bytes do not have their block digest",
    "warc_warcio/*__example-bad-non-chunked.warc.gz": "the record's bytes do not have their block digest",
}
"""What is wrong with them was wrong when they came, and is said at once and again by every check."""


@pytest.fixture(scope="module")
def brought(real_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """All sound samples in one workspace."""
    made = create_workspace(tmp_path_factory.mktemp("samples") / "workspace")
    before = os.environ.get("HOLDFAST_HOME")
    os.environ["HOLDFAST_HOME"] = str(made.root)
    paths = [str(path) for pattern in SAMPLES for path in real_pages.glob(pattern)]
    assert len(paths) == len(SAMPLES)
    assert main(["import", *paths]) == 0
    yield made
    os.environ.pop("HOLDFAST_HOME")
    if before is not None:
        os.environ["HOLDFAST_HOME"] = before


def test_they_verify(brought: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    assert "nothing wrong" in capsys.readouterr().err


def test_they_replay(brought: Workspace) -> None:
    """Each page that was answered with 200 is served with the very bytes that were archived."""
    collection = Collection(brought.collection("default"))
    pages = {each.payload_digest: each for each in captures(collection) if _is_page(each)}
    assert len(pages) > 15
    with replay(brought.root) as served:
        for capture in pages.values():
            address = f"{served}/default/{stamp_of(capture.time)}id_/{capture.url}"
            asked = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})  # noqa: S310 - on loopback
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - on loopback
                stored = read_capture(collection, capture.file, capture.offset)
                assert answer.read() in (stored.payload, stored.decoded()), capture.url


def _is_page(capture: Capture) -> bool:
    return capture.record_type == "response" and capture.status == 200 and capture.mime == "text/html"


@pytest.mark.parametrize("sample", DAMAGED)
def test_what_came_damaged_is_said_at_import_and_by_verify(
    real_pages: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sample: str,
) -> None:
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    (path,) = real_pages.glob(sample)
    main(["import", str(path)])
    assert "block digest" in capsys.readouterr().err
    assert main(["verify", "--json"]) == 0, "what came so is no damage of ours"
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert any(DAMAGED[sample] in each["problem"] and each["grade"] == "came so" for each in told)
