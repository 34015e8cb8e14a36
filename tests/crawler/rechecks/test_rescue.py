"""When pages of a publisher go, its other pages are captured at once, with their pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer
from parsers.availability.states import Availability
from tests.crawler.changing_site import PAGES, WECHAT, Answer, Case, article, changing_web
from tests.crawler.checking import BEGAN, HTML, run, use
from workspace.layout import Workspace, create_workspace

PICTURE = '<img src="/202105/photo.png">'
GONE = Answer("synthetic: gone", 404)
SITE = Case("going", Availability.NOT_FOUND, GONE, Answer(article()))
ACCOUNT = "平安达日"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "work")


def archive(workspace: Workspace, pages: dict[str, str]) -> None:
    """Archives pages (address and HTML) as they stood in 2021, without their pictures."""
    collection = Collection(workspace.collection("default"))
    with open_writer(collection, info=CrawlInfo("default")) as writer:
        for url, html in pages.items():
            writer.write(Exchange(url, BEGAN, status=200, response_headers=HTML, body=html.encode()))
    assert run(workspace, "rebuild").returncode == 0


def at(case: Case, path: str) -> str:
    return case.url.removesuffix(case.path) + path


def wechat(number: int, account: str = ACCOUNT) -> str:
    """An article of one account."""
    html = WECHAT.replace("2650000101", f"26500001{number:02d}").replace("mp.weixin.", "mp.weixin.going.")
    return html.replace(ACCOUNT, account).replace("采集血样260份", f"采集血样26{number}份")


@pytest.mark.parametrize("vanished", [1, 2])
def test_a_site_whose_pages_vanish(workspace: Workspace, vanished: int) -> None:
    """One page goes every week somewhere; two at once are a sign."""
    texts = {f"/202105/{n}.html": article(50 + n, PICTURE) for n in range(5)}
    now = {path: GONE if n < vanished else Answer(text) for n, (path, text) in enumerate(texts.items())}
    now["/202105/photo.png"] = Answer("synthetic picture", headers={"Content-Type": "image/png"})
    case = replace(SITE, also=now)
    archive(workspace, {at(case, path): text for path, text in texts.items()})
    looked_at, others = list(texts)[:vanished], list(texts)[vanished:]
    with changing_web((case,)) as web:
        use(workspace, web)
        web.later = True
        check = ["check", *(f"--url={at(case, path)}" for path in looked_at)]
        result = run(workspace, *check)
        assert result.returncode == 0, result.stderr
        captured = {path for path in others if web.asked[at(case, path)]}
        if vanished == 1:
            assert not captured
            assert not web.asked[at(case, "/202105/photo.png")]
            return
        assert (
            "www.going.example: 2 of its 5 pages vanished within 7 days; capturing its other pages now (3)"
            in result.stderr
        )
        assert captured == set(others)
        assert web.asked[at(case, "/202105/photo.png")] == 1
        run(workspace, *check)
        assert {web.asked[at(case, path)] for path in others} == {1}, "what is fresh is not fetched again"
    assert run(workspace, "verify").returncode == 0


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ((PAGES / "wechat" / "notice_account_cancelled.html").read_text("utf-8"), "its account was closed"),
        (wechat(1, "平安合成"), "its account is called 平安合成 now, and was called 平安达日"),
    ],
    ids=["closed", "renamed"],
)
def test_an_account_that_is_closed_or_renamed(workspace: Workspace, now: str, why: str) -> None:
    case = Case("going", Availability.ACCOUNT_CLOSED, Answer(now), host="mp.weixin", path="/s/first")
    other = at(case, "/s/other")
    case.also["/s/other"] = Answer(wechat(2))
    archive(workspace, {case.url: wechat(1), other: wechat(2)})
    with changing_web((case,)) as web:
        use(workspace, web)
        web.later = True
        result = run(workspace, "check", f"--url={case.url}")
        assert f"平安达日: {why}; capturing its other pages now (1)" in result.stderr
        assert web.asked[other] == 1
