"""Running totals, of which later ones replace earlier ones, and those of places the ones of places inside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date

from analysis.summing.counted import C, Counted, day_of
from analysis.summing.nesting import Place, codes_around
from analysis.summing.parts import groups, part_of
from analysis.summing.periods import Over, most_apart

OUTSIDE: Place = ("", "")
"""Where totals are that no other place with one is around."""

APART = (frozenset({"men"}), frozenset({"women"}))
"""Groups of which nobody is in both: totals of theirs add up."""


def outermost_totals(claims: Iterable[C]) -> list[C]:
    """The running totals of each place that count there, and none of places inside another that holds as many.

    A total of a place that is less than those inside it together is older or of less than they are, and they count.
    """
    told: dict[Place, list[C]] = defaultdict(list)
    for claim in claims:
        told[claim.best.modality, claim.best.place_code or ""].append(claim)
    chosen = {place: _of_place(some) for place, some in told.items()}
    left: dict[Place, list[C]] = defaultdict(list)
    for place in sorted(chosen, key=lambda place: -len(place[1])):
        inner, own = left.pop(place, []), chosen[place]
        counts = inner if sum(claim.best.count_min or 0 for claim in inner) > _most(own) else own
        modality, code = place
        around = ((modality, larger) for larger in reversed(codes_around(code)))
        left[next((larger for larger in around if larger in chosen), OUTSIDE)] += counts
    return left[OUTSIDE]


def _of_place(claims: Sequence[C]) -> list[C]:
    """Of the running totals of a place those that count: of everybody there; those of some of the people, or of a part
    of what another counts, only where they come to more than that.
    """
    by_people: dict[Hashable, list[C]] = defaultdict(list)
    for claim in claims:
        by_people[groups(claim.best), part_of(claim) is not None].append(claim)
    found = {people: _of_people(some) for people, some in by_people.items()}
    whole = found.pop((frozenset(), False), [])
    limited = list(found.values())
    both = [_larger([found.get((people, part), []) for part in (False, True)]) for people in APART]
    if all(both):
        limited.append([claim for each in both for claim in each])
    some = _larger(limited)
    return some if _most(some) > _most(whole) or not whole else whole


def _of_people(claims: Iterable[C]) -> list[C]:
    """Of the running totals of the same people those that count: the latest, which replaces all that do not begin
    before it; of what remains, those of periods apart from each other that come to most.
    """
    left: list[C] = []
    for claim in sorted(claims, key=lambda claim: _age(claim.best), reverse=True):
        if not left or _begins(claim.best) < _begins(left[-1].best):
            left.append(claim)
    left.reverse()
    return most_apart(left, [Over(_begins(each.best), _ends(each.best), _size(each.best)) for each in left])


def _larger(choices: Sequence[list[C]]) -> list[C]:
    return max(choices, key=_weight, default=[])


def _weight(claims: Sequence[C]) -> tuple[int, int, list[str]]:
    return (
        _most(claims),
        sum(claim.best.count_min or 0 for claim in claims),
        [each.best.id for each in claims],
    )


def _most(claims: Sequence[C]) -> int:
    return sum(claim.best.count_max or 0 for claim in claims)


def _size(item: Counted) -> tuple[int, int]:
    return item.count_max or 0, item.count_min or 0


def _age(item: Counted) -> tuple[date, int, str]:
    return _ends(item), item.count_max or 0, item.id


def _begins(item: Counted) -> date:
    """The first day of what a running total counts; one of a single day is of all until then."""
    return date.min if item.date_start is None or item.date_start == item.date_end else item.date_start


def _ends(item: Counted) -> date:
    return day_of(item) or date.min
