"""Where a listing or a multi-page article goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil

from lxml import etree
from lxml.html import HtmlElement

from parsers.article.headline import clean_title
from parsers.listing.rows import target
from parsers.markup.html import absolute
from parsers.page import Link, LinkRole

_CALL = re.compile(
    r"(?P<definition>function\s{1,4})?createPageHTML\s{0,4}\(\s{0,4}(?P<arguments>[^()]{3,300})\)"
)
_ARGUMENT = re.compile(r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^,'"]+?))\s*(?:,|$)""")
_PER_PAGE = re.compile(r"Math\.ceil\s*\(\s*\w+\s*/\s*(\d{1,4})\s*\)")
_ARTICLE_NAME = re.compile(r"t(?:\d{8}_)?\d{5,}|[0-9a-f]{32}|content_\d+|c_\d+")
_NEXT = re.compile(r"(?:下一?页|下页|后一页|next(?: page)?)\s*[>＞»]*|[>＞»]", re.IGNORECASE)
_MAY_LEAD_ON = re.compile(r"[页>＞&]|next", re.IGNORECASE)
_RELATED = etree.XPath("//link[@rel] | //a[@rel]")
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class PageCall:
    """A call of `createPageHTML`: how many pages there are, which one this is (from 0), and their file
    names.
    """

    pages: int
    current: int
    name: str
    extension: str

    @property
    def of_article(self) -> bool:
        """Whether the pages are those of one article, not of a column."""
        return bool(_ARTICLE_NAME.fullmatch(self.name))


def page_call(dom: HtmlElement) -> PageCall | None:
    """The page's call of `createPageHTML` in TRS or 开普 (UCAP) form; None without one.

    TRS: `(pages, current from 0, name, extension[, records])`; with a record count the pages are
    `ceil(records / n)` where the page's own function says n. UCAP: `(container, pages, current from 1, name,
    extension, rows)`. A definition of the function is not a call (PAGES.md §5.3).
    """
    for script in dom.iter("script"):
        source = script.text or ""
        if "createPageHTML" not in source:
            continue
        for match in _CALL.finditer(source[:200_000]):
            if not match["definition"] and (call := _read_call(_arguments(match["arguments"]), source)):
                return call
    return None


def next_links(dom: HtmlElement, base_url: str) -> tuple[Link, ...]:
    """The next page of this listing or article, by its paging call, `rel=next`, or a 下一页 link; at most
    one.
    """
    call = page_call(dom)
    if call is not None:
        after = call.current + 1
        url = absolute(f"{call.name}_{after}.{call.extension}", base_url) if after < call.pages else None
        return (Link(url, LinkRole.NEXT),) if url else ()
    for element in _RELATED(dom):
        if "next" in element.get("rel").lower().split() and (
            url := absolute(element.get("href") or "", base_url)
        ):
            return (Link(url, LinkRole.NEXT),)
    for anchor in dom.iter("a"):
        text = anchor.text_content() if len(anchor) else anchor.text or ""
        if not _MAY_LEAD_ON.search(text):
            continue
        if _NEXT.fullmatch(clean_title(text)[:20]) and (url := target(anchor, base_url)):
            return (Link(url, LinkRole.NEXT),)
    return ()


def _arguments(text: str) -> list[str]:
    return [
        (match["double"] or match["single"] or match["bare"] or "").strip()
        for match in _ARGUMENT.finditer(text)
    ]


def _read_call(arguments: list[str], source: str) -> PageCall | None:
    numbered = [argument.isdigit() for argument in arguments]
    if numbered[:2] == [True, True] and len(arguments) >= 4:
        pages, current, name, extension = int(arguments[0]), int(arguments[1]), arguments[2], arguments[3]
        per_page = _PER_PAGE.search(source)
        if len(arguments) > 4 and numbered[4] and per_page and int(per_page[1]):
            pages = ceil(int(arguments[4]) / int(per_page[1]))
    elif numbered[:3] == [False, True, True] and len(arguments) >= 5:
        pages, name, extension = int(arguments[1]), arguments[3], arguments[4]
        # File `common_list_2` is the second page, so the current page from 1 is one less than its file
        # number.
        current = int(arguments[2])
        pages += 1
    else:
        return None
    return PageCall(pages, current, name, extension) if name and extension and pages <= _MOST_PAGES else None
