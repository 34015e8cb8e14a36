"""The whole that a figure is of: 我县, 全州, a 合计 over several places, or a body's own sum."""

from __future__ import annotations

import re

from parsers.observation import PlaceRef
from parsers.places.acting import STATIONS
from parsers.places.gazetteer import inside
from parsers.places.values import OrganSpan, Places
from parsers.span import Span

_TOTALS = re.compile("合计|总计|共计|总数")
_PERIODS = ("今日", "当日", "昨日", "当天", "全天", "本周", "上周", "本月", "当月", "以上")
_OF_SEVERAL = re.compile(
    "(?:[两二三四五六七八九十]|各)(?:所|个派出所|地|乡|镇|站|县)(?:一?共|总共|累计|合计)"
)
"""三所共采集虹膜659人: the sum of the bodies named."""
_SEVERAL = ("两所", "三所", "四所", "各所", "两地", "三地", "各地", "两乡", "两镇", "两站")
_COUNTS = re.compile("[已共累各采建完入公，,抽约近逾上]|范围|总共")
"""What follows 全国 where the figure is the country's, and not in 全国打拐数据库."""


def whole_of(places: Places, text: str, floor: int, end: int) -> Span[PlaceRef] | None:
    """我县, 全州, 合计 between the body and the figure, or in the figure's own words."""
    found = [
        reference
        for reference in places.references
        if floor <= reference.start < end
        and reference.rule != "jurisdiction"
        and (
            reference.rule != "township" or reference.value == places.home or text[reference.start] in "该該"
        )
        and (reference.rule != "country" or _COUNTS.match(text, reference.end))
    ]
    if places.home is not None:
        totals = [
            total for total in _TOTALS.finditer(text, floor, end) if _sums_up(places, text, total.start())
        ]
        totals += _OF_SEVERAL.finditer(text, floor, end)
        found.extend(Span(total.start(), total.end(), places.home, "total") for total in totals[-1:])
    return max(found, key=lambda reference: reference.start, default=None)


def is_own_sum(places: Places, text: str, organ: OrganSpan, floor: int, end: int) -> bool:
    """一路在甲村…，一路在乙村…，合计283份: a station's sum over places of its own."""
    sums = [total.start() for total in _TOTALS.finditer(text, floor, end)]
    if not sums or not _sums_up(places, text, sums[-1]) or organ.kind not in STATIONS:
        return False
    bodies = {other.place for other in places.organs if other.end <= sums[-1]}
    named = {mention.value for mention in places.mentions if mention.end <= sums[-1]}
    return bodies == {organ.place} and all(inside(each, organ.place) for each in named)


def _sums_up(places: Places, text: str, at: int) -> bool:
    """Whether a 合计 opens its clause after several places apart: not 县公安局在甲乡采集，共计300人."""
    opens = (
        at == 0
        or text[at - 1] in "，。；：、,;:（( \n\t\u3000"
        or text.endswith((*_PERIODS, *_SEVERAL), 0, at)
    )
    named = {organ.place for organ in places.organs if organ.end <= at}
    named |= {mention.value for mention in places.mentions if mention.end <= at}
    apart = [place for place in named if not any(other != place and inside(other, place) for other in named)]
    return opens and len(apart) > 1
