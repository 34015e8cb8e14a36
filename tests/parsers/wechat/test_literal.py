"""JavaScript object literals are read as data."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.wechat.literal import NotLiteral, Value, read_object, unescape

TABLE: list[tuple[str, Value]] = [
    ("'text'", "text"),
    ('"text"', "text"),
    ("JsDecode('a \\x26 b\\x0a')", "a & b\n"),
    ("JsDecode('\\x5cx26amp;')", "&amp;"),
    ("'123' * 1", 123),
    ("'' * 1", 0),
    ("'0.99' * 1", 0.99),
    ("-12", -12),
    ("0x1F", 31),
    ("true", True),
    ("null", None),
    ("'' || 'x'", "x"),
    ("'y' || 'x'", "y"),
    ("('z')", "z"),
    ("[]", []),
    ("[1, 'a', {b: 2,},]", [1, "a", {"b": 2}]),
    ("{}", {}),
    ("{'q': {\"r\": 1}}", {"q": {"r": 1}}),
    ("some.name", None),
    ("flag ? 'a' : 'b'", None),
    ("function(){ return {x: '}'} }", None),
    ("new Date(1, 2)", None),
    ("'}; window.cgiDataNew = {'", "}; window.cgiDataNew = {"),
    ("'it\\'s'", "it's"),
    ("'back\\\\slash\\\\'", "back\\slash\\"),
    ("'\\u6df1\\ud83d\\ude00'", "深😀"),
    ("'a\\/b'", "a/b"),
    ("'line\\\nbroken'", "linebroken"),
]


@pytest.mark.parametrize(("source", "value"), TABLE)
def test_a_value_is_read(source: str, value: Value) -> None:
    literal = f"{{ before: 1, key: {source}, after: 'last' }}; trailing()"
    assert read_object(literal, 0) == {"before": 1, "key": value, "after": "last"}


@pytest.mark.parametrize(
    "source",
    ["", "[1]", "{", "{a: 'open", "{a: {b: 1}", "{a: [1, 2", "{a:" * 60 + "1" + "}" * 60, "{/* open"],
)
def test_what_is_no_whole_literal_is_refused(source: str) -> None:
    with pytest.raises(NotLiteral):
        read_object(source, 0)


def test_comments_and_missing_commas_are_passed_over() -> None:
    assert read_object("{ // note {\n a: 1, /* } */ b: 2 c, d: 3 }", 0) == {"a": 1, "b": 2, "d": 3}


def test_only_wanted_values_are_decoded() -> None:
    assert read_object("{a: {b: '}'}, c: [1, ')'], d: f('x, y'), e: 2}", 0, wanted=frozenset(("e",))) == {
        "e": 2
    }


@given(st.text(max_size=60))
def test_any_string_comes_back_as_written(text: str) -> None:
    escaped = "".join(f"\\x{ord(c):02x}" if ord(c) < 128 else c for c in text)
    assert unescape(escaped) == text


@given(
    st.lists(
        st.sampled_from(
            ["{", "}", "[", "]", "(", ")", "'", '"', "a", ":", ",", "*", "||", "\\", "1", "//", "/*", "\n"]
        )
    )
)
def test_any_source_is_read_or_refused(pieces: list[str]) -> None:
    with contextlib.suppress(NotLiteral):
        assert isinstance(read_object("{" + "".join(pieces), 0), dict)
