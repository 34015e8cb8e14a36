"""What stands beside a number: kinds of data, places, people, and how much that is not known."""

from __future__ import annotations

import re

from parsers.claims.figure import Figure, Measured
from parsers.claims.scene import Scene, kinds_of_data

_VILLAGE = re.compile(r"[\u4e00-\u9fff]{1,5}(?:村|社区)(?=\d)")
"""红旗村82份: a village that the gazetteer need not know."""
_FILLER = frozenset(
    '、和及与的了共计约有为达：:（）()　 各等份分别人数名位员一余及其中是个，,“”"了就又还也均总量达到至=＝'
)
_ASIDE = re.compile(r"[（(][^（()），。；\d]{1,8}[)）]")
"""2月（春节）98份."""
_VILLAGERS = re.compile("(?:村民|居民)?小组|生产队|自然村|牧业队|村组")
"""两个村民小组共148人."""
SAMPLE = re.compile("样本|样品|检材")
_SEX = re.compile("(?:^|[（(，、；和及中])(?P<sex>[男女])性?[：:]?$")
_AGE = re.compile(r"(?:\d{1,3}[至到-])?\d{1,3}周?岁(?:以上|以下|以内)?")
SERIES = re.compile(
    r"[\d一两二三四五六七八九十首]{1,3}[天日](?!报|常|前)|第(?=[一二三四五六七八九十\d]{1,2}[天日])|上午|下午|中午|早上|早晨|清晨|傍晚|晚上|夜间"
    r"|凌晨|白天|(?:第[一二三四五六七八九十\d]{1,2}|首)[批轮]|(?:[一二三四五六七八]至)?[一二三四五六七八九]年级"
)
"""Days and their parts, batches and school years: what the figures of a series are told by."""
MOST_UNKNOWN = 1
_LISTED = ("、", "和", "及", "，", "以及")


def named_before(scene: Scene, part: tuple[int, int]) -> tuple[str, ...]:
    """The kinds of data named in a stretch."""
    return kinds_of_data(scene.words.within("modality", *part))


def data_between(scene: Scene, part: tuple[int, int]) -> bool:
    """Whether an object that is no biometric data stands there (采集流动人口信息326条)."""
    return any(token.value in ("data", "counted") for token in scene.words.within("thing", *part))


def adjacent(scene: Scene, lead: tuple[int, int]) -> bool:
    """Whether the words right before a number without a measure word are about taking samples."""
    near = max(lead[0], lead[1] - 6)
    return any(
        scene.words.any_within(group, near, lead[1]) for group in ("verb", "modality", "total", "kind")
    )


def is_about_collecting(scene: Scene, at: int) -> bool:
    """Whether the sentence, the line or the title speaks of taking a kind of data."""
    for first, last in (scene.where.sentence(at), scene.where.line(at)):
        takes = any(token.value in ("take", "enter") for token in scene.words.within("verb", first, last))
        takes = takes or any(
            token.value == "collecting" for token in scene.words.within("thing", first, last)
        )
        if takes and scene.modalities(first, last):
            return True
    titled = scene.title_words
    if kinds_of_data(titled.of("modality")):
        return True
    return scene.words.any_within("modality", 0, at)


def how_unknown(scene: Scene, part: tuple[int, int]) -> int:
    """How many characters of a stretch belong to no word, place, body or time expression known."""
    first, last = part
    if first >= last:
        return 0
    covered = bytearray(last - first)
    spans: list[tuple[int, int]] = []
    for group in ("target", "part", "total", "kind", "modality", "police", "venue", "manner", "verb", "at"):
        spans.extend((token.start, token.end) for token in scene.words.within(group, first, last))
    spans.extend((span.start, span.end) for span in scene.dates_within(first, last))
    spans.extend(scene.named_within(first, last))
    spans.extend(village.span() for village in _VILLAGE.finditer(scene.text, first, last + 1))
    spans.extend(word.span() for word in SAMPLE.finditer(scene.text, first, last))
    spans.extend(part.span() for part in SERIES.finditer(scene.text, first, last))
    spans.extend(age.span() for age in _AGE.finditer(scene.text, first, last))
    spans.extend(group.span() for group in _VILLAGERS.finditer(scene.text, first, last))
    spans.extend(aside.span() for aside in _ASIDE.finditer(scene.text, first, last))
    for start, end in spans:
        for index in range(start - first, min(end, last) - first):
            covered[index] = 1
    text = scene.text
    return sum(
        1 for index in range(last - first) if not covered[index] and text[first + index] not in _FILLER
    )


def sex_before(text: str, at: int) -> str:
    """男 or 女 that stands alone before a number (男186份、女126份)."""
    found = _SEX.search(text, max(0, at - 3), at)
    return found["sex"] if found else ""


def names_place(scene: Scene, part: tuple[int, int]) -> bool:
    """Whether a place or a body stands in a stretch, or a village right before the number at its end."""
    return bool(scene.named_within(*part)) or _VILLAGE.search(scene.text, part[0], part[1] + 1) is not None


def data_behind(scene: Scene, trail: tuple[int, int]) -> tuple[str, ...]:
    """Data that a number may be of that stands before them (采集86人的血样): not those of the next of a list
    (填写登记表370份、录入人像41张).
    """
    tokens = scene.words.within("modality", *trail)
    between = scene.text[trail[0] : tokens[0].start] if tokens else ""
    return () if "、" in between else kinds_of_data(tokens)


def own_data(scene: Scene, this: Measured, previous: Figure, trail: tuple[int, int]) -> tuple[str, ...]:
    """采集53枚指纹、41份血样: the data right behind a number, where those of the one before are behind it."""
    before = scene.words.within("modality", previous.end, previous.end + 1)
    after = scene.words.within("modality", this.end, this.end + 1)
    if not before or not after or scene.text[before[0].end : this.number.start] not in _LISTED:
        return ()
    return kinds_of_data(scene.words.within("modality", *trail))


def is_modifier(scene: Scene, before: Measured, first: int, at: int) -> bool:
    """采集4个生产队虹膜372人: whether the number before says from how many of something the figure is taken."""
    takes = [verb for verb in scene.words.within("verb", first, before.number.start) if verb.value == "take"]
    between = scene.text[before.end : at]
    after = before.sort == "loose" and takes and scene.modalities(before.end, at)
    return bool(after) and not any(mark in between for mark in "、和及与")
