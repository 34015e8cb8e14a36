"""The figures near those that have changed: whatever these can lie in, and whatever can lie in them.

An increment reaches those of its place and of places within it, over days within its own; whether these lie in others
is for those of their places and of places around to say, over days that include theirs, and so overlap with its own.
One without a place or days reaches others of its texts, and whether these lie in others is for all their texts to say.
A running total reaches all others within the largest place with one around it: those may come to more than its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from sqlalchemy import or_

from analysis.summing.asked import Asked, Rows
from analysis.summing.counted import CUMULATIVE, INCREMENT, has_figure
from analysis.summing.kept_claims import KeptClaim
from analysis.summing.nesting import LENGTHS, codes_around, is_placed
from db.claims.neighbours import Days, at, below, counted, overlapping
from db.models import ObservationRow
from db.upsert import chunks

Place = tuple[str, str]
"""Modality and division code."""


def figures_near(asked: Asked, before: Rows, after: Rows) -> Iterator[KeptClaim]:
    """The figures near those that differ between these rows, each once."""
    changed = [claim for told in (before, after) for some in told.values() for claim in some]
    found = {each.best.id: each for each in _increments(asked, changed)}
    found |= {each.best.id: each for each in _of_their_texts(asked, changed)}
    found |= {each.best.id: each for each in _totals(asked, changed)}
    yield from found.values()


def _increments(asked: Asked, changed: Iterable[KeptClaim]) -> Iterator[KeptClaim]:
    for (modality, code), days in _spans(changed).items():
        places = at([*codes_around(code), code])
        if len(code) in LENGTHS.values():
            places = or_(places, below(code))
        yield from asked.claims(*counted(modality, INCREMENT), *overlapping(days), places)


def _spans(claims: Iterable[KeptClaim]) -> dict[Place, Days]:
    """Of increments that others can lie in, or they in others: each place, and the days of all together."""
    found: dict[Place, Days] = {}
    for each in (claim.best for claim in claims if has_figure(claim.best, INCREMENT)):
        if each.place_code and each.date_start and each.date_end:
            place = each.modality, each.place_code
            first, last = found.get(place, (each.date_start, each.date_end))
            found[place] = min(first, each.date_start), max(last, each.date_end)
    return found


def _of_their_texts(asked: Asked, changed: Iterable[KeptClaim]) -> Iterator[KeptClaim]:
    """Increments that lack a place or days, of texts that have one which changes, and of all texts of these."""
    reached = _loose(_in_texts(asked, _loose(changed)))
    yield from reached
    yield from _loose(_in_texts(asked, reached))


def _loose(claims: Iterable[KeptClaim]) -> list[KeptClaim]:
    return [each for each in claims if has_figure(each.best, INCREMENT) and not is_placed(each.best)]


def _in_texts(asked: Asked, claims: Iterable[KeptClaim]) -> Iterator[KeptClaim]:
    documents = {document for claim in claims for document in claim.documents}
    for some in chunks(sorted(documents)):
        yield from asked.claims(ObservationRow.document_id.in_(some), ObservationRow.kind == INCREMENT)


def _totals(asked: Asked, changed: Iterable[KeptClaim]) -> Iterator[KeptClaim]:
    """The running totals of the largest places with one around those that differ, and of all places within these: each
    has a say in which of them count.
    """
    items = (claim.best for claim in changed)
    differ = {(each.modality, each.place_code or "") for each in items if has_figure(each, CUMULATIVE)}
    tops = {_largest_around(asked, differ, *place) for place in differ}
    for modality, code in sorted(tops):
        places = or_(at([code]), below(code)) if code else at([""])
        yield from asked.claims(*counted(modality, CUMULATIVE), places)


def _largest_around(asked: Asked, changed: Set[Place], modality: str, code: str) -> Place:
    around = codes_around(code)
    held = {claim.best.place_code for claim in asked.claims(*counted(modality, CUMULATIVE), at(around))}
    held |= {other for kind, other in changed if kind == modality}
    return modality, next((larger for larger in around if larger in held), code)
