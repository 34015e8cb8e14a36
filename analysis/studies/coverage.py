"""Running totals beside the people they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.claims.claim import Claim
from analysis.estimates.inputs import Population
from analysis.studies.study import Study
from analysis.summing.totals import latest_totals


@dataclass(frozen=True, slots=True)
class Coverage:
    """The latest running total of a place, or several of periods apart, beside its population; shares are None where no
    population is known. `observation` is the reading it is from, the last of several.
    """

    code: str
    name: str
    modality: str
    low: int
    high: int
    population: Population | None
    share_low: float | None
    share_high: float | None
    observation: str
    numbers: tuple[int, ...]


def coverage(study: Study, populations: Sequence[Population]) -> tuple[Coverage, ...]:
    """The latest running total of every place that has one, as a share of its people by the latest census known, the
    highest share first.
    """
    people = {each.code: each for each in sorted(populations, key=lambda each: each.year)}
    by_place: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in study.claims:
        if claim.best.place_code:
            by_place[claim.best.modality, claim.best.place_code].append(claim)
    best = {claim.best.id: claim for claim in study.claims}
    latest = (
        [best[item.id] for item in found] for made in by_place.values() if (found := latest_totals(made))
    )
    told = (_coverage(study, claims, people) for claims in latest)
    return tuple(sorted(told, key=lambda each: (-(each.share_high or 0), each.modality, each.code)))


def _coverage(study: Study, claims: Sequence[Claim], people: Mapping[str, Population]) -> Coverage:
    """Of the claims of one place that add up, the earliest first."""
    item = claims[-1].best
    code = item.place_code or ""
    low = sum(claim.best.count_min or 0 for claim in claims)
    high = sum(claim.best.count_max or 0 for claim in claims)
    of = people.get(code)
    return Coverage(
        code,
        item.place or "",
        item.modality,
        low,
        high,
        of,
        low / of.people if of else None,
        high / of.people if of else None,
        item.id,
        tuple(sorted({number for claim in claims for number in study.notes(claim)})),
    )
