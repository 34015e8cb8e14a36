"""How far two reviewers who judged the same observations agree, beyond chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from nltk.metrics.agreement import AnnotationTask

Verdict = tuple[str, str, str]
"""Reviewer, observation, verdict."""


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
    """Krippendorff's alpha (nominal) over all who judged what others judged too, and each pair. A coefficient is None
    where it is not defined: nobody judged the same, or everybody gave one and the same verdict throughout.
    """

    observations: int
    alpha: float | None
    pairs: tuple[Pair, ...]


def agreement(verdicts: Iterable[Verdict]) -> Agreement:
    """Agreement on observations that at least two reviewers judged; of each the latest verdict counts."""
    latest: dict[str, dict[str, str]] = {}
    for reviewer, observation, verdict in verdicts:
        latest.setdefault(observation, {})[reviewer] = verdict
    shared = {observation: by for observation, by in latest.items() if len(by) > 1}
    reviewers = sorted({reviewer for by in shared.values() for reviewer in by})
    pairs = [_pair(shared, first, second) for first, second in combinations(reviewers, 2)]
    task = _task(shared)
    return Agreement(len(shared), task.alpha() if task else None, tuple(pair for pair in pairs if pair.both))


def _pair(shared: Mapping[str, Mapping[str, str]], first: str, second: str) -> Pair:
    both = {
        name: {who: by[who] for who in (first, second)}
        for name, by in shared.items()
        if {first, second} <= by.keys()
    }
    same = sum(by[first] == by[second] for by in both.values())
    task = _task(both)
    kappa = task.kappa_pairwise(first, second) if task else None
    return Pair(first, second, len(both), same / len(both) if both else 0.0, kappa)


def _task(judged: Mapping[str, Mapping[str, str]]) -> AnnotationTask | None:
    """The data for the library; None when there are not two verdicts to tell apart."""
    data = [(who, name, verdict) for name, by in judged.items() for who, verdict in by.items()]
    return AnnotationTask(data) if len({verdict for _, _, verdict in data}) > 1 else None
