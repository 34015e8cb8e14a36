"""Which numbers of a text count samples, and of what kinds of data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.claims.lexicon import Word
from parsers.claims.passages import Passages
from parsers.observation import CountRange
from parsers.span import Span

_TOTAL = ("共", "共计", "合计", "总计", "累计", "总数", "总量")
_PART = re.compile(r"(?:其中|包括|含)")
_EMPTY_LEAD = re.compile(r"^[\s、和及与]*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of samples: `count` with its `unit`, the clause it governs, and how it was recognised.

    `lead` is the stretch before the number that belongs to it, `trail` the one after it. `inherits` says that it has
    no word for a kind of data of its own.
    """

    span: Span[CountRange]
    unit: str
    lead: tuple[int, int]
    trail: tuple[int, int]
    modalities: tuple[str, ...]
    rule: str
    is_part: bool = False

    @property
    def end(self) -> int:
        """Where number and unit end."""
        return self.span.end + len(self.unit)


def find_figures(
    text: str, numbers: list[Span[CountRange]], words: list[Span[Word]], where: Passages
) -> list[Figure]:
    """The figures among `numbers`; modalities are those named beside each, possibly none."""
    units = {span.start: text[span.start : span.end] for span in words if span.value.group == "unit"}
    longest = {start: max((u for s, u in units.items() if s == start), key=len) for start in units}
    measured = [(number, longest[number.end]) for number in numbers if number.end in longest]
    figures: list[Figure] = []
    for index, (number, unit) in enumerate(measured):
        figure = _figure(text, number, unit, measured, index, words, where, figures)
        if figure:
            figures = [f for f in figures if not _superseded(f, figure, where)]
            figures.append(figure)
    return figures


def _figure(
    text: str,
    number: Span[CountRange],
    unit: str,
    measured: list[tuple[Span[CountRange], str]],
    index: int,
    words: list[Span[Word]],
    where: Passages,
    before: list[Figure],
) -> Figure | None:
    first, last = where.clause(number.start)
    if index and measured[index - 1][0].end > first:
        first = measured[index - 1][0].end + len(measured[index - 1][1])
    end = number.end + len(unit)
    if index + 1 < len(measured):
        last = min(last, measured[index + 1][0].start)
    lead, trail = (first, number.start), (end, last)
    if _counts_something_else(words, lead, trail):
        return None
    governing = _governing(words, lead)
    modalities = _modalities(words, lead)
    part = bool(_PART.search(text, *lead))

    def made(rule: str, found: tuple[str, ...]) -> Figure:
        return Figure(number, unit, lead, trail, found, rule, part)

    if governing is not None:
        if governing.value.group == "not_samples":
            return None
        return made("collected", modalities or _modalities(words, trail))
    follows = _first(words, trail, ("collect", "not_samples"))
    if follows is not None and follows.value.group == "collect" and not _is_passed_over(text, end, follows):
        return made("for people", _modalities(words, trail))
    sentence = where.sentence(number.start)
    earlier = [figure for figure in before if figure.span.start >= sentence[0]]
    lead_text = text[slice(*lead)].strip()
    if earlier and _same_sort(earlier[-1].unit, unit) and _continues(text, lead, words, part):
        return made("part" if part else "listed", ())
    if lead_text.endswith(_TOTAL) and _collects(words, (sentence[0], number.start)):
        return made("total", ())
    return None


def _counts_something_else(words: list[Span[Word]], lead: tuple[int, int], trail: tuple[int, int]) -> bool:
    """Whether a noun that is no sample stands right before the number or, in its clause, right after its unit."""
    nouns = [span for span in words if span.value == Word("not_samples", "nouns")]
    before = any(lead[1] - 1 <= noun.end <= lead[1] for noun in nouns)
    return before or any(trail[0] <= noun.start <= trail[0] + 2 and noun.end <= trail[1] for noun in nouns)


def _governing(words: list[Span[Word]], lead: tuple[int, int]) -> Span[Word] | None:
    """The last word before the number that says what is counted."""
    found = [
        span
        for span in words
        if lead[0] <= span.start
        and span.end <= lead[1]
        and (
            span.value.group in ("collect", "modality")
            or (span.value.group == "not_samples" and span.value.value == "verbs")
        )
    ]
    return max(
        found,
        key=lambda span: (span.end, span.value.group == "not_samples", span.end - span.start),
        default=None,
    )


def _first(words: list[Span[Word]], part: tuple[int, int], groups: tuple[str, ...]) -> Span[Word] | None:
    return next(
        (s for s in words if s.value.group in groups and part[0] <= s.start and s.end <= part[1]), None
    )


def _is_passed_over(text: str, end: int, verb: Span[Word]) -> bool:
    """Whether the verb after the number is another one's: 8名民警采集血样 counts officers, not samples."""
    between = text[end : verb.start]
    return len(between) > 24


def _modalities(words: list[Span[Word]], part: tuple[int, int]) -> tuple[str, ...]:
    found = [
        s.value.value
        for s in words
        if s.value.group == "modality" and part[0] <= s.start and s.end <= part[1]
    ]
    return tuple(dict.fromkeys(found))


def _collects(words: list[Span[Word]], part: tuple[int, int]) -> bool:
    return any(s.value.group == "collect" and part[0] <= s.start < part[1] for s in words)


def _same_sort(first: str, second: str) -> bool:
    people = ("人", "名", "人次", "位", "人份")
    return first == second or (first in people and second in people) or "份" in (first, second)


def _continues(text: str, lead: tuple[int, int], words: list[Span[Word]], part: bool) -> bool:
    """Whether a figure goes on where the last one ended: 其中妇女700余份, 甲派出所3860份、乙派出所4127份."""
    said = text[slice(*lead)]
    if part or _EMPTY_LEAD.match(said):
        return part
    inside = [span for span in words if lead[0] <= span.start < lead[1]]
    named = any(span.value.group in ("police", "targets") for span in inside)
    return named or bool(re.search(r"[乡镇县区市州村]$", said.strip()))


def _superseded(earlier: Figure, later: Figure, where: Passages) -> bool:
    """为30名群众采集血样45份: the samples count, not the people."""
    same = where.clause(earlier.span.start) == where.clause(later.span.start)
    return same and earlier.rule == "for people" and later.rule == "collected" and bool(later.modalities)
