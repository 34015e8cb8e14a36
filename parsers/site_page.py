"""A page of a web site: article, column, or what stands in for one."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from parsers.article.assemble import assemble
from parsers.article.headline import clean_title
from parsers.article.main_text import main_container
from parsers.article.stamps import SHANGHAI, find_stamp
from parsers.availability.shells import shell_of
from parsers.availability.states import Availability
from parsers.listing.jcms import datastores, next_unit, next_window, records
from parsers.listing.paging import next_links, page_call
from parsers.listing.parts import first_part, next_part
from parsers.listing.rows import is_attachment, row_links
from parsers.markup.html import absolute
from parsers.markup.prose import prose
from parsers.markup.webpage import Webpage, open_webpage
from parsers.page import Link, LinkRole, Page, PageKind, Reading
from parsers.requisites import page_requisites
from parsers.sites import Site, selector

_FEW = 3
_MANY = 8
_SHORT_TEXT = 160
_LONG_TEXT = 600
_LINE_OF_A_LIST = 260


def read_site_page(page: Page, family: str, site: Site) -> Reading:
    """What a page of `site` is and says: the reading that all web site families share."""
    web = open_webpage(page)
    shell = shell_of(web)
    if shell is not None:
        return Reading(family, shell.kind, shell.availability, web.canonical, None, shell.notice, shell.links)
    may_list = not _says_article(web) and not _is_dated_by_rule(web, site)
    listed = _listed(web) if may_list else ()
    if may_list and _is_listing(web, listed):
        return Reading(
            family,
            PageKind.LISTING,
            Availability.LIVE,
            web.canonical,
            links=(*listed, *_onward(web)),
            warnings=()
            if listed
            else ("The page looks like a column but lists nothing that could be read.",),
        )
    assembled = assemble(web, site)
    document = assembled.document
    if not document.title and not document.text:
        return Reading(
            family,
            PageKind.OTHER,
            Availability.UNKNOWN,
            web.canonical,
            warnings=("The page has neither a title nor prose: look at the archived capture.",),
        )
    attachments = _attachments(assembled.body, web.base)
    shown = {image.url for image in document.images}
    others = (link for link in page_requisites(web.dom, web.base) if link.url not in shown)
    links = (*attachments, *next_part(web), *others)
    warnings = (
        ()
        if document.text
        else ("The page has a title but no text that could be read: a gallery or a video?",)
    )
    return Reading(
        family,
        PageKind.ARTICLE,
        Availability.LIVE,
        web.canonical,
        document,
        links=links,
        warnings=warnings,
        part_of=first_part(web),
    )


def seen_on(page: Page) -> date | None:
    """The day of the capture in Asia/Shanghai."""
    return page.captured_at.astimezone(SHANGHAI).date() if page.captured_at else None


def _listed(web: Webpage) -> tuple[Link, ...]:
    carried = datastores(web.dom)
    found = records(carried, web.base, seen_on(web.page)) if carried else ()
    shown = row_links(web.dom, web.base, seen_on(web.page))
    known = {link.url for link in found}
    return (*found, *(link for link in shown if link.url not in known))


def _onward(web: Webpage) -> tuple[Link, ...]:
    carried = datastores(web.dom)
    window = next_window(f"{carried}\n{_scripts(web.dom)}", web.base) if carried else None
    unit = None if window else next_unit(web.text, web.base)
    following = window or unit
    return (following,) if following else next_links(web.dom, web.base)


def _scripts(dom: HtmlElement) -> str:
    return "\n".join(
        script.text or "" for script in dom.iter("script") if "<record" not in (script.text or "")[:4000]
    )


def _says_article(web: Webpage) -> bool:
    """Whether a page's meta tags say that it is an article."""
    named = web.metas.get("ArticleTitle", "article:published_time")
    return bool(named) or (web.metas.get("og:type") or "").lower() == "article"


def _is_listing(web: Webpage, listed: tuple[Link, ...]) -> bool:
    """Whether a page is a column: by its meta tags where they say so, else by what fills it."""
    metas = web.metas
    if metas.get("pagetype") in ("1", "2"):
        return metas.get("pagetype") == "2"
    rows = [link for link in listed if link.role is not LinkRole.LISTING]
    call = page_call(web.dom)
    if (metas.get("ColumnName", "ColumnType") and not metas.get("PubDate", "ContentSource")) or (
        call is not None and not call.of_article
    ):
        return bool(rows) or not _prose_size(main_container(web.dom))
    if len(rows) < _FEW:
        return False
    container = main_container(web.dom, clean_title(web.dom.findtext(".//title") or ""))
    size = _prose_size(container)
    if container is None or size < _SHORT_TEXT:
        return True
    titles = {link.title for link in rows}
    inside = sum(clean_title(anchor.text_content()) in titles for anchor in container.iter("a"))
    if inside >= _FEW and size < _LINE_OF_A_LIST * inside:
        return True
    path = urlsplit(web.page.url).path
    return (
        len(rows) >= _MANY
        and size < _LONG_TEXT
        and (path.endswith("/") or path.rsplit("/", 1)[-1].startswith(("index", "node_", "list")))
    )


def _is_dated_by_rule(web: Webpage, site: Site) -> bool:
    """Whether the place where this site dates its articles holds a date."""
    return any(
        find_stamp(element.text_content().strip(), css)
        for css in site.published
        for element in selector(css)(web.dom)[:1]
    )


def _prose_size(container: HtmlElement | None) -> int:
    if container is None:
        return 0
    linked = sum(len(anchor.text_content()) for anchor in container.iter("a"))
    return max(len(prose(container).text) - linked, 0)


def _attachments(body: HtmlElement | None, base: str) -> tuple[Link, ...]:
    """Documents linked in an article, each once."""
    if body is None:
        return ()
    links: dict[str, Link] = {}
    for anchor in body.iter("a"):
        url = absolute(anchor.get("href") or "", base)
        named = "downfile" in (url or "") or "download" in (url or "").lower()
        if url and (is_attachment(url) or named):
            links.setdefault(url, Link(url, LinkRole.ATTACHMENT, clean_title(anchor.text_content())))
    return tuple(links.values())
