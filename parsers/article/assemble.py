"""A document out of an opened web page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from parsers.article.body import body_prose, find_body, jcms_field, pruned
from parsers.article.byline import author_in
from parsers.article.header import Header, header_of
from parsers.article.headline import clean_title, headline, site_in
from parsers.article.labels import Labels, read_labels
from parsers.article.published import published_of
from parsers.document import Document
from parsers.markup.html import parse
from parsers.markup.prose import one_line
from parsers.markup.webpage import Webpage, json_objects
from parsers.sites import Site, selector


@dataclass(frozen=True, slots=True)
class Assembled:
    """A document, and the element its text was read from (None when a library found the text)."""

    document: Document
    body: HtmlElement | None


def assemble(web: Webpage, site: Site) -> Assembled:
    """The article of a page, by the site's rule first, then by what all sites have in common."""
    web = replace(web, dom=pruned(web.dom, site))
    title, heading = _titled(web, site)
    body = find_body(web, site, title)
    element = body.element if body else None
    header = header_of(web.dom, heading, element)
    labels = _labels(header)
    published = published_of(web, site, header, labels)
    read = body_prose(web, body, title)
    document = Document(
        title=title,
        text=read.text,
        author=_first(web, site.author) or labels.author or _stated_author(web) or author_in(read.text),
        publisher=_publisher(web, site, title, labels),
        source=web.metas.get("ContentSource")
        or _first(web, site.source)
        or labels.source
        or web.metas.get("source"),
        published=published,
        images=read.images,
    )
    return Assembled(document, element)


def _titled(web: Webpage, site: Site) -> tuple[str, HtmlElement | None]:
    for css in site.title:
        for element in selector(css)(web.dom):
            if text := clean_title(element.text_content()):
                return text, element
    field = jcms_field(web.text, "标题")
    if field and (stated := clean_title(parse(field).text_content())):
        return stated, None
    return headline(web.dom, web.metas)


def _labels(header: Header) -> Labels:
    """Labelled fields, each from the place nearest to the headline that has it."""
    places = (
        read_labels(header.between, "below the headline"),
        read_labels(header.inside, "in the body's first lines"),
        read_labels(header.above, "above the headline"),
        read_labels(header.below, "below the body"),
    )
    return Labels(
        source=next((place.source for place in (*places[:3],) if place.source), None),
        publisher=next((place.publisher for place in places if place.publisher), None),
        author=next((place.author for place in places[:3] if place.author), None),
        published=next((place.published for place in places if place.published), None),
    )


def _publisher(web: Webpage, site: Site, title: str, labels: Labels) -> str | None:
    named = site.publisher or web.metas.get("SiteName", "og:site_name", "application-name")
    page_title = clean_title(web.dom.findtext(".//title") or "")
    return named or site_in(page_title, title) or _json_name(web, "publisher") or labels.publisher


def _stated_author(web: Webpage) -> str | None:
    """The author by JSON-LD. The `author` meta tag is not asked: it names the web editor or the site."""
    return _json_name(web, "author")


def _json_name(web: Webpage, key: str) -> str | None:
    for item in json_objects(web.dom):
        value = item.get(key)
        first = value[0] if isinstance(value, list) and value else value
        name = first.get("name") if isinstance(first, dict) else first
        if isinstance(name, str) and one_line(name):
            return one_line(name)
    return None


def _first(web: Webpage, rules: tuple[str, ...]) -> str | None:
    texts = (one_line(element.text_content()) for css in rules for element in selector(css)(web.dom))
    labelled = (text.split("：", 1)[-1].split(":", 1)[-1].strip() if len(text) < 80 else "" for text in texts)
    return next((text for text in labelled if text), None)
