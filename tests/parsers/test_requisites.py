"""What a page and a style sheet need to be shown as they were."""

from __future__ import annotations

import pytest

from parsers.markup.html import parse
from parsers.requisites import MOST, page_requisites, style_requisites

BASE = "http://gov.example/a/b.html"

PAGES = [
    ('<img src="p.jpg">', ["/a/p.jpg"]),
    ('<img data-src="//gov.example/lazy.png" src="data:image/gif;base64,R0lGOD">', ["/lazy.png"]),
    ('<img srcset="s.jpg 1x, l.jpg 2x">', ["/a/s.jpg", "/a/l.jpg"]),
    ('<img srcset="s,1.jpg 480w, l,2.jpg 800w">', ["/a/s,1.jpg", "/a/l,2.jpg"]),
    ('<picture><source srcset="w.webp"><img src="p.jpg"></picture>', ["/a/p.jpg", "/a/w.webp"]),
    ('<link rel="StyleSheet" href="../main.css"><link rel="canonical" href="/c.html">', ["/main.css"]),
    ('<link rel="shortcut icon" href="/favicon.ico">', ["/favicon.ico"]),
    ("<p style='background:url(\"bg.png\")'>合成</p>", ["/a/bg.png"]),
    ("<style>/* url(old.png) */ body { background: url( new.png ) }</style>", ["/a/new.png"]),
    ('<table background="t.gif"></table>', ["/a/t.gif"]),
    (
        '<audio src="v.mp3"></audio><video src="film.mp4" poster="still.jpg"></video>',
        ["/a/v.mp3", "/a/still.jpg"],
    ),
    ('<script src="x.js"></script><a href="y.html">y</a>', []),
    ('<img src="p.jpg"><img src="p.jpg#2"><img src="javascript:0"><img src="">', ["/a/p.jpg"]),
]


@pytest.mark.parametrize(("markup", "expected"), PAGES)
def test_a_page_needs(markup: str, expected: list[str]) -> None:
    found = {link.url for link in page_requisites(parse(f"<html><body>{markup}</body></html>"), BASE)}
    assert found == {f"http://gov.example{path}" for path in expected}


def test_a_style_sheet_needs_what_it_shows_and_imports() -> None:
    css = '@import "more.css"; @import url(/print.css); p { background: url("i/p.png") } b { color: red }'
    assert {link.url for link in style_requisites(css, "http://gov.example/css/main.css")} == {
        "http://gov.example/css/more.css",
        "http://gov.example/print.css",
        "http://gov.example/css/i/p.png",
    }


def test_a_page_cannot_ask_for_more_than_its_share() -> None:
    markup = "".join(f'<img src="{number}.jpg">' for number in range(3 * MOST))
    assert len(page_requisites(parse(markup), BASE)) == MOST
