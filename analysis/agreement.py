"""How far two reviewers who judged the same observations agree, beyond chance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance

from db.reviews.answers import Answer
from db.reviews.corrections import REJECTED

AS_READ = "as read"

Given = Mapping[str, Mapping[str, Any]]
"""For each observation what each reviewer says."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reviewers: how many observations both judged, the share on which they agree, and Cohen's kappa."""

    first: str
    second: str
    both: int
    same: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Krippendorff's alpha (nominal) over all who judged what others judged too, and each pair; and alpha at the level
    of ratios over the figures that two or more say are right, of as many observations as `figures`. A coefficient is
    None where it is not defined: nobody judged the same, or everybody says one and the same throughout.
    """

    observations: int
    alpha: float | None
    figures: int
    alpha_figures: float | None
    pairs: tuple[Pair, ...]


def agreement(answers: Iterable[Answer]) -> Agreement:
    """Agreement on observations that at least two reviewers judged.

    Two agree when both reject, or when the same is right by both, whether one accepted it or corrected it to that.
    """
    labels: dict[str, dict[str, str]] = {}
    figures: dict[str, dict[str, float]] = {}
    for each in answers:
        labels.setdefault(each.about, {})[each.reviewer] = _label(each)
        if (figure := _figure(each)) is not None:
            figures.setdefault(each.about, {})[each.reviewer] = figure
    judged, counted = _shared(labels), _shared(figures)
    reviewers = sorted({reviewer for by in judged.values() for reviewer in by})
    pairs = [_pair(judged, first, second) for first, second in combinations(reviewers, 2)]
    task, of_figures = _task(judged), _task(counted, _ratio)
    return Agreement(
        len(judged),
        task.alpha() if task else None,
        len(counted),
        of_figures.alpha() if of_figures else None,
        tuple(pair for pair in pairs if pair.both),
    )


def _label(answer: Answer) -> str:
    if answer.verdict == REJECTED:
        return REJECTED
    # Against what was read, so that two figures that were read right are one answer.
    differing = {
        name: value
        for name, value in answer.says.items()
        if name not in answer.read or value != answer.read[name]
    }
    return json.dumps(differing, sort_keys=True) if differing else AS_READ


def _figure(answer: Answer) -> float | None:
    """The middle of the count that is right."""
    low, high = answer.says.get("count_min"), answer.says.get("count_max")
    if answer.verdict == REJECTED or low is None or high is None:
        return None
    return float(low + high) / 2


def _ratio(one: float, other: float) -> float:
    """Krippendorff's difference of ratios: 5 and 50 are as far apart as 500 and 5000."""
    return ((one - other) / (one + other)) ** 2 if one != other else 0.0


def _shared(given: Given) -> Given:
    return {about: by for about, by in given.items() if len(by) > 1}


def _pair(shared: Given, first: str, second: str) -> Pair:
    both = {
        name: {who: by[who] for who in (first, second)}
        for name, by in shared.items()
        if {first, second} <= by.keys()
    }
    same = sum(by[first] == by[second] for by in both.values())
    task = _task(both)
    kappa = task.kappa_pairwise(first, second) if task else None
    return Pair(first, second, len(both), same / len(both) if both else 0.0, kappa)


def _task(judged: Given, distance: Callable[[Any, Any], float] = binary_distance) -> AnnotationTask | None:
    """The data for the library; None when there are not two answers to tell apart."""
    data = [(who, name, answer) for name, by in judged.items() for who, answer in by.items()]
    return AnnotationTask(data, distance) if len({answer for _, _, answer in data}) > 1 else None
