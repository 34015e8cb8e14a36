"""The rows of a column page: a link, its title, its date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from statistics import median
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from parsers.article.headline import clean_title
from parsers.markup.html import absolute
from parsers.page import Link, LinkRole

_FULL = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_SHORT = re.compile(r"(?<![\d.:-])(\d{1,2})\s?[-/月]\s?(\d{1,2})(?![\d:-])\s?日?")
_DATE_ONLY = re.compile(
    r"[\s\[\]()（）【】〔〕:：.·•|日年月\d/\-]*(?:发布时间|发布日期|时间|日期)?[\s\[\]()（）【】:：日年月.\d/\-]*"
)
_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[-/.年]\s?(\d{1,2})(?!\d)月?")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_IN_URL = re.compile(r"(?:^|[/_t])((?:19|20)\d{2})[-/_]?(\d{1,2})[-/_]?(\d{1,2})(?=[/_.\d])")
_CUT = ("...", "…")
_MORE = re.compile(r"(?:查看)?更多\s*[>＞»+]*|more\s*[>＞»+]*", re.IGNORECASE)
_CALLED = re.compile(
    r"""(?:window\.open|location(?:\.href)?\s{0,3}=|(?:open|to|go|jump|view|show)\w{0,20})\s{0,3}\(?\s{0,3}"""
    r"""['"]([^'"<>\s]{0,300}[/.][^'"<>\s]{1,200})['"]""",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|pptx?|rar|zip|7z|ofd|txt|csv|ceb)$", re.IGNORECASE)
_ARTICLE_PATH = re.compile(
    r"/t?\d{6,}|_\d{4,}|/\d{4}-?\d{2}/|[0-9a-f]{24,32}|/art/|content_|/c\d{3,}|detail|/\d{5,}\.|[?&](?:id|aid|newsid)=\w+",
    re.IGNORECASE,
)
_CLIMB = 6
_MOST_PARTS = 12
_DEEPEST = 60
_SHORTEST_TITLE = 4
_FEWEST_UNDATED = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One listed link; `day` is `YYYY-MM-DD`, or None where the row shows no date with a known year."""

    url: str
    title: str
    day: str | None


def is_attachment(url: str) -> bool:
    """Whether an address ends like a document or an archive, not like a page."""
    return bool(_FILE.search(urlsplit(url).path))


def row_links(dom: HtmlElement, base_url: str, seen_on: date | None = None) -> tuple[Link, ...]:
    """The listed articles and attachments in page order, each address once, then `更多` links to columns.

    Dated rows are taken where there are any; otherwise the largest groups of like-placed links with titles.
    `seen_on` is the day of the capture: it gives a year to dates that show none.
    """
    rows = list(_dated_rows(dom, base_url, seen_on)) or list(_undated_rows(dom, base_url))
    links: dict[str, Link] = {}
    for row in rows:
        role = LinkRole.ATTACHMENT if is_attachment(row.url) else LinkRole.ARTICLE
        links.setdefault(row.url, Link(row.url, role, row.title, row.day))
    for anchor in dom.iter("a"):
        if _MORE.fullmatch(clean_title(anchor.text_content())) and (url := target(anchor, base_url)):
            links.setdefault(url, Link(url, LinkRole.LISTING, clean_title(anchor.get("title") or "")))
    return tuple(links.values())


def target(anchor: HtmlElement, base_url: str) -> str | None:
    """The absolute http address of a link, also out of `onclick="window.open('…')"`; None for any other
    kind.
    """
    href = (anchor.get("href") or "").strip()
    if not href or href.startswith("#") or href.lower().startswith("javascript:"):
        called = _CALLED.search(href[:600]) or _CALLED.search((anchor.get("onclick") or "")[:600])
        href = called[1] if called else ""
    url = absolute(href, base_url)
    bare = url.split("#", 1)[0] if url else None
    return bare if bare != base_url.split("#", 1)[0] else None


def _dated_rows(dom: HtmlElement, base_url: str, seen_on: date | None) -> Iterator[Row]:
    dated = [element for element in _text_holders(dom) if not _outside(element)]
    count: dict[HtmlElement, int] = defaultdict(int)
    for element in dated:
        for above in (element, *islice(element.iterancestors(), _CLIMB + 1)):
            count[above] += 1
    for element in dated:
        anchor, row = _row_of(element, count, base_url)
        if anchor is None or row is None or (url := target(anchor, base_url)) is None:
            continue
        title = _title(anchor)
        if len(title) >= _SHORTEST_TITLE:
            yield Row(url, title, _day(clean_title(" ".join(element.itertext())), url, seen_on))


def _text_holders(dom: HtmlElement) -> Iterator[HtmlElement]:
    """Elements whose text is a date and nothing else, or a row whose own text is one."""
    last: HtmlElement | None = None
    for element in dom.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "a", "option"):
            continue
        if last is not None and last in islice(element.iterancestors(), _MOST_PARTS):
            continue
        own = clean_title("".join((element.text or "", *((child.tail or "") for child in element))))
        small = sum(1 for _ in islice(element.iterdescendants(), _MOST_PARTS)) < _MOST_PARTS
        whole = clean_title(" ".join(element.itertext())) if small else ""
        for text in (own, whole):
            if 3 < len(text) <= 30 and _DATE_ONLY.fullmatch(text) and _states_day(text):
                last = element
                yield element
                break


def _states_day(text: str) -> bool:
    if _FULL.search(text):
        return True
    if (split := _YEAR_MONTH.search(text)) and _DAY.search(text[: split.start()] + " " + text[split.end() :]):
        return True
    short = _SHORT.search(text)
    return short is not None and 1 <= int(short[1]) <= 12 and 1 <= int(short[2]) <= 31


def _row_of(
    element: HtmlElement, count: dict[HtmlElement, int], base_url: str
) -> tuple[HtmlElement | None, HtmlElement | None]:
    """The link a date belongs to: inside the smallest element that holds this date alone, or just beside
    it.
    """
    row = element
    for _ in range(_CLIMB):
        anchor = _main_anchor(row, base_url)
        if anchor is not None:
            return anchor, row
        above = row.getparent()
        if above is None or above.tag == "body":
            return None, None
        if count[above] > 1:
            before = row.getprevious()
            if before is not None and isinstance(before.tag, str) and not count[before]:
                return _main_anchor(before, base_url), before
            return None, None
        if above.tag == "a":
            return above, above
        row = above
    return None, None


def _main_anchor(row: HtmlElement, base_url: str) -> HtmlElement | None:
    """The row's own link: not one of a list inside the row, and the longest-titled of the rest."""
    candidates = [row] if row.tag == "a" else list(row.iter("a"))
    own = [anchor for anchor in candidates if not _in_inner_list(anchor, row) and target(anchor, base_url)]
    return max(own, key=lambda anchor: len(_title(anchor)), default=None)


def _in_inner_list(anchor: HtmlElement, row: HtmlElement) -> bool:
    for above in anchor.iterancestors():
        if above is row:
            return False
        if above.tag in ("ul", "ol", "dl") and row.tag in ("li", "tr", "dd", "div"):
            return True
    return False


def _title(anchor: HtmlElement) -> str:
    """The title a link shows; its `title` attribute when the shown one is cut or missing, without its
    date.
    """
    shown = clean_title(" ".join(part for part in anchor.itertext() if not _states_only_day(part)))
    shown = _trim(shown)
    full = clean_title(anchor.get("title") or "")
    if full and (
        not shown or shown.endswith(_CUT) or (len(full) > len(shown) and shown.rstrip(".…") in full)
    ):
        return full
    return shown


def _trim(text: str) -> str:
    return text.strip("·•- \u25aa\u25a0\u25cf>＞").strip()


def _states_only_day(part: str) -> bool:
    text = clean_title(part)
    return 3 < len(text) <= 30 and bool(_DATE_ONLY.fullmatch(text)) and _states_day(text)


def _day(text: str, url: str, seen_on: date | None) -> str | None:
    full = _FULL.search(text)
    if full:
        return _iso(int(full[1]), int(full[2]), int(full[3]))
    split = _YEAR_MONTH.search(text)
    if split and (day := _DAY.search(text[: split.start()] + " " + text[split.end() :])):
        return _iso(int(split[1]), int(split[2]), int(day[1]))
    short = _SHORT.search(text)
    if short is None:
        return None
    month, number = int(short[1]), int(short[2])
    dated = _IN_URL.search(urlsplit(url).path)
    if dated and int(dated[2]) == month:
        return _iso(int(dated[1]), month, number)
    if seen_on is None:
        return None
    year = seen_on.year if (month, number) <= (seen_on.month, seen_on.day) else seen_on.year - 1
    return _iso(year, month, number)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _undated_rows(dom: HtmlElement, base_url: str) -> Iterator[Row]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for anchor in dom.iter("a"):
        url = target(anchor, base_url)
        if url is None or _outside(anchor):
            continue
        title = _title(anchor)
        path = urlsplit(url).path
        if len(title) >= _SHORTEST_TITLE and (_ARTICLE_PATH.search(url) or is_attachment(path)):
            groups[_place(anchor)].append(Row(url, title, _url_day(path)))
    for rows in groups.values():
        if len(rows) >= _FEWEST_UNDATED and median(len(row.title) for row in rows) >= 8:
            yield from rows


def _place(anchor: HtmlElement) -> tuple[str, ...]:
    """Where a link stands, alike for the rows of one list."""
    return tuple(
        f"{above.tag}.{above.get('class') or ''}"
        for above, _ in zip(anchor.iterancestors(), range(4), strict=False)
    )


def _url_day(path: str) -> str | None:
    dated = _IN_URL.search(path)
    return _iso(int(dated[1]), int(dated[2]), int(dated[3])) if dated else None


def _outside(element: HtmlElement) -> bool:
    """Whether an element stands in navigation, a footer or an aside."""
    return any(above.tag in ("nav", "footer", "aside") for above in islice(element.iterancestors(), _DEEPEST))
