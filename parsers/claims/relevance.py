"""Whether a text reports collection that the police lead, and what it is instead if not."""

from __future__ import annotations

import re

from parsers.claims.lexicon import Word
from parsers.claims.passages import Passages
from parsers.observation import Article
from parsers.span import Span

STRONG = ("covid", "blood", "wildlife", "novel", "law_qa", "pension", "exam", "census", "consumables")
"""One word of these is enough; of the other registers two are needed."""

_CHAPTER = re.compile(r"第[一二三四五六七八九十百\d]+[章回节]")


def reporting_lines(
    article: Article, words: list[Span[Word]], title_words: list[Span[Word]], where: Passages
) -> tuple[list[tuple[int, int]], str]:
    """The lines that report collection, and the register of the text (`report` when there are any)."""
    police = any(span.value.group == "police" for span in (*words, *title_words))
    police = police or any(mark in (article.account or "") for mark in ("公安", "警", "派出所"))
    register = _CHAPTER.search(article.title) and "novel"
    if register:
        return [], register
    lines: dict[tuple[int, int], list[Span[Word]]] = {}
    for span in words:
        lines.setdefault(where.line(span.start), []).append(span)
    titled = _register(title_words)
    found = []
    other = "police_other" if police else "other"
    for line, inside in lines.items():
        groups = {span.value.group for span in inside}
        about = {span.value.group for span in title_words}
        if "modality" not in groups and not ("modality" in about and "collect" in groups):
            continue
        instead = _register(inside) or titled
        if instead:
            other = instead
        elif police and ("collect" in groups or "collect" in about):
            found.append(line)
    return found, "report" if found else other


def _register(words: list[Span[Word]]) -> str | None:
    counts: dict[str, set[int]] = {}
    for span in words:
        if span.value.group == "register":
            counts.setdefault(span.value.value, set()).add(span.start)
    for register, places in counts.items():
        if register in STRONG or (register != "procurement" and len(places) > 1):
            return register
    return None
