"""Where samples are taken, from whom, and what for: words in the reach of a claim."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.claims.beside import sex_before
from parsers.claims.figure import Figure
from parsers.claims.scene import Scene
from parsers.claims.words import Token
from parsers.observation import Modality

UNNAMED = "none"
"""A group that no value stands for (教职工): named, so that no other is looked for."""

_RESULT = re.compile(r"(?:破获|抓获|侦破|破案|比中|破)[^，。；\n]{0,12}\d")
_TAKES_TO = (
    "为",
    "对",
    "给",
    "让",
    "组织",
    "针对",
    "面向",
    "召集",
    "通知",
    "要求",
    "安排",
    "请广大",
    "请各",
    "请全体",
)
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
)
_FARTHEST_PLACE = 16
_LONGEST_NAME = 40
_MOST_PURPOSES = 200
_TAKEN_AGAIN = ("补录", "补采", "补登")
"""Fingerprints are taken again for cards of before 2013, which hold none."""
_ON_CARDS = (Modality.FINGERPRINT, Modality.FACE)
_SEXES = {"男": ("men",), "女": ("women",)}
_TELLS = (
    "称",
    "说",
    "表示",
    "告诉",
    "反映",
    "透露",
    "介绍",
    "回忆",
    "不满",
    "质疑",
    "抗议",
    "投诉",
    "反对",
    "担心",
)
_FARTHEST_CHECK = 14
_NEAR_COUNT = 1
_CHECKS = re.compile("(?:检查|清查|走访|夜查)(?:了)?[^，。；：]{0,10}$")
_NOBODY_LODGES = ("加油站", "物流站", "快递站", "物流公司")
_FOUND = re.compile("(?:找回|寻回|救助|护送|送回)[^，。；、：]{0,4}$")
_NOT_SAMPLED = ("未采", "尚未", "剩余", "漏采", "未完成")
_NUMBER = re.compile(r"\d{1,2}[日号时点月]|[一二三四五六七八九十]{1,3}[日号月]")
_SET_UP = re.compile("(?:、[^，。；]{1,8})?(?:均|都|里|内|处)?设(?:立|置|有|采集|点)")
"""各寺院、村委会均设采集点."""
_NEAR_IT = ("附近", "旁", "门口", "门前", "周边", "对面", "外围")
"""在清真寺附近广场: not in it."""
_PUT_UP = re.compile("(?:搭起|支起|搭建|搭设|搭好|扎起|搭了|支了|架起)[^，。；]{0,6}$")
"""在集市搭起帐篷: a tent put up is no home."""
_BESIDE_THEM = ("陪同", "同意", "陪伴", "在场", "签字", "的陪同", "的同意", "带领", "的带领")
"""在家长陪同下: those who stand by are not those sampled."""
_ALL_ARE = re.compile("(?:均|都|全|皆|全部)[为是系]")
_JURISDICTION = "辖区"
_AMONG_THEM = re.compile("(?:其中)?(?:也|还)?(?:包括|包含|含)")
_ON_OCCASION = ("趁", "利用", "抓住", "借", "瞅准", "适逢", "正值")
"""趁牧民集中缴纳医保的机会: those met on an occasion are those sampled."""
_MET = re.compile("(?:时|之时|过程中|期间|的同时)[，,]")
"""回访前科人员时，采集…"""
_HOMES = ("家", "家中", "家里", "帐篷")
_FAMILIES = re.compile("家族|家系|姓氏")
_UNASKED = re.compile("家长[^，。；]{0,6}(?:同意|征求|知情|告知|许可)")
"""家长并未被征求同意: those who were not asked are not those sampled."""
_ACTS = re.compile(r"(?:民警|组织|工作人员|民辅警|辅警|的民警|所长)")
_LISTED = re.compile(r"[、和及与]")


def venues(scene: Scene, first: int, last: int, *, checked: bool = True) -> tuple[str, ...]:
    """The venues named in `text[first:last]` after a word of place, or by the manner of collection (入户).

    With `checked` those too that the police checked on the occasion (检查民宿9家).
    """
    words = scene.words
    manners = words.within("manner", first, last)
    found = [(token.start, token.value) for token in manners if not _is_the_body(scene, token)]
    previous: Token | None = None
    for token in words.within("venue", first, last):
        if scene.words.any_within("venue", token.end, token.end + 1):
            continue
        joined = previous is not None and _LISTED.fullmatch(scene.text, previous.end, token.start)
        if joined or _is_venue(scene, token) or (checked and _checked(scene, token)):
            found.append((token.start, token.value))
            previous = token
    return tuple(dict.fromkeys(value for _, value in sorted(found)))


def _is_the_body(scene: Scene, token: Token) -> bool:
    """拜城县公安局执法办案中心采集…: who takes samples, and not where."""
    return any(
        organ.start < token.start < organ.end and not scene.text.endswith("在", 0, organ.start)
        for organ in scene.places.organs
    )


def _checked(scene: Scene, token: Token) -> bool:
    """检查民宿9家: where people are checked they are sampled, when it is a place of business."""
    before = scene.text[max(0, token.start - _FARTHEST_CHECK) : token.start]
    if scene.text[token.start : token.end] in _NOBODY_LODGES:
        return False
    return token.value == "business" and _CHECKS.search(before) is not None


def _is_venue(scene: Scene, token: Token) -> bool:
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
    if scene.text.startswith(_NEAR_IT, token.end):
        return False
    before_mark = scene.words.within("with", max(clause[0], mark.start - 2), mark.start)
    helped = scene.text.startswith(("协助", "配合", "的协助", "的配合", "联合", "支持"), token.end)
    if before_mark or helped:
        return False
    if scene.text[token.start : token.end] == "派出所":
        word = scene.text[mark.start : mark.end]
        return (
            word in _AT_THE_STATION
            and token.start - mark.end <= 6
            and not scene.text.endswith("个", 0, token.start)
            and _ACTS.match(scene.text, token.end) is None
        )
    return True


def _in_a_name(scene: Scene, mark: Token) -> bool:
    """Whether a word of place is part of a name (来 in 赛来塘派出所)."""
    near = scene.named_within(max(0, mark.start - _LONGEST_NAME), mark.start + 1)
    return any(start <= mark.start < mark.end < end for start, end in near)


def targets_of(scene: Scene, figure: Figure, first: int) -> tuple[str, ...]:
    """The groups sampled: named with the figure, from `first` on; else those it is done to earlier in the sentence."""
    clause = scene.where.clause(figure.at)
    last = figure.end
    behind = figure.modalities and not scene.modalities(*figure.lead)
    if figure.rule in ("for people", "population") or behind:
        last = max(last, figure.trail[1])
    named = [t for t in scene.words.within("target", first, last) if not _is_missing(scene, t)]
    own = _values(named) or ((UNNAMED,) if named else ())
    own = own or _SEXES.get(sex_before(scene.text, figure.at), ()) or _said_behind(scene, figure, _ALL_ARE)
    if own or figure.is_part or figure.rule == "listed":
        return own
    sentence = scene.where.sentence(figure.at)
    earlier = scene.words.within("target", sentence[0], clause[0])
    those = [token for token in earlier if _is_object(scene, token) or _are_those(scene, token, figure)]
    return tuple(dict.fromkeys((*_values(those), *_said_behind(scene, figure, _AMONG_THEM))))


def _are_those(scene: Scene, token: Token, figure: Figure) -> bool:
    """抓获盗窃嫌疑人2名，对2人采集…: a group of the very number sampled."""
    told = scene.numbers_within(token.end, token.end + 2)
    return bool(told) and told[0].value == figure.number.value and figure.rule == "for people"


def _said_behind(scene: Scene, figure: Figure, how: re.Pattern[str]) -> tuple[str, ...]:
    """录虹膜四十余人，均为僧人; 数千人被采血，包括5岁以下儿童."""
    at = scene.where.clause(figure.at)[1]
    said = how.match(scene.text, at)
    return targets_within(scene, at, scene.where.clause(at)[1]) if said else ()


def targets_within(scene: Scene, first: int, last: int) -> tuple[str, ...]:
    """The groups named in `text[first:last]`."""
    tokens = scene.words.within("target", first, last)
    return _values(
        t
        for t in tokens
        if not _is_searched_for(scene, t)
        and not _is_missing(scene, t)
        and not _is_left(scene, t)
        and not _is_counted_besides(scene, t)
    )


def targets_taken(scene: Scene, first: int, last: int) -> tuple[str, ...]:
    """The groups in `text[first:last]` that something is done to or taken from."""
    return _values(token for token in scene.words.within("target", first, last) if _is_object(scene, token))


def _is_object(scene: Scene, token: Token) -> bool:
    """Whether a group is whom something is done to (为僧尼…), or stands beside the data or the verb of taking."""
    if _is_searched_for(scene, token) or _is_missing(scene, token):
        return False
    clause = scene.where.clause(token.start)
    lead = scene.text[clause[0] : token.start]
    if any(word in lead for word in _TAKES_TO) and not _helps(lead):
        return True
    if any(word in lead for word in _ON_OCCASION) or _MET.search(scene.text, token.end, clause[1]):
        return True
    if scene.text.endswith(_HOMES, token.start, token.end) or scene.text.startswith(_HOMES, token.end):
        return True
    if token.value == "men" and _FAMILIES.search(scene.text, *clause):
        return True
    takes = any(verb.value in ("take", "enter") for verb in scene.words.within("verb", clause[0], clause[1]))
    return takes or bool(scene.modalities(*clause))


def _helps(lead: str) -> bool:
    return lead.endswith(("为服务", "便民", "服务"))


def _is_missing(scene: Scene, token: Token) -> bool:
    """失踪儿童父母, 村民称: neither the missing nor those who tell are those sampled."""
    if scene.text.startswith(_TELLS, token.end) or scene.text.startswith(_BESIDE_THEM, token.end):
        return True
    if _UNASKED.match(scene.text, token.start):
        return True
    near = scene.words.within("purpose", max(0, token.start - _LONGEST_NAME), token.start)
    return any(p.value == "missing_persons" and p.end == token.start for p in near)


def _is_left(scene: Scene, token: Token) -> bool:
    """剩余200人因外出务工未采: those not sampled."""
    clause = scene.text[slice(*scene.where.clause(token.start))]
    return any(word in clause for word in _NOT_SAMPLED)


def _is_counted_besides(scene: Scene, token: Token) -> bool:
    """当地有居民1.1万户: how many live there, in a clause that takes nothing."""
    if not scene.numbers_within(token.end, token.end + 2):
        return False
    clause = scene.where.clause(token.start)
    return not any(verb.value in ("take", "enter") for verb in scene.words.within("verb", *clause))


def _is_searched_for(scene: Scene, token: Token) -> bool:
    """为查找失踪被拐儿童: those looked for are not those sampled."""
    clause = scene.where.clause(token.start)
    return any(
        p.value == "missing_persons" and p.start < token.start for p in scene.words.within("purpose", *clause)
    )


def purposes_of(scene: Scene, at: int, modality: Modality) -> tuple[str, ...]:
    """What collection is said to be for: in the whole article, or in a digest in the claim's own item."""
    line = scene.where.line(at)
    found: list[tuple[int, str]] = []
    for token in scene.words.of("purpose")[:_MOST_PURPOSES]:
        where = scene.where.line(token.start)
        if line[0] in scene.items and where != line and where[0] in scene.items:
            continue
        if (
            not _is_result(scene, token)
            and not _is_counted(scene, token)
            and _is_purpose(scene, token, modality, line)
        ):
            found.append((token.start, token.value))
    titled = [
        token.value for token in scene.title_words.of("purpose") if _counts_in_title(token.value, modality)
    ]
    return tuple(dict.fromkeys((*(value for _, value in found), *titled)))


def _counts_in_title(value: str, modality: Modality) -> bool:
    return value not in ("public_service", "stability") and (
        value != "id_card" or modality is Modality.FINGERPRINT
    )


def _is_purpose(scene: Scene, token: Token, modality: Modality, line: tuple[int, int]) -> bool:
    if token.value == "id_card":
        beside = modality in _ON_CARDS and line[0] <= token.start < line[1]
        return beside and _is_what_for(scene, token, line)
    near = scene.named_within(max(0, token.start - _LONGEST_NAME), token.start + 1)
    own = scene.text.startswith(_JURISDICTION, token.start)
    return own or not any(start <= token.start < end for start, end in near)


def _is_what_for(scene: Scene, token: Token, line: tuple[int, int]) -> bool:
    """Whether cards are what fingerprints are taken for, and not a number of cards made besides (办理身份证30张)."""
    clause = scene.where.clause(token.start)
    counted = bool(scene.numbers_within(token.end, clause[1]))
    again = any(word in scene.text[slice(*line)] for word in _TAKEN_AGAIN)
    return not counted or again or bool(scene.modalities(*clause))


def _is_counted(scene: Scene, token: Token) -> bool:
    """服务群众60人次, 找回走失儿童1名: a service that is counted, or somebody found, is what was done besides."""
    if token.value == "missing_persons":
        return _FOUND.search(scene.text, max(0, token.start - _FARTHEST_CHECK), token.start) is not None
    if token.value != "public_service":
        return False
    return bool(scene.numbers_within(token.end, token.end + _NEAR_COUNT + 1))


def _is_result(scene: Scene, token: Token) -> bool:
    clause = scene.where.clause(token.start)
    return _RESULT.search(scene.text, *clause) is not None


def _values(tokens: Iterable[Token]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.value for token in tokens if token.value != UNNAMED))
