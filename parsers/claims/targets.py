"""From whom samples are taken: words for groups of people in the reach of a claim."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.claims.bare_samples import FROM_PEOPLE
from parsers.claims.beside import sex_before
from parsers.claims.figure import Figure
from parsers.claims.measured import measure
from parsers.claims.scene import LONGEST_NAME, Scene
from parsers.claims.words import Token

UNNAMED = "none"
"""A group that no value stands for (教职工): named, so that no other is looked for."""
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
    "把",
    "等候",
    "候着",
    "守候",
    "约见",
)
_RECEIVED = re.compile(r"(?:接待|迎来)(?:了)?[^，。；\d]{0,4}$")
_CAME = re.compile("迎来了?[^，。；]{0,6}[名位]$")
"""接待学生281名办理身份证，补录指纹189人."""
_COME_FOR = re.compile("[^，。；\\d]{0,4}来[^，。；\\d]{0,4}[办换领]")
"""返乡大学生扎堆来换身份证，补采指纹64人."""
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
_NOT_SAMPLED = ("未采", "尚未", "剩余", "漏采", "未完成")
_BESIDE_THEM = ("陪同", "同意", "陪伴", "在场", "签字", "的陪同", "的同意", "带领", "的带领")
"""在家长陪同下: those who stand by are not those sampled."""
_ALL_ARE = re.compile("(?:均|都|全|皆|全部)[为是系]|(?:主要)?(?:采集|采血)?对象(?:主要)?[为是]")
_AMONG_THEM = re.compile(
    "(?:其中|(?:采集|采血)?对象)?(?:也|还)?(?:包括|包含|含)|其中(?:大半|大多数?|绝大多数|多数|不少|多|还|也)?(?:是|为|有)"
)
_EVEN = re.compile(
    "(?:就)?连(?=[^，。；]{0,6}[岁童孩])(?=[^，。；\\d]{0,2}\\d{0,2}[^，。；\\d]{1,8}(?:也|都|均))"
)
"""采集近90万居民的DNA，连5岁幼童也不例外."""
_DEAR = ("亲爱的", "尊敬的")
_ON_OCCASION = ("趁", "利用", "抓住", "借", "瞅准", "适逢", "正值")
"""趁牧民集中缴纳医保的机会: those met on an occasion are those sampled."""
_MET = re.compile("(?:时|之时|过程中|期间|的同时)[，,]")
"""回访前科人员时，采集…"""
_DIGITS = re.compile(r"\d\d")
_SOUGHT = re.compile("(?:找到|找回|寻找|寻回|查找)[^，。；\\d]{0,6}$")
_LOST = re.compile("(?:失踪|走失|被拐|失散)[^，。；]{0,4}$")
_LETTER = re.compile("致[^，。；]{1,24}?的?(?:一封信|公开信|倡议书)")
_HOMES = ("驻地", "住处", "住所", "宿舍", "租住地", "家", "家中", "家里", "帐篷")
_FAMILIES = re.compile("家族|家系|姓氏")
_THEM = re.compile("[对为给让将把]?(?:其(?![中他余它实次间])|他们|她们)")
_UNTOLD = re.compile("(?:未|没有|没|不)(?:曾)?(?:通知|告知|征得|征求|经|取得|知会)(?:过)?[^，。；]{0,2}$")
_SUPPORT = re.compile("(?:们|朋友)?(?:予以|给予|积极|大力|多)*(?:支持|理解|监督|知悉)")
"""未通知家长, 请家长予以支持: those who were not told or are asked for support only."""
_UNASKED = re.compile("家长[^，。；]{0,6}(?:同意|征求|知情|告知|许可)")
"""家长并未被征求同意: those who were not asked are not those sampled."""


def targets_of(scene: Scene, figure: Figure, first: int, floor: int) -> tuple[str, ...]:
    """The groups sampled: named with the figure, from `first` on; else those it is done to before, from `floor` on."""
    clause = scene.where.clause(figure.at)
    last = figure.end
    behind = figure.modalities and not scene.modalities(*figure.lead)
    if figure.rule in ("for people", "population") or behind:
        last = max(last, figure.trail[1])
    elif group := next(iter(scene.words.within("target", last, last + 1)), None):
        last = group.end  # 完成了253名僧人及86名…
    named = [t for t in scene.words.within("target", first, last) if not _is_missing(scene, t)]
    own = _values(named) or ((UNNAMED,) if named else ())
    own = own or _from_whom(scene, figure)
    own = own or _SEXES.get(sex_before(scene.text, figure.at), ()) or _said_behind(scene, figure, _ALL_ARE)
    if own and own != (UNNAMED,):
        return tuple(dict.fromkeys((*own, *_said_behind(scene, figure, _EVEN))))
    if own or figure.is_part or figure.rule == "listed":
        return own
    earlier = scene.words.within("target", floor, clause[0])
    those = [token for token in earlier if _is_object(scene, token) or _are_those(scene, token, figure)]
    return tuple(dict.fromkeys((*_values(those), *_said_behind(scene, figure, _AMONG_THEM)))) or those_before(
        scene, (clause[0], figure.at), floor
    )


def _from_whom(scene: Scene, figure: Figure) -> tuple[str, ...]:
    """DNA样本56份全部来自外来务工人员."""
    said = FROM_PEOPLE.match(scene.text, figure.end)
    last = scene.where.clause(figure.at)[1]
    return _values(scene.words.within("target", said.end(), last)) if said else ()


def those_before(scene: Scene, within: tuple[int, int], floor: int) -> tuple[str, ...]:
    """抓获嫌疑人4名，依法对其采集…: the group named last before a clause that takes of “them”, from `floor` on."""
    if _THEM.search(scene.text, *within) is None:
        return ()
    named = scene.words.within("target", floor, within[0])
    if not named:
        return ()
    clause = scene.where.clause(named[-1].start)
    return _values(token for token in named if token.start >= clause[0])


def _are_those(scene: Scene, token: Token, figure: Figure) -> bool:
    """抓获盗窃嫌疑人2名，对2人采集… (采集其血样2份): a group of the very number sampled,
    or that those sampled are of (核查务工人员460人，对首次入藏的75人采集).
    """
    told = scene.numbers_within(token.end, token.end + 2)
    theirs = figure.rule in ("for people", "collected") or "其" in scene.text[slice(*figure.lead)]
    if not told or not theirs:
        return False
    same = told[0].value == figure.number.value
    return same or (figure.rule == "for people" and told[0].value.min > (figure.number.value.max or 0))


def _said_behind(scene: Scene, figure: Figure, how: re.Pattern[str]) -> tuple[str, ...]:
    """录虹膜四十余人，均为僧人; 数千人被采血，包括5岁以下儿童."""
    at = scene.where.clause(figure.at)[1]
    last = scene.where.clause(at)[1]
    if how.match(scene.text, at) is None or any(measure(scene, n) for n in scene.numbers_within(at, last)):
        return ()
    return targets_within(scene, at, last)


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


def addressed(scene: Scene) -> tuple[str, ...]:
    """The groups that a letter is to by its title (致全县农牧民群众的一封信)."""
    letter = _LETTER.search(scene.title)
    if letter is None:
        return ()
    tokens = scene.title_words.within("target", *letter.span())
    return _values(t for t in tokens if _LOST.search(scene.title, 0, t.start) is None)


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
    if _RECEIVED.search(lead) and scene.numbers_within(token.end, token.end + 1):
        return True
    if _CAME.search(lead) or _COME_FOR.match(scene.text, token.end):
        return True
    if any(word in lead for word in _ON_OCCASION) or _MET.search(scene.text, token.end, clause[1]):
        return True
    if scene.text.endswith(_HOMES, token.start, token.end) or scene.text.startswith(_HOMES, token.end):
        return True
    if token.value == "men" and _FAMILIES.search(scene.text, *clause):
        return True
    takes = any(verb.value in ("take", "enter") for verb in scene.words.within("verb", clause[0], clause[1]))
    if scene.modalities(*clause):
        return True
    return takes and not any(t.value == "data" for t in scene.words.within("thing", token.end, clause[1]))


def _helps(lead: str) -> bool:
    return lead.endswith(("为服务", "便民", "服务"))


def _is_missing(scene: Scene, token: Token) -> bool:
    """失踪儿童父母, 村民称: neither the missing nor those who tell are those sampled."""
    if scene.text.endswith(_DEAR, 0, token.start) and addressed(scene):
        return True
    if _DIGITS.match(scene.text, token.start - 1 if token.start else 0, token.start + 1):
        return True  # 5岁以上 in 65岁以上
    if scene.text.startswith(_TELLS, token.end) or scene.text.startswith(_BESIDE_THEM, token.end):
        return True
    if _UNASKED.match(scene.text, token.start) or _SUPPORT.match(scene.text, token.end):
        return True
    if _UNTOLD.search(scene.text, max(0, token.start - LONGEST_NAME), token.start):
        return True
    near = scene.words.within("purpose", max(0, token.start - LONGEST_NAME), token.start)
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
    """为查找失踪被拐儿童, 为防范儿童走失: those looked for are not those sampled."""
    clause = scene.where.clause(token.start)
    if _SOUGHT.search(scene.text, clause[0], token.start):
        return True
    return any(
        p.value == "missing_persons" and (p.start < token.start or p.start == token.end)
        for p in scene.words.within("purpose", *clause)
    )


def _values(tokens: Iterable[Token]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.value for token in tokens if token.value != UNNAMED))
