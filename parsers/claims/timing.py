"""The days of a claim: from its own sentence, then its paragraph or item, then the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from parsers.claims.days import When, coarser
from parsers.claims.figure import RESPECTIVELY, Figure, by_clause
from parsers.claims.scene import Scene
from parsers.document import Precision
from parsers.observation import DateRange, Kind
from parsers.span import Span

_BEGUN = ("启动", "开始", "开展", "部署", "起", "自", "组织")
_ALL_DONE = ("总数达", "总量达", "收官", "圆满完成", "全面完成", "全部完成", "完成任务", "收尾", "顺利完成")

_REPORTED = re.compile(
    "(?:指出|披露|宣布|呼吁|批评|谴责|透露|表示|[说称](?=[，：:“]))"
    "|[^，。；：\\n]{0,3}从[^，。；：\\n]{0,16}(?:了解到|获悉|得知)"
    "|(?:[^，。；：\\n]{0,8})(?:发布|发表|公布|刊发|发出|公开|推出)(?:了|的)?[^，。；\\n]{0,14}?(?:报告|研究|文章|调查|声明|报道|消息|论文)"
    "|(?:报道|报导|消息|电(?=[，。：:]|$)|讯(?=[，。：:]|$))"
)
_EVER_SINCE = re.compile("(?:启动|开始|开展)[^，。；]{0,6}以来")
"""是开展工作以来单日最高: on that day nothing began."""
_SUMS_UP = ("这是", "这就是", "以上是", "以上为")
"""What follows says what went before: 采集52份；采集118份——这是10月份交出的答卷."""
_MEETINGS = ("召开", "动员会", "部署会", "推进会", "调度会", "启动仪式", "工作会")
_REACHED = re.compile("已采|已完成|已录|实采|目前已|现已")
"""应采6300人，目前已采集5481人，将于月底前收尾: when the rest is to be done."""
_PROGRESS = re.compile("完成情况|进度|进展|情况|通报|统计|排名|一览|汇总|晒单|公示|[战日周月季]报|榜")
"""第一季度采集完成情况: a title whose period is that of the tasks of its rows too."""
_DUE = re.compile("(?<![占佔])(?:应采|应录|应建)")
_PLANS = ("任务", "目标", "计划", "拟", "预计", "力争", "再采", "再完成")
_SERVICE = re.compile("(?:服务|合同|履约|采集|建设|实施)(?:期限?|工期|时限)(?:截止)?[至到：:为]|工期[至到]")
"""服务期至2018年12月31日: by when a contract is fulfilled."""
_OF_IT = re.compile("[^，。；\\s\\d前起以至]")
_UNDONE = re.compile("(?:期间)?(?:因[^，。；\\d]{1,8})?(?:未|没有?|漏)[^，。；\\d]{1,8}的")
_ASKED = re.compile("请[^，。；]{0,8}$")
_LONGEST_SERVICE = 8
_SOON = timedelta(days=62)
_MOST_ABOVE, _FIRST = 70, 20
"""Time expressions above a line that are looked at: the first and the nearest of a very long article."""


def days_of(scene: Scene, at: int, kind: Kind, before: int) -> DateRange | None:
    """The days of the figure at `at`; `before` is where the figure before it ends, or its sentence begins."""
    sentence = scene.where.sentence(at)
    if kind in (Kind.TARGET, Kind.POPULATION):
        return _of_target(scene, at, kind, sentence, before)
    if kind is Kind.CUMULATIVE or kind is Kind.RATE:
        return _of_sum(scene, at, sentence, before)
    return _of_event(scene, at, sentence, kind)


def days_in_order(scene: Scene, figures: Sequence[Figure]) -> dict[int, DateRange]:
    """The day of each figure (its index) of a clause with as many days (14日至16日分别采集86人、104人、121人)."""
    found: dict[int, DateRange] = {}
    for clause, members in by_clause(scene, figures).items():
        at = scene.text.find(RESPECTIVELY, clause[0], figures[members[0]].at)
        if at < 0 or len(members) == 1:
            continue
        spans = scene.dates_within(scene.where.sentence(at)[0], at)
        days = spans[-1].value if spans else None
        if days is None or days.start is None or days.end is None or days.precision is not Precision.DAY:
            continue
        each = [days.start + timedelta(days=past) for past in range((days.end - days.start).days + 1)]
        if len(each) == len(members):
            for index, day in zip(members, each, strict=True):
                found[index] = DateRange(day, day, Precision.DAY, "sentence", days.relative)
    return found


def _of_target(scene: Scene, at: int, kind: Kind, sentence: tuple[int, int], before: int) -> DateRange | None:
    own = [span for span in scene.dates_within(before, at) if not _is_of_meeting(scene, span)]
    spans = own or (_deadlines(scene, at, sentence) if kind is Kind.TARGET else [])
    if not spans and kind is Kind.TARGET and _DUE.search(scene.text, scene.where.clause(at)[0], at):
        spans = [s for s in scene.dates_within(scene.where.line(at)[0], at) if s.value.role == "until"][-1:]
    if not spans and kind is Kind.TARGET and not scene.dates and _PROGRESS.search(scene.title):
        return _range([span for span in scene.title_dates if span.value.role == "on"][-1:], "document")
    if not spans:
        return None
    days = _range([spans[-1]] if spans[-1].value.role != "until" else spans, "sentence")
    if days and kind is Kind.TARGET and _is_planned(scene, spans[-1], at):
        days = _in_the_next_year(scene, days)
    if days and days.start and days.precision is Precision.YEAR and spans[-1].value.role == "on":
        return replace(days, end=date(days.start.year, 12, 31))
    return days


def _is_planned(scene: Scene, span: Span[When], at: int) -> bool:
    """二季度计划采集3万份: a period named without a year, of which a plan tells."""
    told = scene.text[span.start : at]
    return span.value.role == "on" and "年" not in told and any(word in told for word in _PLANS)


def _in_the_next_year(scene: Scene, days: DateRange) -> DateRange:
    """The same days a year later, when those are the ones soon to come."""
    published = scene.article.published
    if published is None or days.start is None or days.end is None or days.end >= published:
        return days
    later = [_year_after(day) for day in (days.start, days.end)]
    return replace(days, start=later[0], end=later[1]) if later[0] - published <= _SOON else days


def _year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _deadlines(scene: Scene, at: int, sentence: tuple[int, int]) -> list[Span[When]]:
    """The days by which a target is to be reached: named behind it in its sentence, else the only ones of its line."""
    reached = _REACHED.search(scene.text, at, sentence[1])
    behind = _to_be_met(scene, at, reached.start() if reached else sentence[1])
    stated = [] if behind or reached else _to_be_met(scene, *scene.where.line(at))
    return behind or (stated if len(stated) == 1 else [])


def _to_be_met(scene: Scene, first: int, last: int) -> list[Span[When]]:
    met = []
    for span in scene.dates_within(first, last):
        if span.value.role == "deadline":
            met.append(span)
        elif _SERVICE.search(scene.text, max(first, span.start - _LONGEST_SERVICE), span.start + 1):
            met.append(replace(span, value=replace(span.value, start=None, role="deadline")))
    return met


def _of_sum(scene: Scene, at: int, sentence: tuple[int, int], before: int) -> DateRange | None:
    own = [span for span in scene.dates_within(sentence[0], at) if not _is_aside(scene, span, at)]
    previous = _sentence_before(scene, sentence)
    if own:
        opened = _opening(scene, own)
        if opened is None and own[-1].value.role == "until":
            opened = _opening(scene, previous) or _since(scene, scene.where.line(at)[0], sentence[0])
        if opened is not None and own[-1].value.role == "until":
            return _range([opened, own[-1]], "sentence")
        days = _range([own[-1]], "sentence")
        until = [span for span in own[:-1] if span.value.role == "until"]
        if until and own[-1].value.role == "since":
            return _range([own[-1], until[-1]], "sentence")
        if days and own[-1].end <= before and own[-1].value.role == "on" and days.precision is Precision.DAY:
            return replace(days, start=None)
        return days
    opened = _opening(scene, previous)
    if opened is not None and opened.value.role == "since":
        return _range([opened, *(span for span in previous if span.value.role == "until")], "paragraph")
    closed = [span for span in previous if span.value.role == "until"]
    if closed:
        begun = _since(scene, scene.where.line(at)[0], closed[-1].start)
        return _range([*([begun] if begun else ()), closed[-1]], "paragraph")
    published = scene.article.published
    if published and said_complete(scene, at):
        return DateRange(None, published, Precision.DAY, "sentence", relative=True)
    return _above(scene, at, sentence, sums=True)


def _is_aside(scene: Scene, span: Span[When], at: int) -> bool:
    """本周采集82份（上周95份），累计1377份: a day in brackets that close before the figure."""
    opened = max(scene.text.rfind(mark, scene.where.sentence(at)[0], span.start) for mark in "（(")
    closing = [scene.text.find(mark, opened, at) for mark in "）)"] if opened >= 0 else []
    return max(closing, default=-1) > span.start


def _of_event(scene: Scene, at: int, sentence: tuple[int, int], kind: Kind) -> DateRange | None:
    own = [
        span
        for span in scene.dates_within(*sentence)
        if (span.value.role != "deadline" or kind is Kind.NONE) and not _is_of_report(scene, span)
    ]
    ahead = [span for span in own if span.start <= at]
    ahead = [span for span in ahead if not _is_of_people(scene, span)] or ahead
    if any(span.value.precision is Precision.DAY for span in ahead):
        ahead = [span for span in ahead if not _names_a_season(scene, span)]
    chosen = ahead[-1:] or own[:1]
    if kind is Kind.NONE:
        since = [span for span in own if span.value.role == "since"][:1]
        if since and (days := _until_asked(scene, since[0], sentence)):
            return days
        chosen = since or ahead[-1:] or own[:1]
    return _range(chosen, "sentence") if chosen else _above(scene, at, sentence)


def _is_of_people(scene: Scene, span: Span[When]) -> bool:
    """为上月未到场的19名村民补采: what those sampled had not done in those days."""
    return _UNDONE.match(scene.text, span.end) is not None


def _names_a_season(scene: Scene, span: Span[When]) -> bool:
    """12月29日至31日，组织年末集中攻坚: when of the year it was, and not from when to when."""
    return (
        scene.text[span.start : span.end].endswith(("年末", "年底", "年初"))
        and _OF_IT.match(scene.text, span.end) is not None
    )


def _until_asked(scene: Scene, since: Span[When], sentence: tuple[int, int]) -> DateRange | None:
    """自11月1日起采集…。请于12月31日前到派出所办理: from one to the other, where a notice asks people to come."""
    asked = [
        span
        for span in scene.dates_within(since.end, scene.where.line(sentence[0])[1])
        if span.value.role == "deadline" and _ASKED.search(scene.text, since.end, span.start)
    ]
    days = _range([since], "sentence")
    if len(asked) != 1 or days is None or days.end is not None:
        return None
    end = asked[0].value.end
    return replace(days, end=end) if days.start and end and days.start <= end else None


def _is_of_meeting(scene: Scene, span: Span[When]) -> bool:
    """Whether a day is that of a meeting, at which a target was set."""
    _, last = scene.where.clause(span.end)
    _, last = scene.where.clause(last) if last - span.end <= 1 else (0, last)
    return span.value.role == "on" and any(word in scene.text[span.end : last] for word in _MEETINGS)


def _is_of_report(scene: Scene, span: Span[When]) -> bool:
    """Whether a day is that of a report or announcement (9月5日发布报告称), and not of what it tells."""
    return _REPORTED.match(scene.text, span.end) is not None


def said_complete(scene: Scene, at: int) -> bool:
    """Whether the sentence or the title says that all of it is done: such a total is of the publication day."""
    sentence = scene.text[slice(*scene.where.sentence(at))]
    return any(word in sentence or word in scene.title for word in _ALL_DONE)


def _above(scene: Scene, at: int, sentence: tuple[int, int], *, sums: bool = False) -> DateRange | None:
    """From the sentences before in the line, then the lines above that are no other items, then the title."""
    line = scene.where.line(at)
    spans = [
        span
        for span in scene.dates_within(line[0], sentence[0])
        if span.value.role != "deadline" and not _is_of_report(scene, span)
    ]
    if sums:
        spans = [span for span in spans if span.value.role in ("since", "until")]
        if spans and spans[-1].value.role == "until" and (begun := _since(scene, line[0], spans[-1].start)):
            return _range([begun, spans[-1]], "paragraph")
    if spans:
        return _range(spans[-1:], "paragraph")
    summed_up = [
        span
        for span in scene.dates_within(sentence[1], line[1])
        if scene.text.endswith(_SUMS_UP, 0, span.start)
    ]
    if summed_up:
        return _range(summed_up[:1], "paragraph")
    if sums:
        return (
            _range([span for span in scene.title_dates if span.value.role != "deadline"][-1:], "document")
            if not scene.dates or any(span.value.role == "until" for span in scene.title_dates)
            else None
        )
    before = scene.dates_within(0, line[0])
    nearest = before if len(before) <= _MOST_ABOVE else [*before[:_FIRST], *before[_FIRST - _MOST_ABOVE :]]
    above = [span for span in nearest if span.value.role != "deadline"]
    if line[0] in scene.items:
        above = [span for span in above if scene.where.line(span.start)[0] not in scene.items]
    return _range((above or scene.title_dates)[-1:], "document")


def _since(scene: Scene, first: int, last: int) -> Span[When] | None:
    """The last 自…起 or …以来 of a stretch."""
    return _last_since(scene.dates_within(first, last))


def _last_since(spans: Sequence[Span[When]]) -> Span[When] | None:
    return next((span for span in reversed(spans) if span.value.role == "since"), None)


def _sentence_before(scene: Scene, sentence: tuple[int, int]) -> list[Span[When]]:
    line = scene.where.line(sentence[0])
    if sentence[0] <= line[0]:
        return []
    first, _ = scene.where.sentence(sentence[0] - 1)
    return scene.dates_within(max(first, line[0]), sentence[0])


def _opening(scene: Scene, spans: Sequence[Span[When]]) -> Span[When] | None:
    """The beginning of a period among time expressions: 自…起, or a day on which a campaign began."""
    if (since := _last_since(spans)) is not None:
        return since
    for span in reversed(spans):
        clause = scene.where.clause(span.start)
        following = scene.text[
            span.end : max(clause[1], min(scene.where.sentence(span.start)[1], span.end + 30))
        ]
        following = _EVER_SINCE.sub("", following)
        if span.value.role == "on" and span.value.start and any(word in following for word in _BEGUN):
            return span
    return None


def _range(spans: Sequence[Span[When]], evidence: str) -> DateRange | None:
    """One range: of a beginning and an end, or of the last expression."""
    if not spans:
        return None
    last = spans[-1].value
    if len(spans) > 1 and last.role == "until" and spans[0].value.start is not None:
        start = spans[0].value
        if last.end is None or (start.start and start.start <= last.end):
            precision, relative = coarser(start.precision, last.precision), start.relative or last.relative
            return DateRange(start.start, last.end, precision, evidence, relative)
    # A period that is announced ends after the publication that would else close it.
    ahead = last.start is not None and last.end is not None and last.start > last.end
    return DateRange(last.start, None if ahead else last.end, last.precision, evidence, last.relative)


def days_of_table(scene: Scene) -> DateRange | None:
    """The days that a table is of: those of its title, else the last above it."""
    return _range((scene.title_dates or scene.dates)[-1:], "document")
