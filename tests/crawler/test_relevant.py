"""A campaign that keeps only what is relevant: of other articles the decision and the digest stay."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import Collection
from archive.digest import sha256
from archive.index import lookup
from crawler.relevance import NO_KEYWORD, Judge, why_not_kept
from db.campaigns import Terms
from db.session import connect
from parsers import read
from parsers.page import Page
from tests.crawler.site import Site, article, serving
from workspace.layout import Workspace
from workspace.settings import database_url, load_settings

Run = Callable[..., subprocess.CompletedProcess[str]]

CAMPAIGN = """name = "small"
title = "合成"
modalities = ["dna"]
keywords = {keywords}
keep = "relevant"
[region]
code = "54"
name = "合成"
[period]
start = 2016-06-01
[[source]]
name = "合成"
kind = "column"
url = "{site}/mixed.html"
"""

WEATHER = article("weather", 9).decode().replace("采集血样", "转移牛羊").encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


def name_campaign(workspace: Workspace, site: Site, *keywords: str) -> None:
    text = CAMPAIGN.format(site=site.url, keywords=json.dumps(keywords, ensure_ascii=False))
    (workspace.campaigns / "small.toml").write_text(text, encoding="utf-8")


def decisions(workspace: Workspace) -> list[tuple[Any, ...]]:
    engine = connect(database_url(workspace, load_settings(workspace)))
    with engine.connect() as connection:
        query = "select id, url, payload_digest, payload_bytes, status, time, reason, terms from not_kept"
        found = connection.exec_driver_sql(query).all()
    engine.dispose()
    return [tuple(row) for row in found]


def test_of_an_irrelevant_article_the_decision_and_the_digest_are_kept(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    name_campaign(workspace, site, "血樣")
    collection = Collection(workspace.collection("small"))
    told = json.loads(holdfast("crawl", "small", "--json").stdout)
    assert (told["pages"], told["not_kept"]) == (2, 1)
    (listed,) = map(json.loads, holdfast("not-kept", "--json").stdout.splitlines())
    assert (listed["url"], listed["reason"]) == (f"{site.url}/weather.html", decisions(workspace)[0][6])
    assert lookup(collection, f"{site.url}/weather.html") == []
    assert lookup(collection, f"{site.url}/identity.html")
    assert not site.seen["/image-9.png"], "nor is what it shows fetched"
    ((_, url, digest, size, status, *_),) = before = decisions(workspace)
    assert (url, digest, size, status) == (
        f"{site.url}/weather.html",
        sha256(WEATHER),
        len(WEATHER),
        200,
    )
    kept = b"".join(path.read_bytes() for path in collection.sealed())
    assert kept
    with collection.sealed()[0].open("rb") as stream:
        records = {
            record.rec_headers["WARC-Type"]: record.content_stream().read().decode("utf-8", "replace")
            for record in ArchiveIterator(stream)
            if record.rec_headers["WARC-Target-URI"] == url
        }
    assert list(records) == ["metadata"]
    assert f"payload-digest: {digest}" in records["metadata"]
    assert "not-kept-because: none of the campaign's keywords" in records["metadata"]

    assert holdfast("rebuild").returncode == 0
    assert decisions(workspace) == before

    holdfast("crawl", "small")
    assert site.seen["/weather.html"] == 1, "what was judged is not fetched again"
    name_campaign(workspace, site, "血样", "牛羊")
    holdfast("crawl", "small")
    assert lookup(collection, f"{site.url}/weather.html"), "by other keywords it is judged again"


def test_articles_in_tibetan_are_kept_because_only_people_can_judge_them() -> None:
    page = Path(__file__).parents[1] / "parsers" / "pages" / "generic" / "tibetan_article.html"
    reading = read(Page("https://zf.ceshi.example/bo/1.html", page.read_bytes()))
    judge = Judge(("血样",), Terms("54"))
    assert why_not_kept(reading, judge) is None
    assert reading.document
    in_chinese = replace(reading, document=replace(reading.document, language="zh"))
    assert why_not_kept(in_chinese, judge) == NO_KEYWORD


def test_pages_named_by_address_are_kept_whatever_they_say(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    name_campaign(workspace, site, "血样")
    told = json.loads(holdfast("crawl", "small", f"--url={site.url}/weather.html", "--json").stdout)
    assert (told["pages"], told["not_kept"]) == (1, 0)
    assert decisions(workspace) == []
