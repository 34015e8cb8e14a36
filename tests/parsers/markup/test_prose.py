"""The text a reader sees, in the order it is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Image
from parsers.markup.html import absolute, parse
from parsers.markup.prose import one_line, plain, prose

BASE = "https://www.gov.example/a/b.html"
LONG = "采集血样工作有序推进。" * 20

TABLE = [
    ("paragraphs", "<p>一</p><p>二</p>", "一\n二"),
    ("nested spans are one line", "<p><span>采集</span><span><b>血</b>样</span></p>", "采集血样"),
    ("nested sections", "<section><section>一</section></section><section>二</section>", "一\n二"),
    ("br is a line", "<p>一<br>二<br/><br/>三</p>", "一\n二\n三"),
    ("text beside blocks", "<div>前<div>中</div>后</div>", "前\n中\n后"),
    ("a source line break between Chinese is nothing", "<p>采集\n      血样</p>", "采集血样"),
    ("a source line break beside Latin is a space", "<p>DNA\nsample</p>", "DNA sample"),
    ("a source line break across spans", "<p><span>采集</span>\n<span>血样</span></p>", "采集血样"),
    ("entities", "<p>甲&amp;乙&nbsp;&lt;丙&gt; &#x4e01;</p>", "甲&乙 <丙> 丁"),
    ("ideographic indent goes", "<p>\u3000\u3000开头</p>", "开头"),
    ("ideographic space within is one space", "<p>张三\u3000\u3000李四</p>", "张三 李四"),
    ("zero-width characters go", "<p>采\u200b集\ufeff血\u2060样\u200d</p>", "采集血样"),
    ("full-width forms stay", "<p>１２３份（Ａ）：％</p>", "１２３份（Ａ）：％"),
    ("empty paragraphs go", "<p>一</p><p>&nbsp;</p><p><br></p><p>二</p>", "一\n二"),
    ("scripts, styles, noscript", "<p>一</p><script>x</script><style>y</style><noscript>z</noscript>", "一"),
    ("comments are no text", "<p>一<!-- 二 -->三</p>", "一三"),
    ("display none", "<p>一</p><p style='color:red; DISPLAY : none'>二</p>", "一"),
    ("visibility hidden", "<p>一<span style='visibility:hidden'>二</span></p>", "一"),
    ("fully transparent", "<p>一<span style='opacity:0;'>二</span><span style='opacity:0.0'>三</span></p>", "一"),
    ("half transparent is seen", "<p>一<span style='opacity: 0.5'>二</span></p>", "一二"),
    ("no size", "<p>一<span style='font-size:0px'>二</span><span style='font-size: 0.9em'>三</span></p>", "一三"),
    ("a size of its own within none", "<p style='font-size:0'>一<span style='font-size: 16px'>二</span>三</p>", "二"),
    ("a share of none is none", "<p style='font-size:0'>一<b style='font-size: 120%'>二</b></p><p>三</p>", "三"),
    ("hidden attribute", "<p>一</p><p hidden>二</p>", "一"),
    ("a table row by row", "<table><tr><th>地</th><th>数</th></tr><tr><td>甲</td><td>1</td></table>", "地\t数\n甲\t1"),
    ("paragraphs in a cell", "<table><tr><td><p>甲</p><p>乡</p></td><td>12</td></tr></table>", "甲 乡\t12"),
    ("a table inside a data row", "<table><tr><td>甲</td><td>乙</td></tr></table><p>后</p>", "甲\t乙\n后"),
    ("a layout table", f"<table><tr><td><p>{LONG}</p><p>二</p></td><td>侧</td></table>", f"{LONG}\n二\n侧"),
    ("one cell is no row of data", "<table><tr><td><p>一</p><p>二</p></td></tr></table>", "一\n二"),
    ("preformatted lines", "<pre>一\n二</pre>", "一\n二"),
    ("lists", "<ul><li>一</li><li>二</li></ul>", "一\n二"),
    ("a second html document amid the page", "<html><body><p>头</p></body></html><div><p>正文</p></div>", "头\n正文"),
    ("unclosed tags", "<div><p>一<p>二<b>三", "一\n二三"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "text"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert prose(parse(markup), BASE).text == text


def test_the_root_may_be_hidden_itself() -> None:
    root = parse("<div id=c style='visibility:hidden;opacity:0'><p>一</p></div>").find(".//div")
    assert root is not None
    assert prose(root).text == "一"


def test_elements_named_by_id_are_left_out() -> None:
    found = prose(parse("<p>一</p><p id=x>二</p><p>三</p>"), hidden_ids=frozenset(("x",)))
    assert found.text == "一\n三"


def test_pictures_keep_their_place_and_their_words() -> None:
    markup = (
        "<p><img src=../0.jpg alt=' 题 图 '></p><p>采集<img src='data:x' data-src='//img.example/1'>血样</p>"
        "<p>完</p><img src='data:image/png;base64,AA'><img data-original=2.png>"
    )
    found = prose(parse(markup), BASE)
    assert found.text == "采集血样\n完"
    assert found.images == (
        Image("https://www.gov.example/0.jpg", "题 图", 0),
        Image("https://img.example/1", "", 2),
        Image("https://www.gov.example/a/2.png", "", 6),
    )


def test_background_pictures_count_if_asked_for() -> None:
    markup = "<section style='background:url(&quot;https://img.example/bg.png&quot;) no-repeat'>一</section>"
    assert prose(parse(markup), BASE).images == ()
    assert prose(parse(markup), BASE, backgrounds=True).images == (Image("https://img.example/bg.png"),)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("./c.html", "https://www.gov.example/a/c.html"),
        ("../../c.html", "https://www.gov.example/c.html"),
        (" //x.example/c ", "https://x.example/c"),
        ("javascript:void(0)", None),
        ("JavaScript:void(0)", None),
        ("#top", None),
        ("mailto:a@b.example", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_links_become_addresses(url: str, address: str | None) -> None:
    assert absolute(url, BASE) == address


def test_plain_text_keeps_its_lines() -> None:
    assert plain("一 \r\n\n\u3000二\u200b\t三") == "一\n二 三"
    assert one_line(" 一\n\u3000 二\u200b ") == "一 二"


@given(
    st.lists(
        st.sampled_from(
            ["<div>", "</div>", "<p>", "<td>", "<tr>", "<table>", "<br>", "<img src=a>", "一", " ", "x"]
        )
    )
)
def test_text_is_settled_and_offsets_lie_in_it(pieces: list[str]) -> None:
    found = prose(parse("".join(pieces)), BASE)
    assert found.text == found.text.strip("\n ")
    assert "\n\n" not in found.text
    assert all(line == line.strip() for line in found.text.split("\n"))
    assert all(0 <= image.offset <= len(found.text) for image in found.images)
    assert [image.offset for image in found.images] == sorted(image.offset for image in found.images)
    assert len(found.images) == sum(piece.startswith("<img") for piece in pieces)
