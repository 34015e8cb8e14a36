"""Figures that go on where another ended, or that a clause before tells of (其中妇女700余份, 乙派出所4127份)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.claims.beside import (
    MOST_UNKNOWN,
    SERIES,
    how_unknown,
    is_about_collecting,
    names_place,
    sex_before,
)
from parsers.claims.figure import RESPECTIVELY, Figure, Make, Measured
from parsers.claims.measured import SERVED
from parsers.claims.scene import Scene

_LONGEST_BETWEEN = 24
_GROUP = re.compile(
    "[、，和及]?[^，。；、：]{0,6}(?:人员|其[他余它]|[者员户]|工人?|家属|[青少]年|人口|对象|群体|人)[约近共]?"
)
_SITE = re.compile("[、，和及]?[^，。；、：\\d]{1,6}(?:[厂场店院校屋馆吧站区城]|城镇|企业|公司|单位)")
_LIVE_THERE = re.compile("(?<!流动)(?<!暂住)(?<!外来)人口[约近逾超达共计为有]*$")
_MOST_UNKNOWN_OF_PART, _NEAR_VERB = 4, 4


def continuation(
    scene: Scene,
    this: Measured,
    lead: tuple[int, int],
    trail: tuple[int, int],
    before: Sequence[Measured],
    previous: Figure | None,
    made: Make,
) -> Figure | None:
    """A figure that goes on where the last one ended: 其中妇女700余份, 乙派出所4127份, 共218人."""
    words = scene.words
    cue = [token for token in words.within("kind", *lead) if token.value in ("target", "cumulative")]
    unknown = how_unknown(scene, lead)
    line = scene.where.line(this.number.start)
    follows = (
        previous is not None and before and previous.number is before[-1].number and previous.at >= line[0]
    )
    if (
        follows
        and previous is not None
        and unknown <= (_MOST_UNKNOWN_OF_PART if words.any_within("part", *lead) else MOST_UNKNOWN)
        and (this.sort != "none" or previous.unit == "")
    ):
        part = words.any_within("part", *lead)
        if part and _is_gone_on_with(scene, this, previous):
            return None
        says = part or (
            not _does_else(scene, this, lead, trail)
            and (
                bool(cue)
                or words.any_within("total", *lead)
                or words.any_within("target", *lead)
                or names_place(scene, lead)
                or sex_before(scene.text, this.number.start) != ""
                or bool(scene.dates_within(*lead))
                or SERIES.search(scene.text, *lead) is not None
                or _is_elsewhere(scene, (previous.end, lead[0]))
            )
        )
        if says and _same_sort(previous.unit, this.unit):
            return made("part" if part else "listed", (), lead[0], previous.verb)
    if previous is not None and not follows and unknown == 0 and _is_next_body(scene, this, lead, previous):
        return made("listed", (), lead[0], previous.verb)
    if follows and previous is not None and _is_next_part(scene, this, lead, previous):
        return made("listed", (), lead[0], previous.verb)
    clause = scene.where.clause(this.number.start)
    ordered = follows and previous is not None and RESPECTIVELY in scene.text[clause[0] : previous.at]
    counts = this.sort != "none" or (previous is not None and not previous.unit)
    if ordered and previous is not None and unknown == 0 and counts:
        return made("listed", (), lead[0], previous.verb)
    sentence = scene.where.sentence(this.number.start)
    if this.sort == "sample" and unknown == 0 and _is_told_alone(scene, this, lead, trail):
        return made("listed", (), lead[0], "take")
    if unknown == 0 and _is_titled(scene, this, lead):
        return made("listed", (), lead[0], "take")
    if previous is None and unknown == 0 and _is_told_of(scene, this, lead):
        return made("listed", (), lead[0], "take")
    about = is_about_collecting(scene, this.number.start)
    if (
        about
        and unknown <= MOST_UNKNOWN
        and (cue or words.any_within("total", *lead))
        and this.sort != "loose"
    ):
        taken = any(token.value in ("take", "enter") for token in words.within("verb", sentence[0], lead[1]))
        taken = taken or any(t.value == "collecting" for t in words.within("thing", sentence[0], lead[1]))
        taken = taken or (this.sort == "sample" and _sums_up_a_list(scene, this, lead))
        if (taken or cue) and not _does_else(scene, this, lead, trail):
            return made("total", (), lead[0], "take")
    return None


def _is_gone_on_with(scene: Scene, this: Measured, whole: Figure) -> bool:
    """采集血样1000份，其中500份已送检: what became of samples is no figure of its own."""
    last = min(this.end + _NEAR_VERB, scene.where.clause(this.end)[1])
    verbs = scene.words.within("verb", this.end, last)
    return whole.verb == "take" and any(verb.value in ("process", "enter") for verb in verbs)


def _sums_up_a_list(scene: Scene, this: Measured, lead: tuple[int, int]) -> bool:
    """甲所：采集412份，入户280户；乙所：采集398份。全县合计1086份: a total of samples in a line that takes them."""
    first, _ = scene.where.line(this.number.start)
    takes = any(token.value == "take" for token in scene.words.within("verb", first, lead[0]))
    wider = any(lead[0] <= each.start < lead[1] for each in scene.places.references)
    return takes and (wider or names_place(scene, lead))


def _is_next_body(scene: Scene, this: Measured, lead: tuple[int, int], previous: Figure) -> bool:
    """甲所2310份，乙所1180份，护送学生370名，丙所近500份: a list of bodies goes on after something done besides."""
    first = scene.where.sentence(this.number.start)[0]
    listed = (
        previous.rule in ("listed", "part") and previous.at >= first and names_place(scene, previous.lead)
    )
    same = this.unit == previous.unit and this.sort in ("sample", "people")
    return listed and same and names_place(scene, lead) and not scene.words.any_within("verb", *lead)


def _is_next_part(scene: Scene, this: Measured, lead: tuple[int, int], previous: Figure) -> bool:
    """其中流动人口12份，重点人员9份、其他32份; 其中工地95枚、汽修厂41枚: another group of people or site, by how it is
    written, in a list of parts.
    """
    first = scene.where.sentence(this.number.start)[0]
    if (
        not (previous.is_part or previous.rule == "listed")
        or previous.at < first
        or this.unit != previous.unit
    ):
        return False
    grouped = this.sort == "sample" and _GROUP.fullmatch(scene.text, *lead)
    if not grouped and not (this.sort in ("sample", "people") and _SITE.fullmatch(scene.text, *lead)):
        return False
    if any(scene.words.any_within(group, *lead) for group in ("verb", "staff", "modality")):
        return False
    return not any(token.value in ("counted", "data") for token in scene.words.within("thing", *lead))


def _is_elsewhere(scene: Scene, between: tuple[int, int]) -> bool:
    """甲派出所采血77份，双岔派出所最少，仅28份: a clause between two figures names a body or a place of its own."""
    first, last = between
    if last - first > _LONGEST_BETWEEN or scene.words.any_within("verb", first, last):
        return False
    return names_place(scene, between) or bool(scene.words.any_within("venue", first, last))


def _is_told_alone(scene: Scene, this: Measured, lead: tuple[int, int], trail: tuple[int, int]) -> bool:
    """集中采血：上午在镇卫生院，56份: a number of samples that is its whole clause, after a clause that takes data."""
    if scene.text[slice(*lead)].strip(" 约近共仅为") or scene.text[slice(*trail)].strip(" ，。；,;、（("):
        return False
    sentence = scene.where.sentence(this.number.start)
    verbs = scene.words.within("verb", sentence[0], lead[0])
    if not verbs or verbs[-1].value != "take":
        return False
    between = scene.text[verbs[-1].end : lead[0]]
    return (
        len(between) <= _LONGEST_BETWEEN
        and bool(scene.modalities(sentence[0], lead[0]))
        and not scene.numbers_within(verbs[-1].end, lead[0])
    )


def _does_else(scene: Scene, this: Measured, lead: tuple[int, int], trail: tuple[int, int]) -> bool:
    """Whether something is told of people or households that is no collection: 已有23人联系上家属, 动员群众370余人,
    全镇共370户, 辖区总人口3.7万人.
    """
    if this.sort == "people":
        if any(verb.value == "bring" for verb in scene.words.within("verb", *lead)):
            return True
        if _LIVE_THERE.search(scene.text, *lead):
            return True
        served = any(mark in scene.text[slice(*lead)] for mark in (*SERVED, "把", "将"))
        rest = scene.words.within("verb", this.end, scene.where.clause(this.end)[1])
        if served and rest and not any(verb.value in ("take", "enter") for verb in rest):
            return True
        taken = scene.text.startswith("被", this.end) or (names_place(scene, lead) and not served)
        return not taken and how_unknown(scene, trail) > MOST_UNKNOWN
    return this.sort == "loose"


def _is_titled(scene: Scene, this: Measured, lead: tuple[int, int]) -> bool:
    """雅安派出所：126份, under a title that names data and their collection, in a text that says neither."""
    title = scene.title_words
    collects = any(t.value == "collecting" for t in title.of("thing")) or any(
        t.value == "take" for t in title.of("verb")
    )
    silent = not any(t.value in ("take", "enter") for t in scene.words.of("verb")) and not scene.words.of(
        "modality"
    )
    return (
        silent
        and collects
        and bool(title.of("modality"))
        and this.sort != "none"
        and names_place(scene, lead)
    )


def _is_told_of(scene: Scene, this: Measured, lead: tuple[int, int]) -> bool:
    """Whether groups, days or bodies are numbered right after a clause that takes data.

    采集新生血样，男生62份; 采集虹膜，首日216人; 血样采集数：多却派出所38.
    """
    before = scene.where.clause(max(0, lead[0] - 1))
    if before[0] < scene.where.sentence(lead[1])[0] or not scene.modalities(*before):
        return False
    if this.sort == "none":
        heads = scene.text[lead[0] - 1 : lead[0]] in ("：", ":") and names_place(scene, lead)
        return heads and any(t.value == "collecting" for t in scene.words.within("thing", *before))
    opens = (
        scene.words.any_within("target", *lead)
        or sex_before(scene.text, lead[1])
        or (scene.words.any_within("part", *lead) and names_place(scene, lead))
        or (this.sort != "loose" and SERIES.match(scene.text, *lead))
        or (this.sort != "loose" and (names_place(scene, lead) or scene.dates_within(*lead)))
    )
    takes = any(token.value == "take" for token in scene.words.within("verb", *before))
    return bool(opens) and takes


def _same_sort(first: str, second: str) -> bool:
    people = ("人", "名", "人次", "位", "人份")
    return (
        first == second
        or (first in people and second in people)
        or "份" in (first, second)
        or not (first and second)
    )
