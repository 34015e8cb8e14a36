"""Which police body a figure is of: the one that acts, by its longest name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from parsers.observation import PlaceRef
from parsers.places.gazetteer import inside
from parsers.places.scan import plain
from parsers.places.values import OrganSpan, Places

AT = ("在", "到", "赴", "往", "来到", "走进", "深入", "于", "进", "驻", "为", "对", "向")
"""Words that say where something is done, not who does it."""
_LONGEST_ROAD, _LONGEST_WAY = 16, 10
_AT_A_ROAD = re.compile("在[^，。；、：]*$")
"""在青藏公路109国道检查站: a post on a road."""
_ANY_STATION = ("派出所", "乡镇派出所", "便民警务站", "警务站", "警务室", "警务区")
_SENT_TO = re.compile(f"(?:{'|'.join(AT)})(?:各个?|就近|所在地?|户籍地?|居住地|当地|辖区|最近的)*$")
_POSTS = ("警务站", "警务室", "检查站")
"""库车县公安局民警在齐满镇便民警务站…: where bodies above it work too."""
_ROOMS = ("大厅", "窗口", "服务中心")
_CUSTODY = ("看守所", "拘留所", "戒毒所", "监狱")
"""对看守所在押人员采集: where those are held who are sampled."""
STATIONS = ("station", "short_station")
BARE_STATION = ("the station named before", "unnamed station")
GROUPS = ("forces", "ministry", "police")
"""Kinds of bodies (`OrganSpan.kind`): stations; stations without a name; many bodies at once."""
_AS_ASKED = ("按照", "根据", "遵照", "按", "依照", "落实")
"""按照山南市公安局统一安排: who asks for it does not do it."""
_QUOTES = "“「"
_SET_UP = (
    "设立", "建成", "设置", "新建", "建起", "增设", "启用", "投用", "开设", "创建", "打造", "推出", "组建",
)  # fmt: skip
"""建成便民警务站9个: a post that is built."""
_PART = re.compile("其中|包括|含")
_OWN_FIGURE = re.compile(r"(?:采集|完成|录入)?[约近逾超达]?[\d,，.]+万?[余多]?[份人枚条]")
_KEPT = ("值守", "驻守", "坚守", "留守", "支援")
"""某派出所值守检查站: the post that a body keeps."""
_HELPED_BY = (
    "联合",
    "会同",
    "协同",
    "配合",
    "邀请",
    "联系",
    "协助",
    "向",
    "从",
    "赴",
    "受到",
    "接到",
    "收到",
    "与",
)
_TOLD_BY = re.compile("(?:获悉|了解到|获知|得知)")
"""记者从某公安局获悉: who tells of what it did."""
_UNDER = re.compile("[^，。；]{0,4}(?:指导|领导|部署|支持|带领|安排|帮助|协助|配合|统筹|调度)下")
"""某派出所联合交警大队, 在县公安局指导下: who helps, or is written to, where another body acts."""
_FROM = ("距离", "距", "离")
"""距离派出所70公里: from where a way is measured."""
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


_plain = lru_cache(maxsize=4096)(plain)
"""Names of bodies, asked for again with each figure."""


def acting_body(
    places: Places, article_text: str, start: int, end: int, first: int, last: int
) -> tuple[OrganSpan | None, bool]:
    """The body of a figure, and whether it stands in the figure's sentence before or within it."""
    before = [organ for organ in places.organs if organ.start < end]
    sentence = [organ for organ in before if organ.start >= first]
    if sentence:
        acting = _last_acting(article_text, sentence)
        if acting is None and (titled := titled_body(places, sentence[-1].place)) is not None:
            return titled, False
        return acting or sentence[-1], True
    if before:
        acting = _last_acting(article_text, before)
        titled = titled_body(places, before[-1].place) if acting is None else None
        return titled or acting or before[-1], False
    after = (
        organ
        for organ in places.organs
        if end <= organ.start < last and not _is_of_a_part(article_text, organ, end)
    )
    elsewhere = (*after, *places.title_organs)
    return (elsewhere[0] if elsewhere else _account_body(places)), False


def _last_acting(text: str, organs: Sequence[OrganSpan]) -> OrganSpan | None:
    """The last body that acts: one that only helps, or is asked or written to, where there is no other."""
    helper: OrganSpan | None = None
    for organ in reversed(organs):
        if not is_acting(text, organ):
            continue
        told = _TOLD_BY.match(text, organ.end) and text.endswith("从", 0, organ.start)
        if (told or not text.endswith(_HELPED_BY, 0, organ.start)) and not _UNDER.match(text, organ.end):
            return organ
        helper = helper or organ
    return helper


def _is_of_a_part(text: str, organ: OrganSpan, end: int) -> bool:
    """全年采集7.4万人，其中甲所2.1万人: whether a body after the figure that ends at `end` is that of a part of it."""
    return _PART.search(text, end, organ.start) is not None or _OWN_FIGURE.match(text, organ.end) is not None


def is_acting(text: str, organ: OrganSpan) -> bool:
    """Whether a body does what its clause tells: not one that gave the task (州局下达的任务) nor where it was done."""
    if text.endswith(_FROM, 0, organ.start) or organ.text.startswith(_FROM):
        return False
    if text.startswith(_GIVES_TASK, organ.end) or text.endswith(_AS_ASKED, 0, organ.start):
        return False
    quoted = organ.start > 0 and text[organ.start - 1] in _QUOTES
    if text.endswith(_SET_UP, 0, organ.start - quoted):
        return False
    return not _is_room(text, organ)


def _is_room(text: str, organ: OrganSpan) -> bool:
    """Whether a body is where something is done and not who does it: a hall, or the station people are sent to."""
    name = _plain(organ.text)
    if name.endswith(_ROOMS):
        return True
    if name.endswith(_CUSTODY) and text.endswith(
        ("对", "为", "在", "从", "给", "到", "赴", "前往", "走进"), 0, organ.start
    ):
        return True
    if name.endswith(_POSTS) and text.endswith(("在", "依托", "利用", "通过", "借助"), 0, organ.start):
        return True
    if name.endswith(_POSTS) and (name.startswith(_KEPT) or text.endswith(_KEPT, 0, organ.start)):
        return True
    if name.endswith("检查站") and _AT_A_ROAD.search(text, max(0, organ.start - _LONGEST_ROAD), organ.start):
        return True
    before = text[max(0, organ.start - _LONGEST_WAY) : organ.start]
    return name in _ANY_STATION and _SENT_TO.search(before) is not None


def post_of(places: Places, text: str, organ: OrganSpan | None, first: int, end: int) -> OrganSpan | None:
    """The post with a place of its own at which a body of its county works."""
    return next(
        (
            other
            for other in places.organs
            if first <= other.start < end
            and other.text.endswith(_POSTS)
            and text.endswith("在", 0, other.start)
            and organ is not None
            and inside(other.place, organ.place)
        ),
        None,
    )


def _account_body(places: Places) -> OrganSpan | None:
    """The body an account's name spells out (墨竹工卡县公安局); 林周公安 alone names an account, not a body."""
    organ = places.account_organ
    return organ if organ is not None and organ.kind != "police" else None


def by_longest_name(places: Places, text: str, organ: OrganSpan | None) -> OrganSpan | None:
    """The longest mention of the same body in text, title or account (江孜县公安局城关派出所 for 城关派出所)."""
    if organ is None:
        return None
    vague = organ.kind in (*GROUPS, "own") or organ.rule in BARE_STATION
    named = _account_body(places)
    account = (named,) if named is not None else ()
    same: list[OrganSpan] = [
        other
        for other in (
            organ,
            *(
                each
                for each in places.organs
                if each.place.code == organ.place.code and is_acting(text, each)
            ),
            *places.title_organs,
            *account,
        )
        if other.place == organ.place
        and (
            other.text.endswith(organ.text)
            or _is_short_for(organ, other)
            or (vague and other.kind not in (*GROUPS, "own"))
        )
    ]
    return max(same, key=lambda other: len(other.text))


def _is_short_for(organ: OrganSpan, other: OrganSpan) -> bool:
    """东冶所 is short for 东冶派出所."""
    return organ.kind == "short_station" and other.kind == "station"


def titled_body(places: Places, place: PlaceRef) -> OrganSpan | None:
    """The bureau of just this place that the title names (同德县公安局9月份统计表: …全县合计)."""
    found = [o for o in places.title_organs if o.place == place and o.kind not in (*STATIONS, *GROUPS)]
    return found[0] if found else None
