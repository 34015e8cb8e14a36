"""The element that holds a page's article, for sites whose layout we have no rule for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from lxml.html import HtmlElement

_WORDS: dict[str, frozenset[str]] = {
    key: frozenset(value.split())
    for key, value in tomllib.loads(
        files("parsers.article").joinpath("main_text.toml").read_text("utf-8")
    ).items()
}
_BLOCKS, _CONTAINERS, _HEADINGS = _WORDS["blocks"], _WORDS["containers"], _WORDS["headings"]
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SENTENCE = re.compile(r"[，。；！？、：“”,;!?]")
_LABELS = re.compile(
    r"(?:来源|稿源|发布时间|发布日期|发表时间|更新时间|发布者|编辑|作者|时间|日期|主办|承办|备案号?|网站标识码)[:：]|(?:浏览|阅读|点击)(?:次数|量|数)?[:：]"
    r"|字号[:：]|字体[:：]|ICP备|公网安备|版权所有|Copyright"
)
_LONGEST_LABELS = 160
_SPACES = re.compile(r"\s+")
_LEAST = 10
_DEEPEST = 200


@dataclass(slots=True)
class _Weight:
    """Characters of sentences and of everything else below one element."""

    sentences: int = 0
    other: int = 0


def main_container(dom: HtmlElement, title: str = "") -> HtmlElement | None:
    """The element with the most sentence text over other text, None when nothing reads like prose.

    `title` is the page's title if known: a line that repeats it is not prose. Of elements that hold the
    same text the innermost is given.

    The body text is the part of the tree that maximises (sentence characters − link, label and widget
    characters), after Finn, Kushmerick and Smyth, "Fact or fiction: content classification for digital
    libraries" (2001), with subtrees in place of token ranges.
    """
    body = dom.find(".//body")
    root = dom if body is None else body
    weights: dict[HtmlElement, _Weight] = {}
    _weigh(root, weights, _SPACES.sub("", title), depth=0)
    _set_apart(root, weights)
    best: HtmlElement | None = None
    best_score = _LEAST
    for element, weight in weights.items():
        score = weight.sentences - weight.other
        if element.tag in _CONTAINERS and score >= best_score:
            best, best_score = element, score
    return best


def stands_apart(element: HtmlElement) -> bool:
    """Whether an element names itself a widget (comments, sharing, navigation) by tag, class or id."""
    if element.tag in _WORDS["widgets"]:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:200]
    return any(word.lower() in _WORDS["widget_names"] for word in _WORD.findall(names))


def _set_apart(root: HtmlElement, weights: dict[HtmlElement, _Weight]) -> None:
    """Counts the prose of widgets as other text; what holds most of a page's prose is no widget."""
    most = weights[root].sentences // 2
    waiting = list(root)
    while waiting:
        element = waiting.pop()
        weight = weights.get(element)
        if weight is None or not isinstance(element.tag, str):
            continue
        if not stands_apart(element) or weight.sentences > most:
            waiting.extend(element)
            continue
        moved = weight.sentences
        for above in element.iterancestors():
            if above in weights:
                weights[above].sentences -= moved
                weights[above].other += moved
        for below in element.iter():
            weights.pop(below, None)


def _weigh(element: HtmlElement, weights: dict[HtmlElement, _Weight], title: str, *, depth: int) -> _Weight:
    total = weights[element] = _Weight()
    linked = element.tag == "a"
    run = _Run(title, heading=element.tag in _HEADINGS)
    run.add(element.text, linked=linked)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _WORDS["silent"] and depth < _DEEPEST:
            if child.tag == "br":
                run.settle(total)
            elif child.tag in _BLOCKS or _holds_blocks(child):
                run.settle(total)
                below = _weigh(child, weights, title, depth=depth + 1)
                total.sentences += below.sentences
                total.other += below.other
            else:
                _add_inline(child, run)
        run.add(child.tail, linked=linked)
    run.settle(total)
    return total


def _holds_blocks(element: HtmlElement) -> bool:
    return any(inner.tag in _BLOCKS for inner in element.iterdescendants() if isinstance(inner.tag, str))


def _add_inline(element: HtmlElement, run: _Run) -> None:
    run.add(element.text_content(), linked=element.tag == "a")
    if element.tag != "a":
        run.linked += sum(len(_SPACES.sub("", link.text_content())) for link in element.iter("a"))


class _Run:
    """One line of text as a reader sees it: inline text between two block borders."""

    __slots__ = ("chars", "dense", "heading", "linked", "marks", "title")

    def __init__(self, title: str, *, heading: bool) -> None:
        self.title, self.heading, self.dense = title, heading, ""
        self.chars = self.linked = self.marks = 0

    def add(self, text: str | None, *, linked: bool) -> None:
        if not text:
            return
        dense = _SPACES.sub("", text)
        self.dense += dense if len(self.dense) <= _LONGEST_LABELS else ""
        self.chars += len(dense)
        self.linked += len(dense) if linked else 0
        self.marks += len(_SENTENCE.findall(dense))

    def settle(self, total: _Weight) -> None:
        free = self.chars - self.linked
        titled = bool(self.title) and len(self.dense) > 7 and self.dense in self.title
        labels = _LABELS.search(self.dense) is not None and self.chars <= _LONGEST_LABELS
        prose = self.marks > 0 and free >= 10 and self.linked <= free and not titled and not labels
        if not self.heading:
            total.sentences += free if prose else 0
            total.other += self.linked if prose else self.chars
        self.chars = self.linked = self.marks = 0
        self.dense = ""
