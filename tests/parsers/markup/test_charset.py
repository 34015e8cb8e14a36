"""What bytes say, whatever is claimed about them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.markup.charset import decode

SIMPLE = "公安机关在我们辖区采集了血样三百份，这是一项为民的工作。"
RARE = "䶮㙍𠮷镇派出所民警为群众采集血样，这是今年以来的第三次。"
TRADITIONAL = "這個國家的警察為民眾採集血樣，這是今年以來的第三次，對於發展沒有影響。"
META = '<meta http-equiv="Content-Type" content="text/html; charset={}">'

TABLE = [
    ("plain UTF-8", SIMPLE.encode(), "", SIMPLE, "utf-8"),
    ("UTF-8 with a mark", b"\xef\xbb\xbf" + SIMPLE.encode(), "text/html; charset=gbk", SIMPLE, "utf-8"),
    ("UTF-16 with a mark", b"\xff\xfe" + SIMPLE.encode("utf-16-le"), "", SIMPLE, "utf-16-le"),
    ("header GBK", SIMPLE.encode("gbk"), "text/html; charset=GBK", SIMPLE, "gb18030"),
    ("header in quotes", SIMPLE.encode("gbk"), 'text/html; charset="gb2312"', SIMPLE, "gb18030"),
    ("GB2312 that is GB18030", RARE.encode("gb18030"), "text/html; charset=gb2312", RARE, "gb18030"),
    ("GB18030 undeclared", SIMPLE.encode("gb18030"), "", SIMPLE, "gb18030"),
    ("Big5 declared", TRADITIONAL.encode("big5hkscs"), "text/html; charset=big5", TRADITIONAL, "big5hkscs"),
    ("Big5 undeclared", TRADITIONAL.encode("big5hkscs"), "", TRADITIONAL, "big5hkscs"),
    ("Big5 called GB2312", TRADITIONAL.encode("big5"), "text/html; charset=gb2312", TRADITIONAL, "big5hkscs"),
    ("GBK called Big5", SIMPLE.encode("gbk"), "text/html; charset=big5", SIMPLE, "gb18030"),
    ("UTF-8 called GB2312", SIMPLE.encode(), "text/html; charset=gb2312", SIMPLE, "utf-8"),
    ("GBK called UTF-8", SIMPLE.encode("gbk"), "text/html; charset=utf-8", SIMPLE, "gb18030"),
    ("GBK called Latin-1", SIMPLE.encode("gbk"), "text/html; charset=iso-8859-1", SIMPLE, "gb18030"),
    ("an unknown name", SIMPLE.encode("gbk"), "text/html; charset=x-none", SIMPLE, "gb18030"),
    ("a codec that gives no text", SIMPLE.encode("gbk"), "text/html; charset=base64", SIMPLE, "gb18030"),
    ("a dangerous codec", SIMPLE.encode("gbk"), "text/html; charset=utf-7", SIMPLE, "gb18030"),
    ("English called Latin-1", b"plain words", "text/html; charset=iso-8859-1", "plain words", "utf-8"),
]
DECLARED = [
    ("gb2312", SIMPLE.encode("gbk"), SIMPLE),
    ("gb2312", SIMPLE.encode(), SIMPLE),
    ("GBK", RARE.encode("gb18030"), RARE),
    ("big5", TRADITIONAL.encode("big5"), TRADITIONAL),
    ("utf-8", SIMPLE.encode("gbk"), SIMPLE),
]


@pytest.mark.parametrize(
    ("body", "content_type", "text", "encoding"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_bytes_become_their_text(body: bytes, content_type: str, text: str, encoding: str) -> None:
    decoded = decode(body, content_type)
    assert decoded.text == text
    assert decoded.encoding == encoding


@pytest.mark.parametrize(("name", "body", "text"), DECLARED)
def test_a_page_declares_its_own_charset_rightly_or_not(name: str, body: bytes, text: str) -> None:
    declaration = META.format(name)
    assert decode(declaration.encode() + body).text == declaration + text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_character_cut_off_at_the_end_is_dropped(encoding: str) -> None:
    body = (SIMPLE * 3).encode(encoding)
    assert decode(body[:-1]).text == (SIMPLE * 3)[:-1]


def test_broken_bytes_amid_utf8_do_not_turn_the_page_into_another_encoding() -> None:
    body = (SIMPLE * 20).encode() + b"\xff\xfe\xff" + (SIMPLE * 20).encode()
    assert decode(body, "text/html; charset=utf-8").text.count(SIMPLE) == 40


@given(st.binary(max_size=400), st.text(max_size=60))
def test_any_bytes_become_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type).text, str)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200))
def test_utf8_comes_back_whole(text: str) -> None:
    assert decode(text.encode(), "text/html; charset=utf-8").text == text.removeprefix("\ufeff")
