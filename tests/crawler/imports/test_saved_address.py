"""Which address a saved page was saved from, as the browser noted it."""

from __future__ import annotations

import pytest

from crawler.imports.saved_address import saved_address

URL = "http://www.gov.example/art/2021/5/12/art_1.html?a=1&b=2"
CHROME = f"<!DOCTYPE html>\n<!-- saved from url=({len(URL):04}){URL} -->\n<html><body>synthetic"
SINGLE_FILE = (
    f"<!DOCTYPE html> <html lang=zh><!--\n Page saved with SingleFile \n url: {URL} \n"
    " saved date: Wed May 12 2021 10:00:00 GMT+0800\n--><meta charset=utf-8>synthetic"
)


@pytest.mark.parametrize("page", [CHROME, SINGLE_FILE])
def test_the_note_is_found(page: str) -> None:
    assert saved_address(page.encode()) == URL
    assert saved_address(b"\xef\xbb\xbf" + page.replace("\n", "\r\n").encode()) == URL


@pytest.mark.parametrize(
    "page",
    [
        "<html>synthetic",
        CHROME.replace(f"({len(URL):04})", "(0007)"),
        CHROME.replace(URL, "file:///C:/Users/ada/page.html"),
        CHROME.replace(URL, "javascript:alert(1)"),
        "<html>" + " " * 70_000 + CHROME,
        f"<p>saved from url=({len(URL):04}){URL}",
        "<!-- saved from url=" + "(" * 60_000,
        "",
    ],
)
def test_what_is_no_note_is_none(page: str) -> None:
    assert saved_address(page.encode()) is None
