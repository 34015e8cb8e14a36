"""Agreement of reviewers, against values worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.agreement import agreement
from db.reviews.answers import Answer

A, C, R = "accepted", "corrected", "rejected"


def said(reviewer: str, about: str, verdict: str, **corrected: Any) -> Answer:
    """What a reviewer says of a reading of 53 samples."""
    read = {"count_min": 53, "count_max": 53, "kind": "increment"}
    return Answer(reviewer, about, verdict, read, read | corrected)


def figure(reviewer: str, about: str, count: int) -> Answer:
    return said(reviewer, about, C, count_min=count, count_max=count)


def test_two_reviewers_by_hand() -> None:
    """Both judge 10: 8 alike (5 accepted, 3 rejected); 2 accepted by one and rejected by the other.

    Ada: 7 A, 3 R; Bo: 5 A, 5 R. Chance: .7·.5 + .3·.5 = .5, kappa (.8 - .5) / .5 = .6.
    Alpha: coincidences AA 10, RR 6, AR 4 of 20; n_A 12, n_R 8; 1 - 19·4 / (2·12·8) = 1 - 76/192.
    """
    answers = [said("Ada", str(n), A if n < 7 else R) for n in range(10)]
    answers += [said("Bo", str(n), A if n < 5 else R) for n in range(10)]
    found = agreement(answers)
    (pair,) = found.pairs
    assert (found.observations, pair.both, pair.same) == (10, 10, 0.8)
    assert pair.kappa == pytest.approx(0.6)
    assert found.alpha == pytest.approx(1 - 76 / 192)


def test_only_what_two_judged_counts() -> None:
    answers = [
        said("Ada", "1", A),
        said("Bo", "1", A),
        said("Ada", "2", A),
        said("Bo", "3", R),
        figure("Cy", "1", 35),
    ]
    found = agreement(answers)
    assert found.observations == 1
    assert {(pair.first, pair.second, pair.same) for pair in found.pairs} == {
        ("Ada", "Bo", 1.0),
        ("Ada", "Cy", 0.0),
        ("Bo", "Cy", 0.0),
    }


def test_corrections_agree_when_they_come_to_the_same_values() -> None:
    apart = [figure(who, str(n), first + n) for who, first in (("Ada", 1), ("Bo", 1001)) for n in range(4)]
    (pair,) = agreement(apart).pairs
    assert pair.same == 0
    assert pair.kappa is not None
    (pair,) = agreement([figure("Ada", "1", 35), figure("Bo", "1", 35)]).pairs
    assert pair.same == 1
    (pair,) = agreement(
        [figure("Ada", "1", 35), said("Bo", "1", C, count_min=35, count_max=35, kind="target")]
    ).pairs
    assert pair.same == 0


def test_what_is_corrected_to_what_was_read_agrees_with_what_is_accepted() -> None:
    (pair,) = agreement([figure("Ada", "1", 53), said("Bo", "1", A)]).pairs
    assert pair.same == 1


def test_how_near_figures_are_by_hand() -> None:
    """Two observations: 10 and 30, 30 and 30. Differences of ratios: (20/40)² = 1/4 between 10 and 30.

    Observed: one of two pairs differs, 1/8. Expected: 3 of the 6 pairs of 10, 30, 30, 30, so 1/8: alpha 0.
    """
    found = agreement(
        [figure("Ada", "1", 10), figure("Bo", "1", 30), figure("Ada", "2", 30), figure("Bo", "2", 30)]
    )
    assert found.figures == 2
    assert found.alpha_figures == pytest.approx(0)
    near = agreement(
        [figure("Ada", "1", 10), figure("Bo", "1", 11), figure("Ada", "2", 900), figure("Bo", "2", 1000)]
    )
    assert near.alpha_figures is not None
    assert near.alpha_figures > 0.9
    rejected = agreement([figure("Ada", "1", 10), said("Bo", "1", R)])
    assert (rejected.figures, rejected.alpha_figures) == (0, None)


def test_where_there_is_nothing_to_tell_apart_no_coefficient_is_made_up() -> None:
    assert agreement([]).alpha is None
    assert agreement([said("Ada", "1", A), said("Bo", "1", A)]).alpha is None
    assert agreement([said("Ada", "1", A), said("Bo", "1", A)]).pairs[0].kappa is None
    assert agreement([figure("Ada", "1", 0), figure("Bo", "1", 0)]).alpha_figures is None
