"""Articles in several pages become one document, each page a capture of its own; redirects by page are followed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from archive import Collection
from archive.index import lookup
from db.session import connect
from tests.crawler.site import Site, article, serving
from workspace.layout import Workspace
from workspace.settings import database_url, load_settings

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


def listed(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def documents(workspace: Workspace) -> list[tuple[Any, ...]]:
    engine = connect(database_url(workspace, load_settings(workspace)))
    with engine.connect() as connection:
        query = "select id, url, text, parts, capture_id from document where not superseded order by id"
        found = connection.exec_driver_sql(query).all()
    engine.dispose()
    return [tuple(row) for row in found]


@pytest.mark.parametrize(
    ("first", "later", "counts"),
    [
        ("t20210512_100001", ("t20210512_100001_1", "t20210512_100001_2"), [400, 401, 402]),
        ("c_100002", ("c_100002_2",), [400, 402]),
    ],
)
def test_the_pages_of_an_article_are_one_document(
    holdfast: Run, workspace: Workspace, site: Site, first: str, later: tuple[str, ...], counts: list[int]
) -> None:
    result = holdfast("crawl", f"--url={site.url}/{first}.html", "--no-requisites")
    assert result.returncode == 0, result.stderr
    names = (first, *later)
    collection = Collection(workspace.collection("default"))
    assert all(len(lookup(collection, f"{site.url}/{name}.html")) == 1 for name in names)
    (document,) = before = documents(workspace)
    assert document[1] == f"{site.url}/{first}.html"
    assert [document[2].count(f"血样{count}份") for count in counts] == [1] * len(counts)
    parts = json.loads(document[3])
    assert [part["url"] for part in parts] == [f"{site.url}/{name}.html" for name in names]
    assert [
        f"血样{count}份" in document[2][part["offset"] :] for count, part in zip(counts, parts, strict=True)
    ]

    found = listed(holdfast("observations", "--format", "jsonl"))
    assert sorted(each["count_max"] for each in found) == counts
    last = next(each for each in found if each["count_max"] == counts[-1])
    told = json.loads(holdfast("trace", last["id"], "--json").stdout)
    assert told["capture"]["url"] == f"{site.url}/{later[-1]}.html", "the quote stands on that page"
    assert len(listed(holdfast("pages", "--format", "jsonl"))) == 1

    holdfast("rebuild")
    assert documents(workspace) == before


def test_a_part_that_comes_later_completes_the_document(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    alone = f"{site.url}/c_100002_2.html"
    holdfast("crawl", f"--url={alone}", "--no-requisites")
    (document,) = documents(workspace)
    assert (document[1], json.loads(document[3])) == (alone, []), (
        "without the first page it stands for itself"
    )
    holdfast("crawl", f"--url={site.url}/c_100002.html", "--no-requisites")
    ((_, url, _, parts, _),) = before = documents(workspace)
    assert url == f"{site.url}/c_100002.html"
    assert len(json.loads(parts)) == 2
    holdfast("rebuild")
    assert documents(workspace) == before


def test_pages_of_an_article_may_be_told_apart_by_a_parameter(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    paths = ("/show?id=3", "/show?id=3&page=2", "/show?id=3&page=3")
    for number, path in enumerate(paths, start=1):
        pager = '<a href="/show?id=3&amp;page=1">1</a> <a href="/show?id=4">下一篇</a>'
        if number < len(paths):
            pager += f'<a href="/show?page={number + 1}&amp;id=3">下一页</a>'
        page = article("long", 400 + number).decode()
        site.pages[path] = page.replace("</body>", f"<div>{pager}</div></body>")
    site.pages["/show?page=2&id=3"] = site.pages[paths[1]]
    site.pages["/show?page=3&id=3"] = site.pages[paths[2]]
    result = holdfast("crawl", f"--url={site.url}{paths[0]}", "--no-requisites")
    assert result.returncode == 0, result.stderr
    ((_, url, text, parts, _),) = before = documents(workspace)
    assert url == f"{site.url}{paths[0]}"
    assert [text.count(f"血样{400 + number}份") for number in (1, 2, 3)] == [1, 1, 1]
    assert len(json.loads(parts)) == 3
    holdfast("rebuild")
    assert documents(workspace) == before


@pytest.mark.parametrize("name", ["refresh", "script"])
def test_a_redirect_by_the_page_itself_is_followed(
    holdfast: Run, workspace: Workspace, site: Site, name: str
) -> None:
    assert holdfast("crawl", f"--url={site.url}/{name}.html", "--no-requisites").returncode == 0
    collection = Collection(workspace.collection("default"))
    assert lookup(collection, f"{site.url}/{name}.html")
    assert [document[1] for document in documents(workspace)] == [f"{site.url}/identity.html"]
