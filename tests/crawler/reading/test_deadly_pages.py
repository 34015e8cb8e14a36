"""A page that brings its reader down, or that its reader never comes to an end with, costs a crawl only that page.

A family of the test's own does so in every reading process: Python loads it at its start, as `sitecustomize`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from db.session import connect as db_connect
from tests.crawler.conftest import SETTINGS
from tests.crawler.site import Site, article, serving
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]

MARK = "invented page that no reader survives"
WARNING = "reading it brought the reading process down or did not come to an end; its bytes are kept"

START = """
import parsers.families
parsers.families.__path__.append({folder!r})
"""

FAMILY = """
import os, time
NAME, PRIORITY = "deadly", 1
def claims(page, head):
    return {mark!r} in page.body
def read(page, head):
    {does}
"""

WAYS = {"brings its reader down": "os._exit(9)", "never ends": "time.sleep(3600)"}


@pytest.fixture
def holdfast(command: Callable[..., list[str]]) -> Run:
    """Runs the command in a process that starts from nothing: a copy of another would not have the family."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        words = command(*arguments)
        return subprocess.run(words, capture_output=True, text=True, timeout=200, check=False)

    return run


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.pages["/deadly.html"] = (
            article("identity", 7).decode().replace("</body>", f"<p>{MARK}</p></body>")
        )
        yield served


@pytest.fixture(params=WAYS)
def deadly(
    request: pytest.FixtureRequest, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """From the call on, every process that is started has the family."""

    def begin() -> None:
        start, families = tmp_path / "start", tmp_path / "families"
        start.mkdir()
        families.mkdir()
        (start / "sitecustomize.py").write_text(START.format(folder=str(families)))
        family = FAMILY.format(mark=MARK.encode(), does=WAYS[request.param])
        (families / "deadly.py").write_text(family)
        monkeypatch.setenv("PYTHONPATH", str(start))
        workspace.settings_file.write_text(SETTINGS + "reading_seconds = 10\n")

    return begin


def rows(workspace: Workspace) -> dict[str, tuple[bool, list[str]]]:
    """Whether each page has a document, and its warnings, by the name in its address."""
    with closing(connect(workspace.database_file)) as store:
        query = "select url, document_id is not null, warnings from capture where url not like '%robots.txt'"
        found = store.execute(query).fetchall()
    return {url.rsplit("/", 1)[1]: (bool(has), json.loads(warnings or "[]")) for url, has, warnings in found}


def test_the_crawl_that_meets_it_goes_on(
    holdfast: Run, workspace: Workspace, site: Site, deadly: Callable[[], None]
) -> None:
    deadly()
    names = ("article-1.html", "deadly.html", "article-2.html")
    result = holdfast("crawl", *(f"--url={site.url}/{name}" for name in names), "--no-requisites")
    assert result.returncode == 1
    assert f"failed: {site.url}/deadly.html: {WARNING}" in result.stderr
    found = rows(workspace)
    assert found.keys() == set(names)
    assert found["deadly.html"] == (False, [WARNING])
    assert found["article-1.html"][0]
    assert found["article-2.html"][0]


def test_one_that_an_earlier_crawl_left_behind_does_not_block_the_next(
    holdfast: Run, workspace: Workspace, site: Site, deadly: Callable[[], None]
) -> None:
    names = ("article-1.html", "deadly.html", "article-2.html")
    assert (
        holdfast("crawl", *(f"--url={site.url}/{name}" for name in names), "--no-requisites").returncode == 0
    )
    workspace.database_file.unlink()
    db_connect(f"sqlite:///{workspace.database_file}").dispose()  # it is there before anything is archived
    deadly()
    result = holdfast("crawl", f"--url={site.url}/article-3.html", "--no-requisites")
    assert result.returncode == 0, result.stderr
    found = rows(workspace)
    assert found.keys() == {*names, "article-3.html"}
    assert found["deadly.html"] == (False, [WARNING])
    assert all(found[name][0] for name in found if name != "deadly.html")
    assert site.seen["/deadly.html"] == 1
