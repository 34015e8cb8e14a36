"""Time expressions that say when something else was than the collection."""

from __future__ import annotations

import re

from parsers.claims.days import When
from parsers.document import Precision
from parsers.span import Span

_COMPARED = ("较", "比", "同")
"""较上年增长, 比一季度: what a figure is compared with says nothing of its days."""
_ABOUT_WHOM = ("对", "为", "给", "将")
"""对近期回乡的31名毕业生采集: when those sampled came, and not when they were."""
_OF_OTHERS = re.compile(
    "所?(?:下达|确定|制定|分解)|(?:已)?\\d{1,3}(?:周)?岁|(?:以前|之前|前|以后|之后|后)?(?:出生|参加)"
    "|度?(?:全国|普通)?(?:高考|中考|高招|征兵)"
    "|[“‘][^”’，。；]{1,10}[”’][^，。；]{0,6}案|(?:发生)?的[^，。；]{0,10}(?:命案|积案|旧案|案件)"
)
"""年初下达的任务, 2005年以前出生的群众, 2021年高考, 2009年“3·12”抢劫案: when a task was set, people were born, an
examination is held, a crime was done.
"""


def says_nothing_of_days(text: str, span: Span[When]) -> bool:
    """Whether a time expression says when something else was than the collection, or is what it is compared with."""
    compared = text.endswith(_COMPARED, 0, span.start)
    if span.value.precision is Precision.NONE and text.endswith(_ABOUT_WHOM, 0, span.start):
        return True
    return compared or _OF_OTHERS.match(text, span.end) is not None
