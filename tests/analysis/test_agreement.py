"""Agreement of reviewers, against values worked out by hand."""

from __future__ import annotations

import pytest

from analysis.agreement import agreement

A, C, R = "accepted", "corrected", "rejected"


def test_two_reviewers_by_hand() -> None:
    """Both judge 10: 8 alike (5 accepted, 3 rejected); 2 accepted by one and rejected by the other.

    Ada: 7 A, 3 R; Bo: 5 A, 5 R. Chance: .7·.5 + .3·.5 = .5, kappa (.8 - .5) / .5 = .6.
    Alpha: coincidences AA 10, RR 6, AR 4 of 20; n_A 12, n_R 8; 1 - 19·4 / (2·12·8) = 1 - 76/192.
    """
    verdicts = [("Ada", str(n), A if n < 7 else R) for n in range(10)]
    verdicts += [("Bo", str(n), A if n < 5 else R) for n in range(10)]
    found = agreement(verdicts)
    (pair,) = found.pairs
    assert (found.observations, pair.both, pair.same) == (10, 10, 0.8)
    assert pair.kappa == pytest.approx(0.6)
    assert found.alpha == pytest.approx(1 - 76 / 192)


def test_only_what_two_judged_counts_and_the_latest_verdict_of_each() -> None:
    verdicts = [
        ("Ada", "1", R),
        ("Ada", "1", A),
        ("Bo", "1", A),
        ("Ada", "2", A),
        ("Bo", "3", R),
        ("Cy", "1", C),
    ]
    found = agreement(verdicts)
    assert found.observations == 1
    assert {(pair.first, pair.second, pair.same) for pair in found.pairs} == {
        ("Ada", "Bo", 1.0),
        ("Ada", "Cy", 0.0),
        ("Bo", "Cy", 0.0),
    }


def test_where_there_is_nothing_to_tell_apart_no_coefficient_is_made_up() -> None:
    assert agreement([]).alpha is None
    assert agreement([("Ada", "1", A), ("Bo", "1", A)]).alpha is None
    assert agreement([("Ada", "1", A), ("Bo", "1", A)]).pairs[0].kappa is None
