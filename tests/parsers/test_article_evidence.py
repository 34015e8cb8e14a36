"""Where an article's title, labels, body and author are looked for."""

from __future__ import annotations

import pytest

from parsers.article.byline import author_in
from parsers.article.headline import headline, site_in, without_site
from parsers.article.labels import read_labels
from parsers.article.main_text import main_container
from parsers.article.published import url_date
from parsers.markup.html import parse
from parsers.markup.metas import metas_of

PROSE = "民警走进村里，为群众办理登记，大家都说方便。" * 3


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>甲乙丙丁戊的活动_某网</title><h1>甲乙丙丁戊的活动</h1>", "甲乙丙丁戊的活动"),
        (
            "<title>甲乙丙丁戊的活动-某网</title><h1>某网首页</h1><div class=art-title>甲乙丙丁戊的活动</div>",
            "甲乙丙丁戊的活动",
        ),
        ("<title>某网</title><meta property=og:title content=甲乙丙丁戊><h1>频道</h1>", "甲乙丙丁戊"),
        ("<title>甲乙丙丁戊的活动 - 工作动态 - 某网</title>", "甲乙丙丁戊的活动"),
        (
            "<title>甲乙丙丁戊的活动已经开展...</title><meta name=ArticleTitle content=甲乙丙丁戊的活动已经开展起来>"
            "<h1>甲乙丙丁戊的活动已经开展...</h1>",
            "甲乙丙丁戊的活动已经开展起来",
        ),
        ("<title>甲乙丙丁戊的活动_政务_某新闻</title><h1>甲乙丙丁戊的活动...</h1>", "甲乙丙丁戊的活动..."),
        (
            '<title>奖金！"首位"啥来头?_某新闻</title><meta property=og:title content="奖金！"首位">'
            '<h1>奖金！"首位"啥来头?</h1>',
            '奖金！"首位"啥来头?',
        ),
        ("<title></title><h1>只有一个\u200b标题在此</h1>", "只有一个标题在此"),
        ("", ""),
    ],
)
def test_the_title_is_the_heading_that_the_page_title_repeats(markup: str, title: str) -> None:
    dom = parse(markup)
    assert headline(dom, metas_of(dom))[0] == title


def test_the_site_is_named_after_the_title() -> None:
    assert site_in("甲乙丙丁戊_工作动态_洛云县人民政府", "甲乙丙丁戊") == "洛云县人民政府"
    assert site_in("甲乙丙丁戊", "甲乙丙丁戊") is None
    assert without_site("5G-A网络覆盖全县") == "5G-A网络覆盖全县"


@pytest.mark.parametrize(
    ("pieces", "source", "author", "at"),
    [
        (["来源：洛云公安", "发布时间：2020-01-02 03:04"], "洛云公安", None, "2020-01-02 03:04"),
        (["信息来源：", "洛云县公安局", "作者：", "责任编辑：王五"], "洛云县公安局", None, None),
        (["2020-01-02 来源: 测试日报 作者: 扎西 浏览次数：5"], "测试日报", "扎西", None),
        (["来源:", "字号：大 中 小"], None, None, None),
        (["稿源：央视网 | 编辑：赵六 | 2020年1月2日"], "央视网", None, None),
        (["来源CSDN", "作者魏某某"], "CSDN", "魏某某", None),
        (["发布日期：2020年1月2日", "时间：2021-01-01"], None, None, "2020-01-02 00:00"),
    ],
)
def test_labels_say_what_follows_them(
    pieces: list[str], source: str | None, author: str | None, at: str | None
) -> None:
    labels = read_labels(pieces, "here")
    assert (labels.source, labels.author) == (source, author)
    assert (labels.published.at.strftime("%Y-%m-%d %H:%M") if labels.published else None) == at


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (
            f"<div id=a><p>{PROSE}</p><p>{PROSE}</p></div><div id=b>{'<a href=x>相关新闻，标题</a>' * 20}</div>",
            "a",
        ),
        (f"<div id=o><div id=a>{PROSE}<br>{PROSE}</div></div>", "a"),
        (
            f"<div id=x class=comment-list><p>{PROSE}</p></div><div id=a><p>{PROSE}</p><p>{PROSE}</p></div>",
            "a",
        ),
        (
            f"<div id=a class=js_share_area><p>{PROSE}</p></div><div class=footer>主办：某办公室，承办：某中心。</div>",
            "a",
        ),
        (
            f"<div id=o><h1>标题，很长的标题</h1><div>发布时间：2020-01-02 来源：某地</div>"
            f"<div id=a><p>{PROSE}</p></div></div>",
            "a",
        ),
        ("<div id=b><a href=x>没有正文，只有链接，没有正文</a></div>", None),
        ("", None),
    ],
)
def test_the_body_is_the_element_with_the_most_prose(markup: str, found: str | None) -> None:
    container = main_container(parse(markup))
    assert (container.get("id") if container is not None else None) == found


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("新华社测试6月9日电（记者唐样本）正文正文。", "唐样本"),
        ("本报讯（记者 张测试 通讯员 李样本）正文。", "张测试 李样本"),
        ("正文。\n阿根廷举行。（张样本）", "张样本"),
        ("正文。这座城！（评论员 罗样 萧样本）\n责任编辑：焦某", "罗样 萧样本"),
        ("正文。\n（责任编辑：系统管理员）", None),
        ("正文。（图片来源网络）", None),
        ("正文没有署名。", None),
        ("", None),
    ],
)
def test_the_author_is_who_signed(text: str, author: str | None) -> None:
    assert author_in(text) == author


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2019-09/08/c_1.htm", "2019-09-08"),
        ("https://a.example/20260916/dbc37c/c.html", "2026-09-16"),
        ("https://a.example/201909/t20190918_693227.shtml", "2019-09-18"),
        ("https://a.example/art/2019/9/18/art_1_2.html", "2019-09-18"),
        ("https://a.example/2019/0918/c1-2.html", "2019-09-18"),
        ("https://a.example/col/col20191399/index.html", None),
        ("https://a.example/x/12345678.html", None),
    ],
)
def test_an_address_may_name_the_day(url: str, day: str | None) -> None:
    assert url_date(url) == day
