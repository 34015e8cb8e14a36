"""The title of an article, chosen among what the page offers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from parsers.markup.metas import Metas

_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_SEPARATOR = re.compile(r"\s*(?:[_|｜—]+|--+|(?<=[\u3000-\u9fff\uff00-\uffef\s])-|-(?=[\u3000-\u9fff\s]))\s*")
_CUT = ("...", "…", "……")
_TITLE_NAME = re.compile(r"title|headline|headtit|biaoti|\btit\b|articletit", re.IGNORECASE)
_LONGEST = 300
_SHORTEST = 4


def clean_title(text: str) -> str:
    """A title as it is shown: entities resolved, invisible characters out, white space collapsed."""
    shown = html.unescape(html.unescape(text)) if "&" in text else text
    return _SPACES.sub(" ", _INVISIBLE.sub("", shown)).strip()


def headline(dom: HtmlElement, metas: Metas) -> tuple[str, HtmlElement | None]:
    """The title, and the heading it stands in where it stands in one.

    A heading that the `<title>` repeats is the title, for `<title>` adds the site's name and `og:title` may
    be cut at a quotation mark. Then `ArticleTitle` and `og:title`, a lone `<h1>`, and `<title>` without
    its site name. The page's title is "" when it has none of these.
    """
    page_title = clean_title(dom.findtext(".//title") or "")
    stated = clean_title(metas.get("ArticleTitle", "og:title", "twitter:title") or "")
    heads = [(clean_title(element.text_content()), element) for element in _headings(dom)]
    whole = [(text, element) for text, element in heads if _SHORTEST <= len(text) <= _LONGEST]
    for reference in filter(None, (stated, page_title)):
        same = [(text, element) for text, element in whole if _same_title(text, reference)]
        shorter = [
            (text, element) for text, element in same if text != page_title or not _names_site(text, same)
        ]
        if same := shorter:
            text, element = max(same, key=lambda candidate: (len(candidate[0]), candidate[1].tag == "h1"))
            return _fuller(text, stated), element
    shown = [
        (text, element)
        for text, element in whole
        if page_title and len(page_title) >= _SHORTEST and page_title in text
    ]
    if shown:
        return page_title, shown[0][1]
    if stated:
        return stated, None
    tops = [(text, element) for text, element in whole if element.tag == "h1"]
    if len(tops) == 1 and not _SEPARATOR.search(tops[0][0]):
        return tops[0]
    return without_site(page_title), None


def without_site(page_title: str) -> str:
    """A `<title>` without the site and column names that follow its last separators."""
    parts = [part for part in _SEPARATOR.split(page_title) if part]
    if len(parts) < 2:
        return page_title
    first = parts[0]
    return first if len(first) >= _SHORTEST else page_title


def site_in(page_title: str, title: str) -> str | None:
    """The site's name at the end of a `<title>`, when the article's title stands before it."""
    rest = clean_title(page_title)
    if not title or not rest.startswith(title) or rest == title:
        return None
    parts = [part.strip(" -") for part in _SEPARATOR.split(rest[len(title) :]) if part.strip(" -")]
    named = [part for part in parts if re.search(r"[\u4e00-\u9fff]", part)]
    return named[-1] if named and len(named[-1]) <= 30 else None


def _headings(dom: HtmlElement) -> Iterator[HtmlElement]:
    for element in dom.iter("h1", "h2", "h3", "h4", "div", "p", "span", "td", "font", "strong", "b"):
        if element.tag in ("h1", "h2", "h3", "h4") or (
            _TITLE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"[:200])
            and len(element) < 8
        ):
            yield element


def _same_title(text: str, reference: str) -> bool:
    """Whether a heading is what a fuller or shorter form of the title says."""
    dense, wanted = _SPACES.sub("", text), _SPACES.sub("", reference)
    if dense.endswith(_CUT):
        stem = dense.rstrip(".…")
        return len(stem) >= _SHORTEST and wanted.startswith(stem)
    return len(dense) >= _SHORTEST and (wanted.startswith(dense) or (len(dense) >= 8 and dense in wanted))


def _names_site(text: str, others: list[tuple[str, HtmlElement]]) -> bool:
    """Whether a heading repeats another one and adds a site's name after a separator."""
    return any(
        text != other and len(other) >= 8 and text.startswith(other) and _SEPARATOR.match(text, len(other))
        for other, _ in others
    )


def _fuller(text: str, stated: str) -> str:
    """The stated title in place of a heading that is cut with an ellipsis."""
    stem = text.rstrip(".…")
    if stem != text and len(stated) > len(stem) and stated.startswith(stem) and not stated.endswith(_CUT):
        return stated
    return text
