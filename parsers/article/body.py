"""The text and pictures of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain, islice, takewhile

from lxml import etree
from lxml.html import HtmlElement

from parsers.article.main_text import main_container
from parsers.markup.html import parse
from parsers.markup.prose import Prose, plain, prose
from parsers.markup.webpage import Webpage
from parsers.sites import Site, selector, sites

_JCMS_BEGIN, _JCMS_END = "<!--<$[{}]>begin-->", "<!--<$[{}]>end-->"
_HEAD_LINE = re.compile(
    r"\s*(?:(?:信息|文章|稿件)?来源|稿源|(?:信息)?(?:发布|发表|更新|成文)?(?:时间|日期)|发布(?:者|机构|单位)|作者|浏览次数|阅读|点击|字号|字体)\s*[:：]"
    r"|\s*(?:19|20)\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s+\S{0,10}来源"
)
_DEEPEST = 250
_MOST_ELEMENTS = 30_000
_MOST_HEAD_LINES = 6
_MOST_HEAD_PARTS = 80
_LONGEST_HEAD = 160
_DENSE = re.compile(r"\s+")
_ENOUGH = 20


def pruned(dom: HtmlElement, site: Site) -> HtmlElement:
    """The tree without what the site's rule drops; the same tree when it drops nothing."""
    if not any(selector(css)(dom) for css in site.drop):
        return dom
    rest = deepcopy(dom)
    for css in site.drop:
        for found in selector(css)(rest):
            if found.getparent() is not None:
                found.drop_tree()
    return rest


@dataclass(frozen=True, slots=True)
class Body:
    """The element that holds an article, and its text when a rule names it; without, it was found by its prose."""

    element: HtmlElement
    read: Prose | None = None


def find_body(web: Webpage, site: Site, title: str) -> Body | None:
    """The element that holds the article.

    Order: the site's own rule; the containers of content management systems (`cms.toml`), the part between
    the field comments of JCMS; the element with the most prose. None when the page has no prose.
    """
    for element in chain(_by_rules(web.dom, site.body), _by_rules(web.dom, _cms_bodies())):
        read = prose(element, web.base)
        if _dense(read) >= _ENOUGH or element.find(".//img") is not None:
            return Body(element, read)
    field = jcms_field(web.text, "信息内容")
    if field and len(_DENSE.sub("", field)) >= _ENOUGH:
        element = parse(field)
        return Body(element, prose(element, web.base))
    found = main_container(web.dom, title)
    return Body(found) if found is not None else None


def body_prose(web: Webpage, body: Body | None, title: str) -> Prose:
    """Text and pictures of the body; without one, main text by trafilatura.

    The container's text is taken whole, captions and the closing editor's line too: both belong to the
    text as published. Only a container that was found by its prose loses a headline and label lines
    at its start.
    """
    if body is None and not _within_reach(web.dom):
        return Prose("")
    if body is None:
        import trafilatura  # the last resort, and a fifth of a second to load

        return Prose(plain(trafilatura.extract(deepcopy(web.dom), include_comments=False) or ""))
    return body.read or prose(_from_first_paragraph(body.element, title), web.base)


def _within_reach(dom: HtmlElement) -> bool:
    """Whether the tree is small and shallow enough for a library whose time grows with their product."""
    depth = 0
    for number, (event, _) in enumerate(etree.iterwalk(dom, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST or number > 2 * _MOST_ELEMENTS:
            return False
    return True


def _from_first_paragraph(element: HtmlElement, title: str) -> HtmlElement:
    """The container without the headline and the label lines that it begins with; itself if it has none."""
    begin = prose(element).text.split("\n", _MOST_HEAD_LINES)[:_MOST_HEAD_LINES]
    heads = list(takewhile(lambda line: _is_head(line, title), begin))
    if not heads or len(heads) == _MOST_HEAD_LINES:
        return element
    rest = deepcopy(element)
    waiting = [_DENSE.sub("", line) for line in heads]
    for inner in list(islice(rest.iterdescendants(), _MOST_HEAD_PARTS)):
        if not waiting or inner.getparent() is None or not isinstance(inner.tag, str):
            continue
        whole = _DENSE.sub("", prose(inner).text)
        matched = next((n for n in range(len(waiting), 0, -1) if whole and whole == "".join(waiting[:n])), 0)
        if matched:
            waiting = waiting[matched:]
            inner.drop_tree()
    return element if waiting else rest


def _is_head(line: str, title: str) -> bool:
    dense = _DENSE.sub("", line)
    return dense == _DENSE.sub("", title) or (len(dense) <= _LONGEST_HEAD and bool(_HEAD_LINE.match(line)))


def jcms_field(text: str, name: str) -> str | None:
    """The markup between JCMS's field comments `<!--<$[name]>begin-->` and `end`; None without them."""
    begin, end = _JCMS_BEGIN.format(name), _JCMS_END.format(name)
    start = text.find(begin)
    if start < 0:
        return None
    stop = text.find(end, start)
    return text[start + len(begin) : stop] if stop > start else None


def _by_rules(dom: HtmlElement, rules: tuple[str, ...]) -> Iterator[HtmlElement]:
    for css in rules:
        matched = selector(css)(dom)
        inner = (
            {below for element in matched for below in element.iterdescendants()}
            if len(matched) > 1
            else set()
        )
        found = [element for element in matched if element not in inner]
        if len(found) > 1 and len({element.getparent() for element in found}) == 1 and _all_long(found):
            yield found[0].getparent()
        elif found:
            yield max(found, key=_size) if len(found) > 1 else found[0]


def _all_long(elements: list[HtmlElement]) -> bool:
    return all(_size(element) >= _ENOUGH for element in elements)


def _size(element: HtmlElement) -> int:
    return _dense(prose(element))


def _dense(read: Prose) -> int:
    return len(_DENSE.sub("", read.text))


def _cms_bodies() -> tuple[str, ...]:
    return tuple(css for cms in sites("cms") for css in cms.body)
