"""Which addresses stand for the same page."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers.identity import WeChatId, canonical, is_temporary, page_key, wechat_id

SN = "0123456789abcdef0123456789abcdef"
LONG = f"https://mp.weixin.example/s?__biz=MzA0MDAwMDAwMA==&mid=2650000001&idx=2&sn={SN}"

SAME_ADDRESS = [
    pytest.param(LONG, LONG, id="long WeChat address"),
    pytest.param(LONG.replace("https", "http"), LONG, id="WeChat over plain http"),
    pytest.param(f"{LONG}&chksm=8c&scene=21&srcid=09#wechat_redirect", LONG, id="WeChat noise"),
    pytest.param(LONG.replace("&", "&amp;"), LONG, id="escaped once"),
    pytest.param(LONG.replace("&", "&amp;amp;"), LONG, id="escaped twice"),
    pytest.param(LONG.replace("==", "%3D%3D"), LONG, id="percent-encoded account"),
    pytest.param(LONG.replace("==", "%253D%253D"), LONG, id="percent-encoded twice"),
    pytest.param(LONG.replace("&", "\\x26"), LONG, id="as a script writes it"),
    pytest.param(
        f"http://mp.weixin.example/mp/appmsg/show?__biz=MzA0MDAwMDAwMA==&appmsgid=2650000001&itemidx=2&sign={SN}",
        LONG,
        id="names of before 2014",
    ),
    pytest.param(
        "http://mp.weixin.example/s/Ab_c-12345678901234567?from=timeline#rd",
        "https://mp.weixin.example/s/Ab_c-12345678901234567",
        id="short WeChat address",
    ),
    pytest.param(
        "HTTP://WWW.Gov.Example:80/A/t20200101_1.html?spm=a.b&utm_source=x#top",
        "http://www.gov.example/A/t20200101_1.html",
        id="port, tracking, fragment",
    ),
    pytest.param(
        "http://gov.example/a.jsp;jsessionid=0A1B?id=3&PHPSESSID=9",
        "http://gov.example/a.jsp?id=3",
        id="session ids",
    ),
    pytest.param(
        "http://news.example/中文?q=采集",
        "http://news.example/%E4%B8%AD%E6%96%87?q=%E9%87%87%E9%9B%86",
        id="IRI",
    ),
    pytest.param(
        "https://news.example/?copy=1&id=2", "https://news.example/?copy=1&id=2", id="no entity in &copy"
    ),
    pytest.param("https://news.example", "https://news.example/", id="empty path"),
    pytest.param("https://app.example/#!/a/1", "https://app.example/#!/a/1", id="a fragment that routes"),
    pytest.param("http://[::1]:80/a", "http://[::1]/a", id="IPv6"),
    pytest.param("  urn:uuid:1 ", "urn:uuid:1", id="no web address"),
    pytest.param("http://[broken", "http://[broken", id="not an address"),
]

SAME_PAGE = [
    (LONG, LONG.replace(SN, "f" * 32)),
    (LONG, f"http://mp.weixin.example/s?mid=2650000001&__biz=MzA0MDAwMDAwMA%3D%3D&idx=2&sn={SN}&scene=1"),
    ("http://www.gov.example/a.html", "https://gov.example/a.html"),
    ("https://m.news.example/n1/2020/c1.html", "http://www.news.example/n1/2020/c1.html"),
    ("https://wap.news.example/c1.html", "https://news.example/c1.html?utm_medium=wx"),
    ("https://m.thepaper.cn/detail/123", "https://www.thepaper.cn/newsDetail_forward_123"),
    ("http://gov.example/a?x=1&y=2", "http://gov.example/a?y=2&x=1"),
]

OTHER_PAGE = [
    (LONG, LONG.replace("idx=2", "idx=1")),
    (LONG, LONG.replace("MzA0", "Mza0")),
    (
        "https://mp.weixin.example/s/Ab_c-12345678901234567",
        "https://mp.weixin.example/s/AB_c-12345678901234567",
    ),
    ("http://gov.example/a?id=1", "http://gov.example/a?id=2"),
    ("http://gov.example:8080/a", "http://gov.example/a"),
    ("https://m.example/a", "https://example/a"),
]

TEMPORARY = "http://mp.weixin.example/s?src=11&timestamp=1598958748&ver=2558&signature=Lbk8*D2Q&new=1"


@pytest.mark.parametrize(("given_url", "expected"), SAME_ADDRESS)
def test_an_address_has_one_canonical_form(given_url: str, expected: str) -> None:
    assert canonical(given_url) == expected


@pytest.mark.parametrize(("left", "right"), SAME_PAGE)
def test_twins_have_one_key(left: str, right: str) -> None:
    assert page_key(left) == page_key(right)


@pytest.mark.parametrize(("left", "right"), OTHER_PAGE)
def test_other_pages_have_other_keys(left: str, right: str) -> None:
    assert page_key(left) != page_key(right)


def test_a_temporary_address_names_nothing() -> None:
    assert is_temporary(TEMPORARY)
    assert is_temporary(TEMPORARY.replace("&", "&amp;"))
    assert wechat_id(TEMPORARY) is None
    assert not is_temporary(LONG)


def test_identity_is_read_without_the_signature() -> None:
    assert wechat_id(LONG.replace(SN, "cut-off")) == WeChatId("MzA0MDAwMDAwMA==", "2650000001", "2")


@given(st.one_of(st.text(max_size=300), st.from_regex(r"https?://[^\s]{0,80}", fullmatch=True)))
@example("HTTP://\\")
def test_any_text_has_a_stable_canonical_form_and_key(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once
    assert page_key(once) == page_key(url)
