"""Which numbers of a text count samples or people sampled, and of what kinds of data.

A number counts when the word that governs it says so: the verb before it in its clause (采集血样53份), the data named
before it (DNA27份、指纹27份), the verb after the people it numbers (为78名僧人采集了DNA), or the figure it goes on
from (其中妇女700余份). Any other verb or noun between takes it away.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol

from parsers.claims.numbers import hedged_behind
from parsers.claims.scene import Scene, kinds_of_data
from parsers.claims.words import Token
from parsers.observation import CountRange, Qualifier
from parsers.span import Span

_FILLER = frozenset(
    '、和及与的了共计约有为达：:（）()　 各等份分别人数名位员一余及其中是个，,“”"了就又还也均总量达到至'
)
_JOINED = re.compile(r"\s*(?:、|并|和|及|与|、并|，并)?\s*")
_ALL = re.compile("均|全部|逐一|一律|都|全员|全数")
_GROUPING = ("分", "成", "分成", "分为")
_HEDGE_BEHIND = re.compile("以上|之多|左右|上下")
_UNITLESS_END = re.compile(r"\s*(?:$|[，。；;、\n）)！!])")
_REACHED = (
    "完成",
    "要完成",
    "需完成",
    "将完成",
    "已完成",
    "完成了",
    "达到",
    "达",
    "突破",
    "实现",
    "超过",
    "增至",
    "升至",
    "增加到",
    "拿下",
    "搞定",
)
_NO_EXCEPTION = re.compile("[^，。；：\n]{0,12}?(?:无一|一个不|概莫能外|悉数)")
_SERVED = ("为", "对", "给")
_NEAR_MEAN = 12
_SEX = re.compile("(?:^|[（(，、；和及中])(?P<sex>[男女])性?[：:]?$")
_TELL = re.compile("[^，。；：\n采抽录]{0,12}(?:告诉|表示|讲述|回忆|透露|反映|说|称)")
"""访问的2名牧民说: those who tell of collection are not those sampled."""
_AGE = re.compile(r"(?:\d{1,3}[至到-])?\d{1,3}周?岁(?:以上|以下|以内)?")
_MOST_UNKNOWN = 1
_MOST_UNKNOWN_OF_PART = 4
_FARTHEST_VERB = 40
_NEAR_PASSIVE = 4

MOST_FIGURES = 400
"""Numbers with a measure word that are judged: more stand in no article, and bound the time of a hostile one."""

OF_A_TASK = re.compile("的(?:总|全年|年度)?(?:采集|采血)?(?:任务|目标|指标)")
"""What follows a number that is a task's: 距6.8万份的总任务."""

RESPECTIVELY = "分别"
"""Figures of a clause with this word are of the kinds of data named before, in their order."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of samples or of people sampled.

    `start` is where the words begin that make it one, `lead` the stretch before the number that belongs to it, `trail`
    the one after it. `modalities` are the kinds of data named beside it, possibly none. `verb` is the sort of the
    governing verb (`take`, `enter` …). `rule` says how it was recognised.
    """

    number: Span[CountRange]
    unit: str
    start: int
    end: int
    lead: tuple[int, int]
    trail: tuple[int, int]
    modalities: tuple[str, ...]
    rule: str
    verb: str = ""
    is_part: bool = False

    @property
    def at(self) -> int:
        """Where the number begins."""
        return self.number.start


@dataclass(frozen=True, slots=True)
class _Measured:
    """A number with its measure word; `sort` is `sample`, `people`, `loose` or `none`."""

    number: Span[CountRange]
    unit: str
    end: int
    sort: str


class _Make(Protocol):
    """Makes the figure of the number at hand."""

    def __call__(self, rule: str, found: tuple[str, ...], start: int, sort: str = "") -> Figure: ...


def find_figures(scene: Scene) -> list[Figure]:
    """The figures among the numbers of a scene, in order; which of them are told twice `sifted` decides."""
    measured = [
        each
        for number in scene.numbers
        if (each := _measured(scene, number)) is not None and not _is_mean(scene, number)
    ]
    del measured[MOST_FIGURES:]
    verdicts: list[Figure | None] = []
    for index in range(len(measured)):
        verdicts.append(_judge(scene, measured, index, verdicts))
    return [figure for figure in verdicts if figure is not None]


def _measured(scene: Scene, number: Span[CountRange]) -> _Measured | None:
    text = scene.text
    at = number.end
    while text[at : at + 1] == " ":
        at += 1
    unit = next(iter(scene.words.within("unit", at, at + 1)), None)
    if unit is not None:
        if unit.value == "never":
            return None
        hedge = _HEDGE_BEHIND.match(text, unit.end)
        if hedge is not None and number.value.qualifier is Qualifier.EXACT:
            number = Span(number.start, number.end, hedged_behind(number.value.min, hedge[0]), number.rule)
        sort = "people" if _is_household_served(scene, number, unit) else unit.value
        return _Measured(number, text[at : unit.end], unit.end, sort)
    if _UNITLESS_END.match(text, number.end) and number.value.min > 1:
        return _Measured(number, "", number.end, "none")
    return None


def _is_mean(scene: Scene, number: Span[CountRange]) -> bool:
    """平均每天60多份: a mean of several days is no count."""
    first = max(scene.where.clause(number.start)[0], number.start - _NEAR_MEAN)
    return any(token.value == "average" for token in scene.words.within("kind", first, number.start))


def _is_household_served(scene: Scene, number: Span[CountRange], unit: Token) -> bool:
    """为62户牧民: households that something is done to are counted as people are."""
    served = unit.value == "loose" and scene.text[number.start - 1 : number.start] in _SERVED
    if not served or not scene.words.any_within("target", unit.end, unit.end + 1):
        return False
    last = scene.where.sentence(number.start)[1]
    later = scene.numbers[bisect_left(scene.numbers, number.end, key=_start_of) :]
    units = (
        next(iter(scene.words.within("unit", each.end, each.end + 1)), None)
        for each in takewhile(lambda each: each.start < last, later)
    )
    return not any(each is not None and each.value in ("sample", "people") for each in units)


def _judge(
    scene: Scene, measured: Sequence[_Measured], index: int, verdicts: Sequence[Figure | None]
) -> Figure | None:
    words, this = scene.words, measured[index]
    number = this.number
    clause = scene.where.clause(number.start)
    first, last = clause
    before = measured[index - 1] if index else None
    same_clause = before is not None and before.end > first
    if before is not None and same_clause:
        first = before.end
    if index + 1 < len(measured):
        last = min(last, measured[index + 1].number.start)
    lead, trail = (first, number.start), (this.end, last)
    previous = verdicts[-1] if verdicts else None
    goes_on = previous is not None and before is not None and previous.number is before.number
    if _counts_others(scene, this, lead, trail, goes_on and words.any_within("part", *lead)):
        return None
    verb = _governing(scene, lead)
    part = words.any_within("part", *lead)

    def made(rule: str, found: tuple[str, ...], start: int, sort: str = "") -> Figure:
        return Figure(number, this.unit, start, this.end, lead, trail, found, rule, sort, part)

    if OF_A_TASK.match(scene.text, this.end) and _is_far_from(scene, lead):
        return made("total", (), number.start, "take")
    if this.sort == "people" and _is_every_one(scene, this, clause):
        return made("for people", scene.modalities(*trail), number.start, "take")
    if (
        this.sort == "people"
        and verb is not None
        and (
            _benefit_start(scene, (lead[0], verb.start)) < verb.start
            or scene.text[number.start - 1 : number.start] in _SERVED
        )
    ):
        figure = _for_people(scene, this, lead, clause, made)
        if figure is not None and verb.value not in ("take", "enter"):
            return figure
    if this.sort == "people" and _is_passive(scene, this):
        return _for_people(scene, this, (number.start, number.start), clause, made)
    if scene.text[number.start : number.end] == "一":
        benefits = _benefit_start(scene, lead) == number.start - 1
        return _for_people(scene, this, lead, clause, made) if benefits else None
    if verb is not None and verb.value not in ("bring", "light"):
        return _governed(scene, this, verb, lead, trail, made)
    named = _named_before(scene, lead)
    if named and (this.sort != "none" or _adjacent(scene, lead)):
        continued = (
            same_clause and previous is not None and before is not None and previous.number is before.number
        )
        refused = same_clause and not continued
        if not refused and (continued or _is_about_collecting(scene, number.start)):
            tokens = words.within("modality", *lead)
            return made(
                "named",
                named,
                tokens[0].start if tokens else first,
                previous.verb if continued and previous else "",
            )
        if refused:
            return None
    if this.sort == "people" and (figure := _for_people(scene, this, lead, clause, made)) is not None:
        return figure
    if this.sort == "sample" and (after := scene.modalities(*trail)) and _follows(scene, this, trail):
        return made("data after", after, number.start)
    continued_figure = _continued(scene, this, lead, trail, measured[:index], previous, made)
    if continued_figure is None and this.sort in ("people", "none"):
        return _population(scene, lead, made)
    return continued_figure


def _governed(
    scene: Scene, this: _Measured, verb: Token, lead: tuple[int, int], trail: tuple[int, int], made: _Make
) -> Figure | None:
    """A number whose clause has a verb before it."""
    words = scene.words
    after_verb = verb.end, lead[1]
    named = _named_before(scene, after_verb) or _named_before(scene, (lead[0], verb.end))
    start = verb.start
    sort = verb.value
    if sort == "process":
        earlier = [
            token for token in words.within("verb", lead[0], verb.start) if token.value in ("take", "enter")
        ]
        joined = earlier and (gap := _JOINED.match(scene.text, earlier[-1].end)) and gap.end() == verb.start
        if not joined or not scene.modalities(*after_verb):
            return None
        start, sort = earlier[-1].start, "take"
    if sort in ("other", "process"):
        return None
    if (
        words.any_within("verb", *trail)
        and words.within("verb", *trail)[0].value == "process"
        and words.within("verb", *trail)[0].start <= this.end + 3
    ):
        return None
    behind = scene.modalities(*trail) if not named else ()
    if sort == "weak":
        named = _named_before(scene, after_verb) or behind
        return made("collected", named, start, "take") if named else None
    if named:
        tokens = words.within("modality", lead[0], verb.start)
        begin = min(start, tokens[0].start) if tokens and not _named_before(scene, after_verb) else start
        return made("collected", named, begin, sort)
    if behind and (this.sort != "loose" or words.within("modality", *trail)[0].start <= this.end + 1):
        return made("collected", behind, start, sort)
    if this.sort == "none" and not _adjacent(scene, lead):
        return None
    if words.any_within("data", *after_verb) or _data_between(scene, after_verb) or this.sort == "loose":
        return None
    collects = _later_take(scene, this, trail)
    if sort == "reach":
        word = scene.text[verb.start : verb.end]
        if collects is not None:
            return made("for people", scene.modalities(*trail), start, "take")
        if word not in _REACHED or _unknown(scene, after_verb) > _MOST_UNKNOWN:
            return None
        return made("reached", (), start, "take") if _is_about_collecting(scene, this.number.start) else None
    if sort == "enter" and _unknown(scene, after_verb) > _MOST_UNKNOWN:
        return None
    return made("collected", (), start, sort) if _is_about_collecting(scene, this.number.start) else None


def _for_people(
    scene: Scene, this: _Measured, lead: tuple[int, int], clause: tuple[int, int], made: _Make
) -> Figure | None:
    """为78名僧人采集了DNA、指纹; 组织56名务工人员到村委会，统一采集血样; 约三千人被采集."""
    words = scene.words
    trail = this.end, clause[1]
    start = _benefit_start(scene, lead)
    verb = _later_take(scene, this, trail)
    if verb is not None:
        named = scene.modalities(this.end, clause[1])
        if not named and _data_between(scene, (verb.end, clause[1])):
            return None
        if not named and not scene.words.any_within("modality", scene.where.sentence(clause[0])[0], lead[0]):
            named = _next_clause(scene, clause)
        return made("for people", named, start, "take")
    if _ALL.match(scene.text, clause[1]) and (named := _next_clause(scene, clause)):
        return made("for people", named, start, "take")
    brought = start < this.number.start or words.any_within("verb", *lead)
    if brought and not words.any_within("verb", *trail) and (named := _next_clause(scene, clause)):
        return made("for people", named, start, "take")
    if brought and (named := scene.modalities(*trail)) and _is_about_collecting(scene, this.number.start):
        return made("for people", named, start, "take")
    return None


def _next_clause(scene: Scene, clause: tuple[int, int]) -> tuple[str, ...]:
    """Kinds of data of the next clause of the sentence when it says that they are taken and gives no number."""
    if clause[1] >= scene.where.sentence(clause[0])[1]:
        return ()
    first, last = scene.where.clause(clause[1])
    takes = any(token.value == "take" for token in scene.words.within("verb", first, last))
    numbers = scene.numbers[bisect_left(scene.numbers, first, key=_start_of) :]
    inside = takewhile(lambda number: number.start < last, numbers)
    if not takes or any(_measured(scene, number) for number in inside):
        return ()
    return scene.modalities(first, last)


def _start_of(span: Span[CountRange]) -> int:
    return span.start


def _later_take(scene: Scene, this: _Measured, trail: tuple[int, int]) -> Token | None:
    """The verb of taking after the people numbered."""
    for token in scene.words.within("verb", this.end, min(trail[1], this.end + _FARTHEST_VERB)):
        if token.value in ("take", "enter") or (
            token.value == "weak" and scene.modalities(token.end, trail[1])
        ):
            return token
        if token.value == "process":
            return None
    collecting = [t for t in scene.words.within("thing", this.end, trail[1]) if t.value == "collecting"]
    return collecting[0] if collecting and scene.modalities(*trail) else None


def _is_far_from(scene: Scene, lead: tuple[int, int]) -> bool:
    """距6.8万份的总任务还差: a task that is named behind its number and not done."""
    return scene.text.startswith(("距", "离", "对照", "面对"), lead[0]) and _is_about_collecting(
        scene, lead[1]
    )


def _is_every_one(scene: Scene, this: _Measured, clause: tuple[int, int]) -> bool:
    """要学生录声纹，一千七百余名学生无一例外; 服务牧民74人，全部完成采集: all those numbered, said after the deed."""
    sentence = scene.where.sentence(clause[0])
    if not scene.modalities(sentence[0], this.number.start):
        return False
    if _NO_EXCEPTION.match(scene.text, this.end):
        return any(t.value == "take" for t in scene.words.within("verb", sentence[0], this.number.start))
    if clause[1] >= sentence[1] or _ALL.match(scene.text, clause[1]) is None:
        return False
    following = scene.where.clause(clause[1])
    takes = any(token.value == "take" for token in scene.words.within("verb", *following))
    return takes and not any(following[0] <= number.start < following[1] for number in scene.numbers)


def _is_passive(scene: Scene, this: _Measured) -> bool:
    """四百多人被采: what is done to the people numbered, whatever verb stands before them."""
    verb = next(iter(scene.words.within("verb", this.end, this.end + _NEAR_PASSIVE)), None)
    return verb is not None and verb.value == "take" and "被" in scene.text[this.end : verb.end]


def _benefit_start(scene: Scene, lead: tuple[int, int]) -> int:
    """Where 为, 对, 给 … stands before people, else the number."""
    found = max(scene.text.rfind(mark, *lead) for mark in ("为", "对", "给", "向", "让", "将", "把"))
    return found if found >= 0 else lead[1]


def _follows(scene: Scene, this: _Measured, trail: tuple[int, int]) -> bool:
    """Whether data are named right after the measure word (3600余份血样), in a text about collecting."""
    token = scene.words.within("modality", *trail)[0]
    return token.start - this.end <= 8 and _is_about_collecting(scene, this.number.start)


def _population(scene: Scene, lead: tuple[int, int], made: _Make) -> Figure | None:
    """辖区5至60岁男性1260人: the group that a rate of collection is of."""
    cues = [token for token in scene.words.within("kind", *lead) if token.value == "population"]
    if not cues or lead[1] - cues[-1].end > 4:
        return None
    sentence = scene.where.sentence(lead[0])
    takes = [t for t in scene.words.within("verb", sentence[0], lead[1]) if t.value == "take"]
    if takes and "占" not in scene.text[slice(*lead)] and scene.modalities(sentence[0], lead[0]):
        return made("listed", (), lead[0], "take")
    return made("population", (), lead[0])


def _continued(
    scene: Scene,
    this: _Measured,
    lead: tuple[int, int],
    trail: tuple[int, int],
    before: Sequence[_Measured],
    previous: Figure | None,
    made: _Make,
) -> Figure | None:
    """A figure that goes on where the last one ended: 其中妇女700余份, 乙派出所4127份, 共218人."""
    words = scene.words
    cue = [token for token in words.within("kind", *lead) if token.value in ("target", "cumulative")]
    unknown = _unknown(scene, lead)
    line = scene.where.line(this.number.start)
    follows = (
        previous is not None and before and previous.number is before[-1].number and previous.at >= line[0]
    )
    if (
        follows
        and previous is not None
        and unknown <= (_MOST_UNKNOWN_OF_PART if words.any_within("part", *lead) else _MOST_UNKNOWN)
        and (this.sort != "none" or previous.unit == "")
    ):
        part = words.any_within("part", *lead)
        says = (
            part
            or (cue and not _does_else(scene, this, trail))
            or words.any_within("total", *lead)
            or words.any_within("target", *lead)
            or _names_place(scene, lead)
            or sex_before(scene.text, this.number.start)
        )
        if says and _same_sort(previous.unit, this.unit):
            return made("part" if part else "listed", (), lead[0], previous.verb)
    clause = scene.where.clause(this.number.start)
    ordered = follows and previous is not None and RESPECTIVELY in scene.text[clause[0] : previous.at]
    if ordered and previous is not None and unknown == 0 and this.sort != "none":
        return made("listed", (), lead[0], previous.verb)
    sentence = scene.where.sentence(this.number.start)
    if previous is None and unknown == 0 and _is_told_of(scene, this, lead):
        return made("listed", (), lead[0], "take")
    about = _is_about_collecting(scene, this.number.start)
    if (
        about
        and unknown <= _MOST_UNKNOWN
        and (cue or words.any_within("total", *lead))
        and this.sort != "loose"
    ):
        taken = any(token.value in ("take", "enter") for token in words.within("verb", sentence[0], lead[1]))
        if taken or (cue and not _does_else(scene, this, trail)):
            return made("total", (), lead[0], "take")
    return None


def _does_else(scene: Scene, this: _Measured, trail: tuple[int, int]) -> bool:
    """Whether people did something that is no collection: 已有23人联系上家属."""
    return this.sort == "people" and _unknown(scene, trail) > _MOST_UNKNOWN


def _is_told_of(scene: Scene, this: _Measured, lead: tuple[int, int]) -> bool:
    """Whether groups or bodies are numbered right after a clause that takes data (采集新生血样，男生62份，女生58份;
    血样采集数：多却派出所38，张达派出所52).
    """
    before = scene.where.clause(max(0, lead[0] - 1))
    if before[0] < scene.where.sentence(lead[1])[0] or not scene.modalities(*before):
        return False
    if this.sort == "none":
        heads = scene.text[lead[0] - 1 : lead[0]] in ("：", ":") and _names_place(scene, lead)
        return heads and any(t.value == "collecting" for t in scene.words.within("thing", *before))
    opens = scene.words.any_within("target", *lead) or sex_before(scene.text, lead[1])
    takes = any(token.value == "take" for token in scene.words.within("verb", *before))
    return bool(opens) and takes


def _counts_others(
    scene: Scene, this: _Measured, lead: tuple[int, int], trail: tuple[int, int], is_part: bool
) -> bool:
    """Whether a noun for officers, leaflets, groups … stands right before the number or after its measure word.

    Officials are counted where they are a part of those sampled (其中机关干部380人).
    """
    words, text = scene.words, scene.text
    for group in ("staff", "thing"):
        for token in words.within(group, max(lead[0], lead[1] - 8), lead[1]):
            if is_part and group == "staff" and token.value == "people":
                continue
            if token.value not in ("nothing", "collecting", "data", "after", "families") and not text[
                token.end : lead[1]
            ].strip("约共近计有各达超 仅：:"):
                return True
    for token in words.within("staff", this.end, trail[1]):
        taking = [t for t in words.within("verb", this.end, token.start) if t.value == "take"]
        if not taking and token.start - this.end <= 6:
            return True
    for token in words.within("thing", this.end, min(trail[1], this.end + 3)):
        if token.value == "counted":
            return True
        if token.value == "after" and not (this.sort == "people" and _later_take(scene, this, trail)):
            return True
    if this.sort == "people" and _TELL.match(text, this.end):
        return True
    families = [t.end for t in words.within("thing", *lead) if t.value == "families"]
    if (
        families
        and this.unit in ("个", "户", "家")
        and not text[families[-1] : lead[1]].strip("约共近计有 逾超")
    ):
        return True
    return text[max(0, lead[1] - 1) : lead[1]] in _GROUPING and this.unit in ("组", "个", "批")


def _governing(scene: Scene, lead: tuple[int, int]) -> Token | None:
    """The last verb before the number in its clause; helping verbs only where no other stands."""
    tokens = scene.words.within("verb", *lead)
    strong = [token for token in tokens if token.value not in ("bring", "light")]
    if not strong:
        return tokens[-1] if tokens else None
    last = strong[-1]
    if last.value in ("reach", "weak") and len(strong) > 1 and strong[-2].value in ("take", "enter"):
        return strong[-2]
    if (
        last.value == "reach"
        and len(strong) > 1
        and strong[-2].value in ("other", "process")
        and not scene.modalities(last.end, lead[1])
    ):
        return strong[-2] if last.start - strong[-2].end <= 6 else last
    return last


def _named_before(scene: Scene, part: tuple[int, int]) -> tuple[str, ...]:
    return kinds_of_data(scene.words.within("modality", *part))


def _data_between(scene: Scene, part: tuple[int, int]) -> bool:
    """Whether an object that is no biometric data stands there (采集流动人口信息326条)."""
    return any(token.value in ("data", "counted") for token in scene.words.within("thing", *part))


def _adjacent(scene: Scene, lead: tuple[int, int]) -> bool:
    """Whether the words right before a number without a measure word are about taking samples."""
    near = max(lead[0], lead[1] - 6)
    return any(
        scene.words.any_within(group, near, lead[1]) for group in ("verb", "modality", "total", "kind")
    )


def _is_about_collecting(scene: Scene, at: int) -> bool:
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


def _unknown(scene: Scene, part: tuple[int, int]) -> int:
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
    spans.extend(age.span() for age in _AGE.finditer(scene.text, first, last))
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


def _names_place(scene: Scene, part: tuple[int, int]) -> bool:
    return bool(scene.named_within(*part))


def _same_sort(first: str, second: str) -> bool:
    people = ("人", "名", "人次", "位", "人份")
    return (
        first == second
        or (first in people and second in people)
        or "份" in (first, second)
        or not (first and second)
    )
