"""Claims as a list: all that makes each, and what stands for it."""

from __future__ import annotations

from analysis.claims.claim import claims
from analysis.claims.shown import claims_shown
from tests.analysis.items import item


def test_what_says_the_same_stands_together_under_what_stands_for_it() -> None:
    alone, vague, exact, rejected = (
        item(7),
        item(400, "5401"),
        item(400, "540121"),
        item(7, review="rejected"),
    )
    told = claims_shown([alone, vague, exact, rejected])
    names = [column.name for column in told.columns]
    assert names[:3] == ["claim", "stands", "id"]
    ids = {member.id: claim.id for claim in claims([alone, vague, exact]) for member in claim.members}
    assert [row[:3] for row in told.rows] == [
        (ids[exact.id], True, exact.id),
        (ids[exact.id], False, vague.id),
        (ids[alone.id], True, alone.id),
    ]


def test_numbers_of_people_are_hidden_as_in_any_list() -> None:
    said = [item(53, title="电话13912345678")]
    (hidden,), (shown,) = claims_shown(said).rows, claims_shown(said, unmask=True).rows
    assert "13912345678" in str(shown)
    assert "13912345678" not in str(hidden)
