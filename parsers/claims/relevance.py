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
from parsers.claims.words import Token, Words
from parsers.observation import Article

_CHAPTER = re.compile(r"第[一二三四五六七八九十百零\d]+[章回节卷部](?!分|门)|^(?:番外|楔子|尾声|序章)")
_SAMPLES_TAKEN = re.compile("采[集血][^，。；]{0,12}[\\d一二三四五六七八九十百千万]余?份")
_COUNTED = re.compile(r"[：:]?\d")
"""人像312，指纹45: numbers right behind kinds of data, as a table has them."""
_BODY_AND_COUNT = re.compile(r"(?:[所站局队镇乡村])[：:=＝]?\s?\d[\d,]*(?:份|人|条|枚)")
"""雅安派出所：126份: a row under a title that says what is counted."""
_TWO = 2
_QUESTION = re.compile("吗[？?]?$")
_ASKED, _ANSWERED = re.compile("问[：:]"), re.compile("答[：:]")
_DATABASE = ("采血建库", "建库服务", "建库项目", "采血服务", "采集服务", "数据库建设")
_THROUGHOUT = ("drunk_driving", "crime_of_others", "novel", "product_ad", "law_qa")
"""Registers whose words speak against a whole sentence or title, whoever acts in it."""
_NOTICE = re.compile("公告|通告|通知|启事|告知书|一封信|倡议书")
_BASIS = re.compile("(?:根据|依据|依照|按照|遵照)[^。；]{0,80}$")
"""依据《…法》第一百三十二条: a notice names the law it rests on, and answers no question of law."""
_OFFICERS = re.compile(r"\d+(?:余|多)?[名位]?(?:民警|辅警|民辅警|警察|干警|警员)|(?:民警|辅警|干警)\d+[人名]")
"""48名民警排队采血: officers numbered are themselves the ones."""
_OF_ANIMALS = ("wildlife",)
_KEPT = re.compile("养殖|饲养|育肥|繁育|屠宰|交易|牧场|合作社|加工|专业户")
"""到奶牛养殖企业采集务工人员血样: where animals are kept or sold, and not of what samples are."""
_OF_NO_CENSUS = ("dna", "iris")
"""结合人口普查，入户采集血样: no census takes these."""
_OCCASIONS = ("exam", "archaeology", "attendance", "metaphor")
"""Registers whose words may say where or when the police took data (在考古工地), and are no deeds of theirs."""
_NEIGHBOURS = ("medical", "product_ad", "attendance", "law_qa", "covid", "pension")
"""Registers that a report may have two words of beside what police do."""
_BESIDE = ("covid", "wildlife", "alcohol", "pension", "device", "consumables", "census")
"""Registers whose words tell only in the clause of the data or of the taking: police also look for stolen cattle."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The lines that report collection, the register of the text (`report` when there are any), and why.

    `apart` are clauses in those lines that are of another register: their numbers count no samples.
    """

    lines: tuple[tuple[int, int], ...]
    register: str
    rules: tuple[str, ...]
    apart: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Scope:
    """Whether an article is of a police account, a notice of theirs or titled with police, and whether it is about
    building a database, or about identity cards.
    """

    by_police: bool
    database: bool
    cards: bool
    notice: bool
    police_titled: bool


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
    titled_sure = [t for t in titled_sure if not by_police or t.value in _THROUGHOUT]
    title_veto = _sure(titled_sure, any(mark in title for mark in _DATABASE))
    notice = by_police and _NOTICE.search(title) is not None
    scope = _Scope(by_police, database, cards, notice, bool(title_words.of("police")))
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
            or _veto(text, words, title_words, where, line, scope)
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
    text: str, words: Words, where: Passages, lines: Iterable[tuple[int, int]], scope: _Scope
) -> tuple[tuple[int, int], ...]:
    passed_over = {"exam"} if scope.cards else set()
    passed_over |= {"consumables"} if scope.database else set()
    passed_over |= {"kinship"} if scope.by_police else set()
    tokens = (
        t
        for line in lines
        for t in words.within("sure", *line)
        if t.value not in passed_over and not _is_kept(text, t)
    )
    tokens = (
        t
        for t in tokens
        if t.value != "archaeology" or not words.any_within("target", *where.clause(t.start))
    )
    tokens = (
        t for t in tokens if t.value != "census" or not _takes_samples(words, where.clause(t.start), scope)
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


def _veto(
    text: str,
    words: Words,
    title_words: Words,
    where: Passages,
    line: tuple[int, int],
    scope: _Scope,
) -> tuple[str, str] | None:
    """The register that a line is of instead of a report, and the words that say so."""
    tokens = words.within("modality", *line)
    sentences = list(dict.fromkeys(where.sentence(token.start) for token in tokens)) or [line]
    vetoes = []
    for sentence in sentences:
        clauses = [
            where.clause(token.start) for token in tokens if sentence[0] <= token.start < sentence[1]
        ] or [sentence]
        vetoes.append(_sentence_veto(text, words, where, sentence, clauses, scope))
    if vetoes and all(vetoes):
        return vetoes[0]
    hints: dict[str, set[int]] = {}
    for token in (
        *words.within("hint", *line),
        *(Token(-1 - t.start, t.end, t.value) for t in title_words.of("hint")),
    ):
        hints.setdefault(token.value, set()).add(token.start)
    acts = words.any_within("police", *line) or scope.by_police or (scope.database and scope.police_titled)
    for register, places in hints.items():
        if (
            len(places) >= _TWO
            and not (acts and (register in _NEIGHBOURS or (register == "exam" and scope.by_police)))
        ) or not acts:
            if register == "blood" and acts and _takes_from_people(words, where, line, by_whom=False):
                continue
            if register == "consumables" and (scope.database or _takes_from_people(words, where, line)):
                continue
            return register, f"{len(places)} words of {register}"
    return None


def _takes_from_people(words: Words, where: Passages, line: tuple[int, int], *, by_whom: bool = True) -> bool:
    """Whether a clause says that police take data from a group (公安机关在全国采集男性血样), in a text on suppliers,
    or, where it is known who takes, that data are taken from one (52户牧民完成血样采集), in a text on a 采血车.
    """
    clauses = [where.clause(token.start) for token in words.within("verb", *line) if token.value == "take"]
    return any(
        words.any_within("target", *clause)
        and (
            words.any_within("police", *clause)
            if by_whom
            else bool(kinds_of_data(words.within("modality", *clause)))
        )
        for clause in clauses
    )


def _sentence_veto(
    text: str,
    words: Words,
    where: Passages,
    sentence: tuple[int, int],
    clauses: list[tuple[int, int]],
    scope: _Scope,
) -> tuple[str, str] | None:
    """What speaks against a sentence: against each clause of it that names data."""
    vetoes = [_clause_veto(text, words, where, sentence, clause, scope) for clause in dict.fromkeys(clauses)]
    return vetoes[0] if vetoes and all(vetoes) else None


def _clause_veto(
    text: str,
    words: Words,
    where: Passages,
    sentence: tuple[int, int],
    clause: tuple[int, int],
    scope: _Scope,
) -> tuple[str, str] | None:
    """What speaks against a clause: words of other registers in it; in its whole sentence, where it is not said that
    the police act, or, by a police account, on whom.
    """
    on_people = any(token.value != "none" for token in words.within("target", *clause))
    officers = _OFFICERS.search(text, *clause) is not None
    acts = on_people or (words.any_within("police", *clause) and not officers)
    acts = acts and (scope.by_police or words.any_within("police", *clause))
    cards = any(token.value == "id_card" for token in words.within("purpose", *sentence))
    sure = [t for t in words.within("sure", *sentence) if not (cards and t.value == "exam")]
    sure = [t for t in sure if not _is_kept(text, t)]
    taking = [where.clause(t.start) for t in words.within("verb", *sentence) if t.value in ("take", "enter")]
    alone = scope.by_police and any(t.value in ("take", "enter") for t in words.within("verb", *clause))
    if (register := taken_for(text, words, where, clause)) is not None:
        return register, "taken for something else"
    found = []
    for token in sure:
        if token.value == "archaeology" and on_people:
            counts = False
        elif token.value == "crime_scene":
            counts = _in(token, (clause,)) or _lifted(text, words, *clause)
        elif token.value == "kinship":
            counts = not scope.by_police
        elif token.value == "census" and _takes_samples(words, clause, scope):
            counts = False
        elif token.value == "novel" and scope.by_police:
            counts = _in(token, (clause,))
        elif token.value == "law_qa" and scope.notice and _BASIS.search(text, sentence[0], token.start):
            counts = False
        elif token.value in _THROUGHOUT:
            beside = token.value == "crime_of_others" and words.any_within("police", *clause)
            counts = not beside or _in(token, (clause,))
        else:
            near = (clause,) if acts or (alone and token.value not in _OF_ANIMALS) else (clause, *taking)
            apart = acts or token.value in _BESIDE or (alone and not officers and token.value in _OCCASIONS)
            counts = _in(token, near) or not apart
        if counts:
            found.append(token)
    return _sure(found, scope.database)


def _takes_samples(words: Words, clause: tuple[int, int], scope: _Scope) -> bool:
    """Whether a police account says in a clause that data are taken which no census takes."""
    takes = any(verb.value in ("take", "enter") for verb in words.within("verb", *clause))
    kinds = kinds_of_data(words.within("modality", *clause))
    return scope.by_police and takes and any(kind in _OF_NO_CENSUS for kind in kinds)


def _is_kept(text: str, token: Token) -> bool:
    return token.value in _OF_ANIMALS and _KEPT.match(text, token.end) is not None


def _lifted(text: str, words: Words, first: int, last: int) -> bool:
    """Whether a clause beside a crime scene lifts prints from things (从门框上提取指纹18枚): it names nobody."""
    return "提取" in text[first:last] and not words.any_within("target", first, last)


def _in(token: Token, clauses: Iterable[tuple[int, int]]) -> bool:
    return any(first <= token.start < last for first, last in clauses)


def _sure(tokens: Iterable[Token], database: bool) -> tuple[str, str] | None:
    for token in tokens:
        if token.value in ("consumables", "product_ad") and database:
            continue
        return token.value, f"a word of {token.value}"
    return None


def _register(tokens: list[Token]) -> str | None:
    return tokens[0].value if tokens else None
