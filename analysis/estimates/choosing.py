"""Which running totals an estimate is reckoned with, and why the others are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import AnalysisError
from analysis.estimates.codes import known_code, plain_code
from analysis.estimates.inputs import Input, ends
from analysis.summing.nesting import codes_around
from parsers.places.gazetteer import is_within, path_of

MOST_NAMED = 3
"""Inputs that a sentence names, when none of them can be used."""


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Places whose totals are not to be used, with all places in them: their plain codes, and why."""

    region: str
    because: Mapping[str, str]

    def reason(self, code: str) -> str | None:
        """Why this place is not to be used, as the nearest place around it says; None when it may be."""
        around = (each for each in (code, *reversed(codes_around(code))) if each in self.because)
        nearest = next(around, None)
        return None if nearest is None else self.because[nearest]


@dataclass(frozen=True, slots=True)
class Choice:
    """The inputs that are used, and of each that is not its place, where it is from, and why."""

    used: tuple[Input, ...]
    left_out: tuple[str, ...]

    @property
    def told(self) -> str:
        """What was left out, in a sentence that stays short."""
        more = len(self.left_out) - MOST_NAMED
        return "; ".join(self.left_out[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def unwanted(without: Mapping[str, str], region: str) -> Unwanted:
    """The places that a plan is `without`, by division code, short (5403) or filled up with zeros (540300).

    Raises AnalysisError for a code that no place in the region has, and for one that is there twice.
    """
    found: dict[str, str] = {}
    for written, reason in without.items():
        code = plain_code(written)
        if not known_code(code):
            raise AnalysisError(
                f"without: no place has the code {written}; the column place_code of holdfast observations has "
                "the codes of places"
            )
        if not is_within(code, region):
            raise AnalysisError(f"without: {written} is {path_of(code)}, which is not in {path_of(region)}")
        if code in found:
            raise AnalysisError(
                f"without: {path_of(code)} is there twice, as {code} and filled up with zeros"
            )
        found[code] = reason
    return Unwanted(region, found)


def chosen(inputs: Sequence[Input], not_these: Unwanted, known: Collection[str] | None, year: int) -> Choice:
    """Of running totals those that an estimate can be reckoned with, none within another.

    A total of a place counts, or those of places in it when they come to more. Only what can be used is compared: where
    a recipe needs populations, `known` are the codes of places with one in `year`, and a prefecture's total counts when
    its counties have none. It is None where no population is needed.
    """
    left_out: list[tuple[Input, str]] = []
    usable = []
    for each in inputs:
        if (reason := not_these.reason(each.code)) is not None:
            left_out.append((each, reason))
        elif each.code == not_these.region:
            left_out.append((each, "it is of the whole region, which is what is estimated"))
        elif known is not None and each.code not in known:
            left_out.append((each, f"no population of {year} with a source"))
        else:
            usable.append(each)
    used, within = _apart(usable)
    told = [
        f"{each.place}, {ends(each.low, each.high)} ({each.trace}): {why}" for each, why in left_out + within
    ]
    return Choice(tuple(used), (*told, *_idle(inputs, not_these)))


def _apart(inputs: Iterable[Input]) -> tuple[list[Input], list[tuple[Input, str]]]:
    """The inputs without those that lie in others or that those in them come to more than; and these, with the reason.

    As `analysis.summing.tallies.outermost_totals` has it for sums.
    """
    totals: dict[str, list[Input]] = defaultdict(list)
    for each in inputs:
        totals[each.code].append(each)
    left_out: list[tuple[Input, str]] = []
    inside: dict[str, list[Input]] = defaultdict(list)
    for code in sorted(totals, key=lambda code: (-len(code), code)):
        own, inner = totals[code], inside.pop(code, [])
        together = sum(each.low for each in inner)
        if together > sum(each.high for each in own):
            counts = inner
            left_out += [(each, f"those of places in it come to more, {together:,}") for each in own]
        else:
            counts = own
            left_out += [(each, "it lies in a place that has a total of its own") for each in inner]
        inside[next((each for each in reversed(codes_around(code)) if each in totals), "")] += counts
    return sorted(inside[""], key=lambda each: (each.code, each.trace)), left_out


def _idle(inputs: Sequence[Input], not_these: Unwanted) -> Iterable[str]:
    """What is said of places that were not to be used and have nothing that could have been."""
    for code, reason in not_these.because.items():
        if not any(is_within(each.code, code) for each in inputs):
            yield f"{path_of(code)} ({code}): there is no total of it or of a place in it; {reason}"
