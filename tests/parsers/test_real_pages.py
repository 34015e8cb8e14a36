"""Real saved website pages read as their manifest says.

The manifest's body is the text of the article's container, taken whole: captions and the editor's closing line
belong to it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from parsers import read
from parsers.document import Document
from parsers.page import LinkRole, Page, PageKind, Reading

pytestmark = pytest.mark.real_pages

ARTICLES = ("gov_article", "thepaper", "news")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")
_STATED_WRONGLY = {
    # The page itself says 来源：半月谈; the manifest gives the site's name.
    ("trafilatura/tests__eval__xinhuanet.com.c_1125597921.html", "source"),
}
SEEN = {
    # file: title, publication time as shown on the page, publisher, length of the text without white space
    "GNE/tests__163__3.html": (
        '奖金711万元！"中国诺贝尔奖"首位获奖女性啥来头?',
        "2019-09-08 00:20:15",
        "网易",
        2469,
    ),
    "GNE/tests__163__4.html": (
        "华为Mate20X 5G版半天不到需充电 耗电制约5G芯片",
        "2019-09-07 19:53:27",
        "网易",
        3980,
    ),
    "GNE/tests__163__9.html": (
        "5月20日至31日，京沪高速无锡至江阴大桥至广陵枢纽段封闭！",
        "2019-05-17",
        "网易",
        1076,
    ),
    "GNE/tests__baijiahao__1.html": (
        "英国美女在殡仪馆工作太痛苦，转行当美人鱼！每小时收入近千元",
        "2019-10-08 12:00",
        "百家号",
        1117,
    ),
    "GNE/tests__baijiahao__2.html": (
        "日本最后一家传呼机公司停止服务，殡仪馆为BB机送终",
        "2019-09-30 22:46",
        "百家号",
        297,
    ),
    "GNE/tests__baijiahao__4.html": (
        "一袭汉服，一架古筝，90后彭静旋异国他乡只为传播中华文化",
        "2020-01-14 17:58",
        "百家号",
        1988,
    ),
    "GNE/tests__cjddsb__1.html": (
        "常德市金融系统积极开展“金融知识普及月 金融知识进万家”活动",
        "2019-09-23 14:34:05",
        "当代商报",
        655,
    ),
    "GNE/tests__csdn__1.html": (
        "第三届知道安全论坛鸟巢举办 知道创宇发布新版ZoomEye",
        "2014-08-24 21:30",
        "CSDN",
        3549,
    ),
    "GNE/tests__ednchina__1.html": (
        "阿里发布最强AI芯片：性能“吊打”同行，一块顶十块GPU",
        "2019-09-25",
        "EDN电子技术设计",
        1883,
    ),
    "GNE/tests__guancha__3.html": (
        "苹果回应“违反中国劳动法”：大多数指控错误",
        "2019-09-09 19:32:27",
        "观察者网",
        446,
    ),
    "GNE/tests__hexun__1.html": (
        "交通运输部：着力打造京津冀区域综合立体交通网络",
        "2019-09-26 10:56:28",
        "和讯网",
        126,
    ),
    "GNE/tests__huanqiu__1.html": (
        "补壹刀：别笑！18人的“新八国联军”今天成立了",
        "2020-06-05 20:35",
        "环球网",
        3010,
    ),
    "GNE/tests__ifeng__1.html": (
        "女童眼睛被塞几十片纸，“无法用科学解释”",
        "2019-11-25 16:04:30",
        "凤凰网",
        3951,
    ),
    "GNE/tests__ifeng__3.html": ("疫情防控常态化下，长春市的新经济之路", "2020-09-11 18:05", "凤凰网", 1177),
    "GNE/tests__mingridapan__1.html": (
        "最新出炉联合国贸发报告：2019年全球经济增长率降至2.3%",
        "2019-09-26 10:09:11",
        None,
        131,
    ),
    "GNE/tests__qq__2.html": (
        "棱镜|数据业大整顿：爬虫与现金贷共生共荣，用户信息几元不等",
        "2019-09-23 07:48",
        "腾讯网",
        3387,
    ),
    "GNE/tests__sina__sina.html": (
        "最强“中国芯”本月商用 华为抢跑5G芯片大战",
        "2019-09-07 04:04",
        "新浪",
        1618,
    ),
    "GNE/tests__toutiao__2.html": (
        "最不愁吃肉的国家：顿顿有肉吃，却要靠中国运输蔬菜水果",
        "2019-09-08 11:42:03",
        "今日头条",
        None,
    ),
    "GNE/tests__toutiao__3.html": (
        "海螺沟寻子一个月：儿子消失在眼前十几米，搜寻无果母亲不舍离去",
        "2019-09-09 16:01:46",
        "今日头条",
        3524,
    ),
    "GNE/tests__toutiao__4.html": (
        "较强冷空气来袭 全国多地开启“抖抖抖”模式",
        "2019-11-25 10:37:31",
        "今日头条",
        1526,
    ),
    "GNE/tests__toutiao__5.html": (
        "顺丰小哥汪勇连升3级，国家授予特别奖：时代永远在奖励解决问题的摆渡人",
        "2020-03-09 18:14:21",
        "今日头条",
        3464,
    ),
    "GNE/tests__toutiao__toutiao.html": (
        "英国独立游戏，经典游戏规则与RPG成长冒险元素结合体验",
        "2019-09-04 22:18:34",
        "今日头条",
        371,
    ),
}
"""What a person reads on the pages for which the manifest has no truth (looked at one by one)."""


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    lines = (folder / "manifest.jsonl").read_text("utf-8").splitlines()
    return {row["file"]: row for row in map(json.loads, lines)}


def reading_of(folder: Path, row: dict[str, Any]) -> Reading:
    url = (row["url"] or "").split(" ")[0]
    return read(
        Page(
            url if url.startswith("http") else "",
            (folder / row["file"]).read_bytes(),
            content_type="text/html",
        )
    )


def dense(text: str) -> str:
    return _INVISIBLE.sub("", text)


def truths(document: Document, row: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """(read, true) by field, for the fields that the manifest has."""
    text, published = dense(document.text), document.published
    stated = (row.get("publish_date") or "").split(" (")[0]
    shown = published.at.strftime("%Y-%m-%d %H:%M:%S")[: len(stated)] if published else ""
    pairs = {
        "title": (document.title, row.get("title")),
        "date": (shown, stated),
        "publisher": (document.publisher, row.get("site")),
        "account": (document.account, row.get("account")),
        "source": (document.source, row.get("source")),
        "body length": (len(text), row.get("body_chars")),
        "body start": (text[:30], row.get("body_first_30_chars")),
        "body end": (text[-30:], row.get("body_last_30_chars")),
    }
    return {
        field: pair
        for field, pair in pairs.items()
        if pair[1] and (row["file"], field) not in _STATED_WRONGLY
    }


def test_every_article_of_the_manifest_reads_as_it_says(real_pages: Path) -> None:
    wrong, counted = [], 0
    for row in rows(real_pages).values():
        if row["kind"] not in ARTICLES or not row.get("title"):
            continue
        document = reading_of(real_pages, row).document
        assert document is not None, row["file"]
        found = truths(document, row)
        counted += len(found)
        wrong += [(row["file"], field, *pair) for field, pair in found.items() if pair[0] != pair[1]]
    assert counted > 60
    assert wrong == []


@pytest.mark.parametrize(("file", "seen"), SEEN.items(), ids=SEEN)
def test_a_page_reads_as_a_person_reads_it(
    real_pages: Path, file: str, seen: tuple[str, str, str | None, int | None]
) -> None:
    title, published, publisher, length = seen
    document = reading_of(real_pages, rows(real_pages)[file]).document
    assert document is not None
    assert document.title == title
    assert document.published is not None
    assert document.published.at.isoformat(" ").startswith(published)
    assert document.publisher == publisher
    assert length is None or len(dense(document.text)) == length


def test_every_column_of_the_manifest_lists_its_items(real_pages: Path) -> None:
    listed = {}
    for row in rows(real_pages).values():
        if row["kind"] == "gov_listing":
            reading = reading_of(real_pages, row)
            assert reading.kind is PageKind.LISTING
            items = [link for link in reading.links if link.role is LinkRole.ARTICLE]
            assert all(link.date and link.title for link in items), row["file"]
            listed[row["file"]] = (len(items), row["items"])
    assert len(listed) == 4
    assert [file for file, (found, true) in listed.items() if found != true] == []


@pytest.mark.parametrize(
    ("file", "following"),
    [
        ("transcribed/xj_zrzyt_list.excerpt.html", "common_list_2.shtml"),
        ("transcribed/gx_zrzyt_list.excerpt.html", "index_1.shtml"),
        ("transcribed/ndrc_list.excerpt.html", "index_1.html"),
    ],
)
def test_a_real_column_says_where_it_goes_on(real_pages: Path, file: str, following: str) -> None:
    links = reading_of(real_pages, rows(real_pages)[file]).links
    assert [link.url.rsplit("/", 1)[-1] for link in links if link.role is LinkRole.NEXT] == [following]
