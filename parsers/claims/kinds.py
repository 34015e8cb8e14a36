"""What sort of figure a count is: of one event, running, to be reached, or of the group it is taken from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.claims.figure import OF_A_TASK, Figure
from parsers.claims.scene import Scene
from parsers.claims.timing import said_complete
from parsers.claims.words import Token
from parsers.observation import Kind

_LONGEST_PERIOD = 8
_LONGEST_HEDGE = 3
"""Of 的 and a hedge: 的近九成."""
_DONE, _NEAR_TASK = ("完成", "已完成", "完成了"), 8
_ONLY = ("仅", "只", "只有", "仅有")
"""截至11月18日仅采集15123人: a hedge where the clause says that it is a running total."""
_DEMANDED = re.compile("(?:会议|会上|上级|[县州市]局|局党委)?(?:强调|要求|提出)[，：]")
_PROCUREMENT = ("采购", "招标", "中标", "成交", "磋商", "询价", "竞争性谈判")


KindBy = tuple[Kind, str]
"""A kind, and the word or rule that says so."""


def kinds_of(scene: Scene, figures: Sequence[Figure]) -> list[KindBy]:
    """The kind of each figure."""
    found: list[KindBy] = []
    for index, figure in enumerate(figures):
        found.append(_kind(scene, figure, figures[:index], found))
    return found


def _kind(scene: Scene, figure: Figure, earlier: Sequence[Figure], found: Sequence[KindBy]) -> KindBy:
    if figure.rule == "population":
        return Kind.POPULATION, "population"
    if is_base(scene, figure):
        return Kind.TARGET, "kind: what a share is of"
    if figure.rule == "total" and OF_A_TASK.match(scene.text, figure.end):
        return Kind.TARGET, "kind: task named behind it"
    cue = _cue(scene, figure, earlier)
    if cue is not None:
        word = scene.text[cue.start : cue.end]
        return Kind(cue.value), f"kind: {word}"
    if figure.rule in ("part", "listed") and earlier:
        return found[_whole_before(scene, earlier)]
    if earlier and _goes_on_with(scene, earlier[-1], figure) and found[-1][0] is Kind.CUMULATIVE:
        return found[-1]
    if earlier and scene.where.clause(earlier[-1].at) == scene.where.clause(figure.at):
        between = scene.dates_within(earlier[-1].end, figure.at)
        if not between and found[-1][0] in (Kind.TARGET, Kind.CUMULATIVE):
            return found[-1]
    if _DEMANDED.match(scene.text, scene.where.sentence(figure.at)[0]) and figure.rule == "collected":
        return Kind.TARGET, "kind: demanded"
    if _is_procured(scene):
        return Kind.TARGET, "kind: procurement"
    sentence = scene.where.sentence(figure.at)
    periods = scene.dates_within(sentence[0], figure.at)
    if periods:
        role = periods[-1].value.role
        met = earlier and earlier[-1].at > periods[-1].start and scene.modalities(*figure.lead)
        if role == "deadline" and not (
            met and found[-1][0] is Kind.TARGET and not _goes_on_with(scene, earlier[-1], figure)
        ):
            return Kind.TARGET, "kind: deadline"
        return (Kind.CUMULATIVE if role in ("since", "until") else Kind.INCREMENT), f"kind: {role}"
    if earlier and earlier[-1].at >= sentence[0]:
        last, kind = earlier[-1], found[-1]
        same_clause = scene.where.clause(last.at) == scene.where.clause(figure.at)
        if kind[0] is Kind.CUMULATIVE or (same_clause and kind[0] is Kind.TARGET):
            return kind
        return Kind.INCREMENT, "kind: increment"
    if scene.words.any_within("total", figure.lead[0], figure.at) and said_complete(scene, figure.at):
        return Kind.CUMULATIVE, "kind: said to be complete"
    opened = _opened_before(scene, sentence)
    return (
        Kind.CUMULATIVE if opened else Kind.INCREMENT
    ), "kind: sentence before" if opened else "kind: increment"


def _goes_on_with(scene: Scene, before: Figure, figure: Figure) -> bool:
    """累计采集虹膜11.3万人，DNA9.8万份: whether a figure of the next clause has no words but those of its data."""
    if figure.rule != "named" or scene.where.clause(before.at)[1] != scene.where.clause(figure.at)[0]:
        return False
    same = scene.where.sentence(before.at) == scene.where.sentence(figure.at)
    return same and not scene.words.any_within("verb", *figure.lead)


def _whole_before(scene: Scene, earlier: Sequence[Figure]) -> int:
    """The figure that a part goes on from: not what a share is of (1.1万份，占应采人数1.4万人的79%，其中…)."""
    own = (at for at in reversed(range(len(earlier))) if not is_base(scene, earlier[at]))
    return next(own, len(earlier) - 1)


def is_base(scene: Scene, figure: Figure) -> bool:
    """Whether a figure is what a share is of: 应采人数2150人的九成."""
    return scene.text.startswith("的", figure.end) and any(
        1 <= rate.start - figure.end <= _LONGEST_HEDGE for rate in scene.rates
    )


def _is_within_a_period(scene: Scene, cue: Token) -> bool:
    """中旬截至20日: how far a period has gone, which is closed all the same."""
    spans = scene.dates_within(cue.start - _LONGEST_PERIOD, cue.start)
    return any(s.value.role == "on" and s.start < cue.start and cue.end <= s.end for s in spans)


def _cue(scene: Scene, figure: Figure, earlier: Sequence[Figure]) -> Token | None:
    """The last word before the number, in its clause, that says what sort of figure follows."""
    first = scene.where.clause(figure.at)[0]
    if earlier and earlier[-1].end > first:
        first = earlier[-1].end
    cues = [
        token
        for token in scene.words.within("kind", first, figure.at)
        if token.value not in ("population", "average") and not _is_within_a_period(scene, token)
    ]
    if cues and cues[-1].value == "done":
        cues = [token for token in cues if token.value in ("cumulative", "increment")]
    if (
        cues
        and scene.text[cues[-1].start : cues[-1].end] in _ONLY
        and any(t.value == "cumulative" for t in cues)
    ):
        cues = [token for token in cues if token.value == "cumulative"]
    if [token.value for token in cues[-1:]] == ["target"] and _is_done(scene, first, cues):
        cues = [token for token in cues if token.value in ("cumulative", "increment")]
    targets = [token for token in cues if token.value == "target"]
    sums = [token for token in cues if token.value == "cumulative"]
    if targets and sums and targets[-1].start < sums[-1].start:
        return sums[-1]
    if (
        targets
        and sums
        and sums[-1].start < targets[-1].start
        and _reached_before(scene, figure, targets[-1])
    ):
        return sums[-1]
    return cues[-1] if cues else None


def _is_procured(scene: Scene) -> bool:
    """Whether the article is a notice of procurement: what is bought is still to be collected."""
    return any(mark in scene.title for mark in _PROCUREMENT)


def _is_done(scene: Scene, first: int, cues: Sequence[Token]) -> bool:
    """共计完成DNA采集任务2,345人: a task that is said to be done, and not to be done (计划完成…)."""
    task = cues[-1]
    word = scene.text[task.start : task.end]
    done = [t for t in scene.words.within("verb", first, task.start) if scene.text[t.start : t.end] in _DONE]
    near = bool(done) and task.start - done[-1].end <= _NEAR_TASK and word.endswith("任务")
    return near and not any(token.value == "target" for token in cues[:-1])


def _reached_before(scene: Scene, figure: Figure, target: Token) -> bool:
    """已完成全县目标人数3200人: what is reached is no target."""
    return any(token.value == "reach" for token in scene.words.within("verb", target.start - 8, target.start))


def _opened_before(scene: Scene, sentence: tuple[int, int]) -> bool:
    """Whether the last time expression of the sentence before, in the same line, opens or closes a period."""
    line = scene.where.line(sentence[0])
    if sentence[0] <= line[0]:
        return False
    before = scene.where.sentence(sentence[0] - 1)
    spans = scene.dates_within(max(before[0], line[0]), sentence[0])
    return bool(spans) and spans[-1].value.role in ("since", "until")
