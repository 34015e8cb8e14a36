"""Whose figure it is: the place and police body that a stretch of text belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.observation import Article, PlaceRef
from parsers.places.gazetteer import is_within
from parsers.places.values import OrganSpan, Places
from parsers.span import Span

_SENTENCE_ENDS = "。！？!?；;\n"
_TOTALS = re.compile("合计|总计|共计|总数")
_TAKES = re.compile("采集|采血|采样|抽血|补采|提取")
_THIS_VILLAGE = re.compile("[该本全]村")
_PERIODS = ("今日", "当日", "昨日", "当天", "全天", "本周", "上周", "本月", "当月", "以上")
_OF_SEVERAL = re.compile(
    "(?:[两二三四五六七八九十]|各)(?:所|个派出所|地|乡|镇|站|县)(?:一?共|总共|累计|合计)"
)
"""三所共采集虹膜659人: the sum of the bodies named."""
_SEVERAL = ("两所", "三所", "四所", "各所", "两地", "三地", "各地", "两乡", "两镇", "两站")
_AT = ("在", "到", "赴", "往", "来到", "走进", "深入", "于", "进", "驻", "为", "对", "向")
_LISTS, _LONGEST_LIST = ("、", "和", "及"), 12
_TO = ("赴", "前往", "来到", "奔赴", "走进", "深入")
_LONGEST_ROAD, _LONGEST_WAY = 6, 10
_ANY_STATION = ("派出所", "乡镇派出所", "便民警务站", "警务站", "警务室", "警务区")
_SENT_TO = re.compile(f"(?:{'|'.join(_AT)})(?:各个?|就近|所在地?|户籍地?|居住地|当地|辖区|最近的)*$")
_POSTS = ("警务站", "警务室", "检查站")
"""库车县公安局民警在齐满镇便民警务站…: where bodies above it work too."""
_ROOMS = ("大厅", "窗口", "服务中心")
_CUSTODY = ("看守所", "拘留所", "戒毒所", "监狱")
"""对看守所在押人员采集: where those are held who are sampled."""
_AFTER_A_VILLAGE = tuple(f"{ending}{sign}" for ending in ("村", "社区") for sign in "、和及")
_ANOTHER_VILLAGE = re.compile("[、和及][\u4e00-\u9fff]{1,6}?(?:村|社区)(?!民)")
_STATIONS = ("station", "short_station")
_BARE_STATION = ("the station named before", "unnamed station")
_GROUPS = ("forces", "ministry", "police")
_AS_ASKED = ("按照", "根据", "遵照", "按", "依照", "落实")
"""按照山南市公安局统一安排: who asks for it does not do it."""
_SET_UP = ("设立", "建成", "设置", "新建", "建起", "增设", "启用", "投用")
"""建成便民警务站9个: a post that is built."""
_COUNTS = re.compile("[已共累各采建完入公，,抽约近逾上]|范围|总共")
"""What follows 全国 where the figure is the country's, and not in 全国打拐数据库."""
_GIVES_TASK = (
    "年底任务",
    "年度任务",
    "的任务",
    "下达",
    "交办",
    "分配的",
    "确定的",
    "规定的",
    "的统一部署",
    "的部署",
    "的安排",
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """The place and the police body of a figure; `rule` says what decided the place."""

    place: PlaceRef | None
    organ: OrganSpan | None
    rule: str


def attribute(places: Places, article: Article, start: int, end: int) -> Attribution:
    """The place and body of the figure at `article.text[start:end]`.

    The body named last before the figure, in its sentence, then its paragraph, then above; else one after it in
    its sentence, the title's, the account's. Its place counts unless the sentence names a township inside it
    (县公安局…在甘都镇) or a larger whole (全县, 合计) between the body and the figure.
    """
    text = article.text
    first = _sentence_start(text, start)
    last = _sentence_end(text, end)
    organ, in_sentence = _organ(places, text, start, end, first, last)
    bare = organ is not None and organ.rule in _BARE_STATION
    floor = organ.end if organ is not None and in_sentence and not bare else first
    organ = _longest(places, text, organ)
    if organ is not None and _is_own_sum(places, text, organ, floor, end):
        return Attribution(organ.place, organ, "the body's sum")
    post = _post(places, text, organ, first, end)
    whole = _whole(places, text, floor, end)
    named = _named(places.mentions, text, floor, start, end)
    if named is not None and named.value.level == "village":
        named = None if _is_listed(text, named) else _township_since(places, named, end) or named
    if named is not None and organ is not None and _inside(named.value, organ.place):
        named = None if _is_one_of_several(places.mentions, text, named) else named
    if named is not None and (whole is None or named.start > whole.start):
        if organ is None or not organ.place.code:
            return Attribution(named.value, organ, "place named in the sentence")
        if _inside(named.value, organ.place):
            return Attribution(named.value, organ, "place named in the sentence")
        if _is_subject(text, named) and not _inside(organ.place, named.value):
            return Attribution(named.value, _matching(places, named.value), "place whose figure it is")
    if post is not None:
        return Attribution(post.place, organ, "post where it was done")
    if whole is not None:
        own = organ is not None and (
            (organ.place == whole.value and organ.kind not in _STATIONS)
            or (whole.rule == "township" and _inside(whole.value, organ.place))
        )
        stays = organ if own or (organ is not None and organ.kind in _GROUPS) else None
        own_body = stays or _matching_in(places, first, start, whole.value) or _titled(places, whole.value)
        return Attribution(whole.value, own_body, "the whole")
    if organ is not None and organ.place.level == "country":
        return Attribution(organ.place, organ, "the whole country")
    if organ is not None and organ.place.code:
        return Attribution(
            organ.place, organ, "body before the figure" if organ.end <= end else "body after it"
        )
    before = [
        mention for mention in places.mentions if mention.end <= end and mention.value.level != "village"
    ]
    if before:
        return Attribution(before[-1].value, organ, "place named before")
    if places.home is not None:
        return Attribution(places.home, organ, "account's place")
    titled = [mention.value for mention in places.title_mentions if mention.value.code]
    if titled:
        return Attribution(titled[-1], organ, "place named in the title")
    return Attribution(organ.place if organ is not None else None, organ, "no place named")


def _organ(
    places: Places, article_text: str, start: int, end: int, first: int, last: int
) -> tuple[OrganSpan | None, bool]:
    """The body of a figure, and whether it stands in the figure's sentence before or within it."""
    before = [organ for organ in places.organs if organ.start < end]
    sentence = [organ for organ in before if organ.start >= first]
    if sentence:
        acting = [organ for organ in sentence if is_acting(article_text, organ)]
        if not acting and (titled := _titled(places, sentence[-1].place)) is not None:
            return titled, False
        return (acting or sentence)[-1], True
    after = [organ for organ in places.organs if end <= organ.start < last]
    if before:
        acting = [organ for organ in before if is_acting(article_text, organ)]
        titled = _titled(places, before[-1].place) if not acting else None
        return titled or (acting or before)[-1], False
    elsewhere = (*after, *places.title_organs)
    return (elsewhere[0] if elsewhere else _account_body(places)), False


def is_acting(text: str, organ: OrganSpan) -> bool:
    """Whether a body does what its clause tells: not one that gave the task (州局下达的任务) nor where it was done."""
    if text.startswith(_GIVES_TASK, organ.end) or text.endswith((*_AS_ASKED, *_SET_UP), 0, organ.start):
        return False
    return not _is_room(text, organ)


def _is_room(text: str, organ: OrganSpan) -> bool:
    """Whether a body is where something is done and not who does it: a hall, or the station people are sent to."""
    if organ.text.endswith(_ROOMS):
        return True
    if organ.text.endswith(_CUSTODY) and text.endswith(("对", "为", "在", "从", "给"), 0, organ.start):
        return True
    if organ.text.endswith(_POSTS) and text.endswith("在", 0, organ.start):
        return True
    if organ.text.endswith("检查站") and "在" in text[max(0, organ.start - _LONGEST_ROAD) : organ.start]:
        return True
    before = text[max(0, organ.start - _LONGEST_WAY) : organ.start]
    return organ.text in _ANY_STATION and _SENT_TO.search(before) is not None


def _post(places: Places, text: str, organ: OrganSpan | None, first: int, end: int) -> OrganSpan | None:
    """The post with a place of its own at which a body of its county works."""
    return next(
        (
            other
            for other in places.organs
            if first <= other.start < end
            and other.text.endswith(_POSTS)
            and text.endswith("在", 0, other.start)
            and organ is not None
            and _inside(other.place, organ.place)
        ),
        None,
    )


def _account_body(places: Places) -> OrganSpan | None:
    """The body an account's name spells out (墨竹工卡县公安局); 林周公安 alone names an account, not a body."""
    organ = places.account_organ
    return organ if organ is not None and organ.kind != "police" else None


def _longest(places: Places, text: str, organ: OrganSpan | None) -> OrganSpan | None:
    """The longest mention of the same body in text, title or account (江孜县公安局城关派出所 for 城关派出所)."""
    if organ is None:
        return None
    vague = organ.kind in (*_GROUPS, "own") or organ.rule in _BARE_STATION
    named = _account_body(places)
    account = (named,) if named is not None else ()
    same: list[OrganSpan] = [
        other
        for other in (
            organ,
            *(each for each in places.organs if is_acting(text, each)),
            *places.title_organs,
            *account,
        )
        if other.place == organ.place
        and (
            other.text.endswith(organ.text)
            or _is_short_for(organ, other)
            or (vague and other.kind not in (*_GROUPS, "own"))
        )
    ]
    return max(same, key=lambda other: len(other.text))


def _is_short_for(organ: OrganSpan, other: OrganSpan) -> bool:
    """东冶所 is short for 东冶派出所."""
    return organ.kind == "short_station" and other.kind == "station"


def _whole(places: Places, text: str, floor: int, end: int) -> Span[PlaceRef] | None:
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


def _is_own_sum(places: Places, text: str, organ: OrganSpan, floor: int, end: int) -> bool:
    """一路在甲村…，一路在乙村…，合计283份: a station's sum over places of its own."""
    sums = [total.start() for total in _TOTALS.finditer(text, floor, end)]
    if not sums or not _sums_up(places, text, sums[-1]) or organ.kind not in _STATIONS:
        return False
    bodies = {other.place for other in places.organs if other.end <= sums[-1]}
    named = {mention.value for mention in places.mentions if mention.end <= sums[-1]}
    return bodies == {organ.place} and all(_inside(each, organ.place) for each in named)


def _sums_up(places: Places, text: str, at: int) -> bool:
    """Whether a 合计 opens its clause after several places."""
    opens = (
        at == 0 or text[at - 1] in "，。；：、,;:（( \n\t\u3000" or text[:at].endswith((*_PERIODS, *_SEVERAL))
    )
    named = {organ.place for organ in places.organs if organ.end <= at}
    named |= {mention.value for mention in places.mentions if mention.end <= at}
    return opens and len(named) > 1


def _named(
    mentions: Iterable[Span[PlaceRef]], text: str, floor: int, start: int, end: int
) -> Span[PlaceRef] | None:
    """The place named last between the body and the figure, in the figure's sentence."""
    found = [mention for mention in mentions if floor <= mention.start < end and mention.value.code]
    return found[-1] if found else None


def _is_listed(text: str, village: Span[PlaceRef]) -> bool:
    """到甲村、乙村采集158份: a figure of several villages is of neither, whether or not the gazetteer knows both."""
    before = text[: village.start].endswith(_AFTER_A_VILLAGE)
    return before or _ANOTHER_VILLAGE.match(text, village.end) is not None


def _is_one_of_several(mentions: Iterable[Span[PlaceRef]], text: str, named: Span[PlaceRef]) -> bool:
    """县公安局在甲乡、乙乡采集血样512份: a figure of several townships is of none of them."""
    return any(
        other.value.level == named.value.level
        and text[other.end : named.start] in _LISTS
        and text[max(0, other.start - 2) : other.start].endswith(_AT)
        for other in mentions
    )


def _township_since(places: Places, village: Span[PlaceRef], end: int) -> Span[PlaceRef] | None:
    """全乡 between a village and the figure: the township's own figure."""
    found = [r for r in places.references if r.rule == "township" and village.end <= r.start < end]
    return found[-1] if found else None


def _inside(inner: PlaceRef, outer: PlaceRef) -> bool:
    return bool(inner.code and outer.code and inner.code != outer.code and is_within(inner.code, outer.code))


def _is_subject(text: str, mention: Span[PlaceRef]) -> bool:
    """Whether a place opens its clause (甲乡采集400份) and is not only where something happened (在甲乡)."""
    before = text[max(0, mention.start - 2) : mention.start]
    if before.endswith(_LISTS) and any(
        to in text[max(0, mention.start - _LONGEST_LIST) : mention.start] for to in _TO
    ):
        return False
    return not before.endswith(_AT) and (
        not before or before[-1] in "，。；：、,;:（(\n 中" or before.endswith("其中")
    )


def _matching(places: Places, place: PlaceRef) -> OrganSpan | None:
    return next((organ for organ in reversed(places.organs) if organ.place == place), None)


def _titled(places: Places, place: PlaceRef) -> OrganSpan | None:
    """The bureau of just this place that the title names (同德县公安局9月份统计表: …全县合计)."""
    found = [o for o in places.title_organs if o.place == place and o.kind not in (*_STATIONS, *_GROUPS)]
    return found[0] if found else None


def _matching_in(places: Places, first: int, start: int, place: PlaceRef) -> OrganSpan | None:
    """A body of just this place in the figure's sentence."""
    found = [organ for organ in places.organs if first <= organ.start < start and organ.place == place]
    return found[-1] if found else None


def _sentence_start(text: str, start: int) -> int:
    return max(text.rfind(mark, 0, start) for mark in _SENTENCE_ENDS) + 1


def _sentence_end(text: str, end: int) -> int:
    ends = [at for mark in _SENTENCE_ENDS if (at := text.find(mark, end)) >= 0]
    return min(ends, default=len(text))
