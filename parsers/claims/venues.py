"""Where samples are taken: words for venues in the reach of a claim."""

from __future__ import annotations

import re

from parsers.claims.measured import SERVED
from parsers.claims.scene import LONGEST_NAME, Scene
from parsers.claims.words import Token
from parsers.places import is_acting

_AT_THE_STATION = (
    "在",
    "到",
    "前往",
    "来",
    "至",
    "去",
    "就近",
    "前来",
    "带到",
    "带至",
    "依托",
    "设在",
    "设于",
    "地点为",
    "地点设在",
    "地点是",
)
_FARTHEST_PLACE, _FARTHEST_CHECK = 16, 14
_CHECKS = re.compile("(?:检查|清查|走访|夜查|巡查|巡检|排查|突查)(?:了)?[^，。；：]{0,10}$")
_TENT = "帐篷"
"""走访12顶帐篷: who visits tents samples in them."""
_NOBODY_LODGES = ("加油站", "物流站", "快递站", "物流公司")
_OF_A_NAME, _LONGEST_OF_A_NAME = re.compile("[为对给][\u4e00-\u9fff]{1,5}$"), 7
"""为洛须寺僧人采集: a monastery by its name."""
_NEAR_HOUSE = 8
_STUDENTS = re.compile(r"\d+[余多]?名?(?:学生|师生|新生|孩子)")
_NUMBER = re.compile(r"\d{1,2}[日号时点月]|[一二三四五六七八九十]{1,3}[日号月]")
_SET_UP = re.compile(
    "(?:、[^，。；]{1,8})?(?:均|都|里|内|处)?设(?:立|置|有|采集|点)|(?:的)?(?:临时|集中|流动|便民|信息)?(?:采集|采血)点"
)
"""各寺院、村委会均设采集点; 广场采集点共采集389人."""
_MOVES, _LONGEST_MOVE = ("移动", "马背", "流动", "帐篷", "车载", "摩托"), 3
"""马背警务室: police who ride about, and no station."""
_NEAR_IT = ("附近", "脚下", "山脚", "旁", "周边", "对面", "外围")
"""在清真寺附近广场: not in it."""
_BEFORE_IT = ("前广场", "前的", "门口", "门前")
"""在市场门口 is as public as the market; in front of a house is not in it."""
_PUT_UP = re.compile("(?:搭起|支起|搭建|搭设|搭好|扎起|搭了|支了|架起)[^，。；]{0,6}$")
"""在集市搭起帐篷: a tent put up is no home."""
_SUPPORTS = re.compile("配合(?!体检|查体|检查|采|开展|做好|工作|完成)")
_ACTS = re.compile(r"(?:辖区|民警|组织|工作人员|民辅警|辅警|的民警|所长)")
_LISTED = re.compile(r"[、和及与]")


def venues(scene: Scene, first: int, last: int, *, checked: bool = True) -> tuple[str, ...]:
    """The venues named in `text[first:last]` after a word of place, or by the manner of collection (入户).

    With `checked` those too that the police checked on the occasion (检查民宿9家).
    """
    words = scene.words
    manners = words.within("manner", first, last)
    by_manner = [(token.start, token.value) for token in manners if not _is_the_body(scene, token)]
    found: list[tuple[int, str]] = []
    served: list[tuple[int, str]] = []
    previous: Token | None = None
    for token in words.within("venue", first, last):
        if scene.words.any_within("venue", token.end, token.end + 1):
            continue
        if _in_a_name(scene, token):
            if token.value == "public_place" and _is_a_post(scene, token):
                found.append((token.start, token.value))
            continue
        joined = previous is not None and _LISTED.fullmatch(scene.text, previous.end, token.start)
        if _is_of_those_served(scene, token):
            served.append((token.start, token.value))
            previous = token
        elif joined or _is_venue(scene, token) or (checked and _checked(scene, token, last)):
            found.append((token.start, token.value))
            previous = token
    return tuple(dict.fromkeys(value for _, value in sorted(by_manner + (found or served))))


def _is_the_body(scene: Scene, token: Token) -> bool:
    """拜城县公安局执法办案中心采集…: who takes samples, and not where."""
    return any(
        organ.start < token.start < organ.end and not scene.text.endswith("在", 0, organ.start)
        for organ in scene.places.organs
    )


def _checked(scene: Scene, token: Token, last: int) -> bool:
    """检查民宿9家: where people are checked they are sampled, when it is a place of business, or a monastery and monks
    are (走访僧舍22间，采集僧人血样22份).
    """
    before = scene.text[max(0, token.start - _FARTHEST_CHECK) : token.start]
    if scene.text[token.start : token.end] in _NOBODY_LODGES:
        return False
    if scene.text[token.start : token.end] == _TENT:
        return _CHECKS.search(before) is not None
    if token.value == "monastery":
        monks = any(group.value == "monks_nuns" for group in scene.words.within("target", token.end, last))
        return monks and _CHECKS.search(before) is not None
    return token.value == "business" and _CHECKS.search(before) is not None


def _is_venue(scene: Scene, token: Token) -> bool:
    if scene.text.endswith(_MOVES, max(0, token.start - _LONGEST_MOVE), token.start):
        return False
    clause = scene.where.clause(token.start)
    first = max(clause[0], token.start - _FARTHEST_PLACE)
    marks = [
        mark
        for mark in scene.words.within("at", first, token.start)
        if not _in_a_name(scene, mark) and not _NUMBER.match(scene.text, mark.end)
    ]
    if not marks and token.value != "police_station" and _SET_UP.match(scene.text, token.end):
        return True
    if not marks or _PUT_UP.search(scene.text, first, token.start):
        return False
    mark = marks[-1]
    if any(helper.end <= token.start for helper in scene.words.within("with", mark.start, token.start)):
        return False
    if scene.text.startswith(
        _NEAR_IT if token.value == "public_place" else (*_NEAR_IT, *_BEFORE_IT), token.end
    ):
        return False
    before_mark = scene.words.within("with", max(clause[0], mark.start - 2), mark.start)
    helped = scene.text.startswith(("协助", "的协助", "的配合", "联合", "支持"), token.end)
    helped = helped or _SUPPORTS.match(scene.text, token.end) is not None
    if before_mark or helped:
        return False
    if scene.text[token.start : token.end] in ("派出所", "该所"):
        word = scene.text[mark.start : mark.end]
        return (
            word in _AT_THE_STATION
            and token.start - mark.end <= 6
            and not scene.text.endswith("个", 0, token.start)
            and _ACTS.match(scene.text, token.end) is None
        )
    return True


def _is_of_those_served(scene: Scene, token: Token) -> bool:
    """为寺院17名僧人采集, 为宾馆新入住人员采集, 镇中心小学324名学生完成采集: the house of those sampled."""
    if token.value == "police_station":
        return False
    named = token.value == "monastery" and _OF_A_NAME.search(
        scene.text, max(0, token.start - _LONGEST_OF_A_NAME), token.start
    )
    students = token.value == "school" and _STUDENTS.match(scene.text, token.end)
    if not named and not students and not scene.text.endswith(SERVED, 0, token.start):
        return False
    near = token.start, token.end + _NEAR_HOUSE
    return bool(scene.numbers_within(token.end, token.end + 1)) or scene.words.any_within("target", *near)


def _is_a_post(scene: Scene, token: Token) -> bool:
    """在边境检查站采集: whether a word ends the name of a post at which another body acts."""
    return any(
        organ.end == token.end and organ.start < token.start and not is_acting(scene.text, organ)
        for organ in scene.places.organs
    )


def _in_a_name(scene: Scene, token: Token) -> bool:
    """Whether a word is part of a name (来 in 赛来塘派出所, 寺 in 达扎寺镇)."""
    near = scene.named_within(max(0, token.start - LONGEST_NAME), token.start + 1)
    return any(start <= token.start and token.end < end for start, end in near)
