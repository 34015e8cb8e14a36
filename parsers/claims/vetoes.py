"""What speaks against a line that names data: words of another register, unless the police act beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.claims.lookalikes import taken_for
from parsers.claims.passages import Passages
from parsers.claims.scene import kinds_of_data
from parsers.claims.words import Token, Words

_TWO = 2
THROUGHOUT = ("drunk_driving", "crime_of_others", "novel", "product_ad", "law_qa")
"""Registers whose words speak against a whole sentence or title, whoever acts in it."""
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
class Scope:
    """Whether an article is of a police account, a notice of theirs or titled with police, and whether it is about
    building a database, or about identity cards.
    """

    by_police: bool
    database: bool
    cards: bool
    notice: bool
    police_titled: bool


def veto_of(
    text: str,
    words: Words,
    title_words: Words,
    where: Passages,
    line: tuple[int, int],
    scope: Scope,
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
    scope: Scope,
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
    scope: Scope,
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
    sure = [t for t in sure if not is_kept(text, t)]
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
        elif token.value == "census" and takes_samples(words, clause, scope):
            counts = False
        elif token.value == "novel" and scope.by_police:
            counts = _in(token, (clause,))
        elif token.value == "law_qa" and scope.notice and _BASIS.search(text, sentence[0], token.start):
            counts = False
        elif token.value in THROUGHOUT:
            beside = token.value == "crime_of_others" and words.any_within("police", *clause)
            counts = not beside or _in(token, (clause,))
        else:
            near = (clause,) if acts or (alone and token.value not in _OF_ANIMALS) else (clause, *taking)
            apart = acts or token.value in _BESIDE or (alone and not officers and token.value in _OCCASIONS)
            counts = _in(token, near) or not apart
        if counts:
            found.append(token)
    return sure_of(found, scope.database)


def takes_samples(words: Words, clause: tuple[int, int], scope: Scope) -> bool:
    """Whether a police account says in a clause that data are taken which no census takes."""
    takes = any(verb.value in ("take", "enter") for verb in words.within("verb", *clause))
    kinds = kinds_of_data(words.within("modality", *clause))
    return scope.by_police and takes and any(kind in _OF_NO_CENSUS for kind in kinds)


def is_kept(text: str, token: Token) -> bool:
    """Whether a word names animals where they are kept or sold, and not of what samples are (奶牛养殖企业)."""
    return token.value in _OF_ANIMALS and _KEPT.match(text, token.end) is not None


def _lifted(text: str, words: Words, first: int, last: int) -> bool:
    """Whether a clause beside a crime scene lifts prints from things (从门框上提取指纹18枚): it names nobody."""
    return "提取" in text[first:last] and not words.any_within("target", first, last)


def _in(token: Token, clauses: Iterable[tuple[int, int]]) -> bool:
    return any(first <= token.start < last for first, last in clauses)


def sure_of(tokens: Iterable[Token], database: bool) -> tuple[str, str] | None:
    """The register that the first of these words is sure of, and why; None without one.

    Where a `database` is built, what is bought for it says nothing.
    """
    for token in tokens:
        if token.value in ("consumables", "product_ad") and database:
            continue
        return token.value, f"a word of {token.value}"
    return None
