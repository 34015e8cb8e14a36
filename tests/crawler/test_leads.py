"""A crawl goes on from what is relevant: articles of the same account, deeper lists, more pages of a list."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.crawler.site import Site, article, serving
from tests.crawler.socks import socks
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]

CAMPAIGN = """name = "small"
title = "合成"
modalities = ["dna"]
keywords = ["血样"]
[region]
code = "54"
name = "合成"
[period]
start = 2016-06-01
[[source]]
name = "合成"
kind = "column"
"""

BIZ, OTHER = "MzA0MDAwMDAwMA==", "MzA0MDAwMDAwMQ=="
REPORT = "6月1日，旁多派出所采集血样35份。"
ELSEWHERE = "6月1日，上海市浦东新区公安分局采集血样35份。"
WEATHER = "6月1日，民警帮助群众转移牛羊。"


def address(mid: int, biz: str = BIZ) -> str:
    """The path of an article by its number."""
    return f"/s?__biz={biz}&mid={mid}&idx=1&sn={mid:032x}"


def wechat(mid: int, text: str, *links: str) -> str:
    """An article of a WeChat account that links others."""
    anchors = "".join(f'<a href="https://mp.weixin.example{link}">往期回顾</a>' for link in links)
    return f"""<html><head><meta property="og:title" content="合成测试页面 {mid}">
<meta property="og:url" content="https://mp.weixin.example{address(mid)}"></head>
<body id="activity-detail" class="zh_CN mm_appmsg"><div id="img-content"><h2 id="activity-name">合成 {mid}</h2>
<a id="js_name">平安林周</a><div id="js_content"><p>This page is synthetic. 本页为合成测试页面。{text}</p>{anchors}
</div></div>
<script>var biz = "{BIZ}"; var mid = "{mid}"; var idx = "1"; var sn = "{mid:032x}"; var ct = "1622600000";
var nickname = "平安林周"; var user_name = "gh_0000000000b2"; var msg_title = '合成测试页面 {mid}';
</script></body></html>"""


def feed(*paths: str) -> str:
    """A feed of articles."""
    items = "".join(
        f"<item><title>合成</title><link>https://mp.weixin.example{path.replace('&', '&amp;')}</link></item>"
        for path in paths
    )
    return f'<rss version="2.0"><channel><title>synthetic</title>{items}</channel></rss>'


def column(title: str, *, more: str = "", page: int = 0, pages: int = 1) -> str:
    """A page of a column with three articles of one title, and perhaps a 更多 link to another column."""
    rows = "".join(
        f'<li><a href="t20210512_{page}{n}.html">{title}{n}</a><span>2021-05-12</span></li>' for n in range(3)
    )
    onward = f'<h2>警务动态 <a href="{more}">更多</a></h2>' if more else ""
    pager = f'<script>createPageHTML({pages}, {page}, "index", "html");</script>'
    head = "<head><title>合成列表</title></head>"
    return f"<html>{head}<body>synthetic{onward}<ul>{rows}</ul>{pager}</body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(tls=True) as served:
        yield served


def crawled(holdfast: Run, *more: str) -> int:
    """Crawls the campaign; gives how many pages it archived."""
    result = holdfast("crawl", "small", "--json", *more)
    assert result.returncode == 0, result.stderr
    return int(json.loads(result.stdout)["pages"])


def test_a_relevant_article_leads_to_others_of_its_account(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    first, second, third, beside, abroad, behind, foreign = (*map(address, range(1, 7)), address(7, OTHER))
    site.pages = {
        "/feed.xml": feed(first, abroad),
        first: wechat(1, REPORT, second, beside, foreign, first),
        second: wechat(2, REPORT, third, first),
        third: wechat(3, REPORT),
        beside: wechat(4, WEATHER, behind),
        abroad: wechat(5, ELSEWHERE, behind),
        behind: wechat(6, REPORT),
        foreign: wechat(7, REPORT),
    }
    with socks(site.server_port) as proxy:
        source = f'url = "https://mp.weixin.example/feed.xml"\nproxy = "socks5h://{proxy.address}"\n'
        (workspace.campaigns / "small.toml").write_text(CAMPAIGN + source, encoding="utf-8")
        assert crawled(holdfast) == 5
        assert {site.seen[path] for path in (first, second, third, beside, abroad)} == {1}
        assert not site.seen[behind], "neither what is beside the matter nor what is elsewhere leads on"
        assert not site.seen[foreign], "another account is another source"
        assert crawled(holdfast) == 0


def test_what_an_earlier_run_was_led_to_is_fetched_by_the_next(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    first, second, behind = map(address, range(1, 4))
    site.pages = {
        "/feed.xml": feed(),
        first: wechat(1, REPORT, second),
        second: wechat(2, WEATHER, behind),
        behind: wechat(3, REPORT),
    }
    with socks(site.server_port) as proxy:
        workspace.settings_file.open("a").write(f'proxy = "socks5h://{proxy.address}"\n')
        source = 'url = "https://mp.weixin.example/feed.xml"\n'
        (workspace.campaigns / "small.toml").write_text(CAMPAIGN + source, encoding="utf-8")
        assert crawled(holdfast, f"--url=https://mp.weixin.example{first}") == 1
        assert not site.seen[second], "a page that was asked for by address is fetched alone"
        assert holdfast("rebuild").returncode == 0
        assert crawled(holdfast) == 1
        assert site.seen[second] == 1
        assert not site.seen[behind]


def test_an_article_may_be_a_list_of_others(holdfast: Run, workspace: Workspace, site: Site) -> None:
    index, first, second, behind = map(address, range(1, 5))
    site.pages = {
        index: wechat(1, WEATHER, first, second),
        first: wechat(2, WEATHER, behind),
        second: wechat(3, WEATHER),
        behind: wechat(4, WEATHER),
    }
    with socks(site.server_port) as proxy:
        source = f'url = "https://mp.weixin.example{index}"\nproxy = "socks5h://{proxy.address}"\n'
        (workspace.campaigns / "small.toml").write_text(CAMPAIGN + source, encoding="utf-8")
        assert crawled(holdfast) == 3
        assert not site.seen[behind]


def test_a_list_that_names_relevant_articles_is_followed_deeper_and_further(
    holdfast: Run, workspace: Workspace
) -> None:
    relevant, other = "民警开展采集血样工作", "民警开展走访慰问工作"
    with serving() as site:
        site.pages = {
            "/rich/": column(relevant, pages=3, more="/rich/more/"),
            "/rich/index_1.html": column(other, page=1, pages=3),
            "/rich/index_2.html": column(relevant, page=2, pages=3),
            "/rich/more/": column(other, more="/rich/more/more/"),
            "/poor/": column(other, pages=3, more="/poor/more/"),
            "/poor/index_1.html": column(relevant, page=1, pages=3),
            "/poor/more/": column(relevant),
            **{
                f"{folder}/t20210512_{page}{n}.html": article("identity", 1).decode()
                for folder in ("/rich", "/rich/more", "/poor")
                for page in range(2)
                for n in range(3)
            },
        }
        sources = "".join(
            f'[[source]]\nname = "{name}"\nkind = "column"\nurl = "{site.url}/{name}/"\ndepth = 0\npages = 1\n'
            for name in ("rich", "poor")
        )
        campaign = CAMPAIGN.partition("[[source]]")[0] + sources
        (workspace.campaigns / "small.toml").write_text(campaign, encoding="utf-8")
        crawled(holdfast)
        assert [site.seen[path] for path in ("/rich/index_1.html", "/rich/more/")] == [1, 1]
        beyond = ("/rich/index_2.html", "/rich/more/more/")
        assert not any(site.seen[path] for path in beyond), "what names none is followed as its source says"
        assert not any(site.seen[path] for path in ("/poor/index_1.html", "/poor/more/"))
