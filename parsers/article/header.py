"""The short texts around an article: between headline and body, at the body's start, after its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

_SILENT = frozenset(("script", "style", "noscript", "template", "head", "option", "select", "textarea"))
_MOST_BETWEEN = 80
_MOST_BEFORE = 25
_MOST_INSIDE = 14
_MOST_AFTER = 40


@dataclass(frozen=True, slots=True)
class Header:
    """Texts of single elements in page order.

    `between` stands after the headline and before the body (or just before the body when no headline
    is known); `above` just before the headline; `inside` at the start of the body; `below` after the body.
    """

    between: tuple[str, ...]
    above: tuple[str, ...]
    inside: tuple[str, ...]
    below: tuple[str, ...]


def header_of(dom: HtmlElement, heading: HtmlElement | None, body: HtmlElement | None) -> Header:
    """The texts around `heading` and `body` of a page; empty where there is neither."""
    before: list[str] = []
    inside: list[str] = []
    below: list[str] = []
    headed_at: int | None = None
    heads = set(heading.iter()) if heading is not None else set()
    inner = set(body.iter()) if body is not None else set()
    reached = False
    for element, text in _pieces(dom):
        if element in heads:
            headed_at = len(inside) if element in inner else len(before)
            if element not in inner:
                before.append("")
            continue
        if element in inner:
            reached = True
            inside.append(text)
        elif reached:
            below.append(text)
            if len(below) == _MOST_AFTER and (heading is None or headed_at is not None):
                break
        else:
            before.append(text)
    if body is None:
        below = before[headed_at or 0 :]
    headed_inside = heading is not None and heading in inner
    if headed_inside:
        inside = inside[headed_at or 0 :]
        headed_at = None
    start = len(before) - _MOST_BETWEEN if headed_at is None else max(headed_at, len(before) - _MOST_BETWEEN)
    between = before[max(start, 0) :] if headed_at is not None or heading is None else []
    if heading is None:
        between = between[-_MOST_BEFORE:]
    above = before[max((headed_at or len(before)) - _MOST_BEFORE, 0) : headed_at or len(before)]
    return Header(
        tuple(filter(None, between)),
        tuple(filter(None, above)),
        tuple(inside[:_MOST_INSIDE]),
        tuple(below[:_MOST_AFTER]),
    )


def _pieces(dom: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Every text with the element it belongs to, in page order; a tail belongs to the parent."""
    walker = etree.iterwalk(dom, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            if element is not dom and element.tail and (tail := element.tail.strip()):
                yield element.getparent(), tail
        elif not isinstance(element.tag, str) or element.tag in _SILENT:
            walker.skip_subtree()
        elif element.text and (text := element.text.strip()):
            yield element, text
