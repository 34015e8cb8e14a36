"""Numbers that count something else: officers, leaflets, groups, households, those who only tell."""

from __future__ import annotations

import re

from parsers.claims.figure import Measured
from parsers.claims.measured import SERVED
from parsers.claims.people import later_take
from parsers.claims.scene import Scene

_GROUPING = ("分", "成", "分成", "分为")
_FATE = re.compile(
    "[^，。；：\n采抽录]{0,6}(?:下落不明|失踪(?!人|儿童|家属|老人|者|妇女)|获释|死亡|身亡|送医|被带走|逃离)"
)
"""其中三人至今下落不明: what became of some."""
_PAPERS = ("单", "表", "书", "册", "函", "图")
"""发放采集通知单60份: what papers are called."""
_BY = ("由", "被", "经", "让", "请")
"""老人64人由民警上门采集: those whom officers sampled."""
_LED = re.compile("(?:在|由|经|跟随|随)[^，。；]{0,4}$")
"""60名村民在村干部带领下完成采集: those who are led, and not those who lead."""
_NOT_YET = re.compile(
    "(?<![给为对尚])(?:没|没有|未)(?:能|来得及)?(?:采|录)(?:集|血|上|到|完)?的?(?:还有|有)?[约近共计]?$"
    "|[缺欠差][^，。；（(]{0,6}[份人名枚]?[（(][^（）()]*$"
)
"""还没采的319人, 缺62（在外务工41、在校21）."""
_TELL = re.compile("[^，。；：\n采抽录]{0,12}(?:告诉|表示|讲述|回忆|透露|反映|说|称)")
"""访问的2名牧民说: those who tell of collection are not those sampled."""
_REFUSE = re.compile(
    "[^，。；：\n采抽录]{0,4}(?:因拒|拒绝|拒不|被(?:拘留|拘捕|捕|抓|关押)(?![者人的])|外出未|未采|未到场)"
)
"""其中两人因拒绝被拘留: those who refused, or were away, are not those sampled."""


def counts_others(
    scene: Scene, this: Measured, lead: tuple[int, int], trail: tuple[int, int], is_part: bool
) -> bool:
    """Whether a noun for officers, leaflets, groups … stands right before the number or after its measure word.

    Officials are counted where they are a part of those sampled (其中机关干部380人).
    """
    words, text = scene.words, scene.text
    if text[this.number.start - 1 : this.number.start] in _PAPERS:
        return True
    for group in ("staff", "thing"):
        for token in words.within(group, max(lead[0], lead[1] - 8), lead[1]):
            if is_part and group == "staff" and token.value == "people":
                continue
            if token.value not in ("nothing", "collecting", "data", "after", "families") and not text[
                token.end : lead[1]
            ].strip("约共近计有各达到至逾超不少低于 仅：:"):
                return True
    by_staff = text.startswith(_BY, this.end)
    for token in () if by_staff else words.within("staff", this.end, trail[1]):
        taking = [t for t in words.within("verb", this.end, token.start) if t.value == "take"]
        served = text[this.number.start - 1 : this.number.start] in SERVED
        led = words.any_within("target", this.end, token.start) and _LED.search(text, this.end, token.start)
        if (
            not taking
            and not served
            and not led
            and "、" not in text[this.end : token.start]
            and token.start - this.end <= 6
        ):
            return True
    for token in words.within("thing", this.end, min(trail[1], this.end + 3)):
        if text.startswith("、", this.end):
            break
        if token.value == "counted":
            return True
        if token.value == "after" and not (this.sort == "people" and later_take(scene, this, trail)):
            return True
    if _NOT_YET.search(text, scene.where.sentence(lead[1])[0], lead[1]):
        return True
    if this.sort == "people" and (
        _TELL.match(text, this.end) or _REFUSE.match(text, this.end) or _FATE.match(text, this.end)
    ):
        return True
    families = [t.end for t in words.within("thing", *lead) if t.value == "families"]
    if (
        families
        and this.unit in ("个", "户", "家")
        and not text[families[-1] : lead[1]].strip("约共近计有 逾超")
    ):
        return True
    return text[max(0, lead[1] - 1) : lead[1]] in _GROUPING and this.unit in ("组", "个", "批")
