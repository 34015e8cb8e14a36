"""Whether a text reports collection that the police lead, and what it is instead if not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.claims.accounts import is_of_another_authority, is_of_police, tells_fiction
from parsers.claims.bare_samples import counts_samples
from parsers.claims.lookalikes import is_about_a_device, taken_for
from parsers.claims.passages import Passages
from parsers.claims.scene import kinds_of_data
from parsers.claims.tables import has_rows
from parsers.claims.vetoes import THROUGHOUT, Scope, is_kept, sure_of, takes_samples, veto_of
from parsers.claims.words import Token, Words
from parsers.observation import Article

_CHAPTER = re.compile(r"第[一二三四五六七八九十百零\d]+[章回节卷部](?!分|门)|^(?:番外|楔子|尾声|序章)")
_SAMPLES_TAKEN = re.compile("采[集血][^，。；]{0,12}[\\d一二三四五六七八九十百千万]余?份")
_COUNTED = re.compile(r"[：:]?\d")
"""人像312，指纹45: numbers right behind kinds of data, as a table has them."""
_BODY_AND_COUNT = re.compile(r"(?:[所站局队镇乡村])[：:=＝]?\s?\d[\d,]*(?:份|人|条|枚)")
"""雅安派出所：126份: a row under a title that says what is counted."""
_QUESTION = re.compile("吗[？?]?$")
_ASKED, _ANSWERED = re.compile("问[：:]"), re.compile("答[：:]")
_DATABASE = ("采血建库", "建库服务", "建库项目", "采血服务", "采集服务", "数据库建设")
_NOTICE = re.compile("公告|通告|通知|启事|告知书|一封信|倡议书")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The lines that report collection, the register of the text (`report` when there are any), and why.

    `apart` are clauses in those lines that are of another register: their numbers count no samples.
    """

    lines: tuple[tuple[int, int], ...]
    register: str
    rules: tuple[str, ...]
    apart: tuple[tuple[int, int], ...] = ()


def judge(
    article: Article, text: str, title: str, words: Words, title_words: Words, where: Passages
) -> Verdict:
    """Which lines of an article report police-led collection; none when it is of another register."""
    account = article.account or ""
    if _CHAPTER.search(title) or tells_fiction(account):
        return Verdict((), "novel", ("chapter heading",))
    by_police = is_of_police(account)
    asked = _QUESTION.search(title) or (_ASKED.search(text) and _ANSWERED.search(text))
    if asked and not by_police:
        return Verdict((), "law_qa", ("question and answer",))
    police = bool(words.of("police") or title_words.of("police")) or by_police
    if not police:
        return Verdict((), _register(words.of("sure")) or "other", ("no police body",))
    titled = kinds_of_data(title_words.of("modality"))
    database = any(mark in text or mark in title for mark in _DATABASE)
    cards = any(token.value == "id_card" for token in words.of("purpose"))
    titled_sure = [t for t in title_words.of("sure") if not (cards and t.value == "exam")]
    titled_sure = [t for t in titled_sure if not by_police or t.value in THROUGHOUT]
    title_veto = sure_of(titled_sure, any(mark in title for mark in _DATABASE))
    notice = by_police and _NOTICE.search(title) is not None
    scope = Scope(by_police, database, cards, notice, bool(title_words.of("police")))
    starts = _candidate_lines(words, where, bool(titled))
    lines: list[tuple[int, int]] = []
    register, rule = "police_other", "no collection of biometric data"
    others = not by_police and (is_of_another_authority(account) or is_about_a_device(title))
    for line in starts:
        if not _collects(text, words, title_words, line) or (others and not _police_take(words, where, line)):
            continue
        given = by_police and _gives_blood(text, title_words, line)
        veto = (
            title_veto
            or (("blood", "a title of giving blood") if given else None)
            or veto_of(text, words, title_words, where, line, scope)
        )
        if veto is None:
            lines.append(line)
        else:
            register, rule = veto
    if lines:
        found = (f"collection and police in {len(lines)} lines",)
        return Verdict(tuple(lines), "report", found, _apart(text, words, where, lines, scope))
    return Verdict((), register, (rule,))


def _gives_blood(text: str, title_words: Words, line: tuple[int, int]) -> bool:
    """Whether a title is of giving blood, and a line numbers no samples (采集男性血样52份)."""
    titled = any(token.value == "blood" for token in title_words.of("sure"))
    return titled and _SAMPLES_TAKEN.search(text, *line) is None


def _police_take(words: Words, where: Passages, line: tuple[int, int]) -> bool:
    """Whether a sentence names police before what is taken: an account of another authority tells of its own deeds."""
    return any(
        token.value in ("take", "enter")
        and words.any_within("modality", *where.clause(token.start))
        and words.any_within("police", where.sentence(token.start)[0], where.clause(token.start)[1])
        for token in words.within("verb", *line)
    )


def _candidate_lines(words: Words, where: Passages, titled: bool) -> list[tuple[int, int]]:
    """Lines that name a kind of data, or all that collect when the title names one."""
    tokens: Iterable[Token] = words.of("modality")
    if titled:
        tokens = sorted((*tokens, *words.of("verb"), *words.of("thing"), *words.of("rate")))
    return list(dict.fromkeys(where.line(token.start) for token in tokens))


def _collects(text: str, words: Words, title_words: Words, line: tuple[int, int]) -> bool:
    takes = any(t.value in ("take", "enter") for t in words.within("verb", *line))
    takes = takes or any(t.value == "collecting" for t in words.within("thing", *line))
    titled = kinds_of_data(title_words.of("modality"))
    if not takes and _is_headed(title_words, titled=bool(titled)):
        data = words.within("modality", *line)
        counted = any(_COUNTED.match(text, token.end) for token in data)
        heads = bool(kinds_of_data(data)) and (counted or has_rows(text, line[0]))
        heads = heads or (bool(titled) and _BODY_AND_COUNT.search(text, *line) is not None)
        if heads or (titled and words.any_within("rate", *line)):
            return True
    takes = takes or counts_samples(text, words, line)
    return takes and bool(titled or kinds_of_data(words.within("modality", *line)))


def _is_headed(title_words: Words, *, titled: bool) -> bool:
    """Whether the title is about collecting: by any verb when it names a kind of data, else by one of taking."""
    if any(token.value == "collecting" for token in title_words.of("thing")):
        return True
    return any(titled or token.value in ("take", "enter") for token in title_words.of("verb"))


def _apart(
    text: str, words: Words, where: Passages, lines: Iterable[tuple[int, int]], scope: Scope
) -> tuple[tuple[int, int], ...]:
    passed_over = {"exam"} if scope.cards else set()
    passed_over |= {"consumables"} if scope.database else set()
    passed_over |= {"kinship"} if scope.by_police else set()
    tokens = (
        t
        for line in lines
        for t in words.within("sure", *line)
        if t.value not in passed_over and not is_kept(text, t)
    )
    tokens = (
        t
        for t in tokens
        if t.value != "archaeology" or not words.any_within("target", *where.clause(t.start))
    )
    tokens = (
        t for t in tokens if t.value != "census" or not takes_samples(words, where.clause(t.start), scope)
    )
    clauses = dict.fromkeys(where.clause(token.start) for token in tokens)
    data = (
        where.clause(token.start)
        for line in lines
        for group in ("modality", "verb")
        for token in words.within(group, *line)
    )
    clauses.update((clause, None) for clause in dict.fromkeys(data) if taken_for(text, words, where, clause))
    return tuple(clauses)


def _register(tokens: list[Token]) -> str | None:
    return tokens[0].value if tokens else None
