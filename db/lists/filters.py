"""What a list is narrowed to: one value of filters for observations, documents, pages and captures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from db.errors import BadFilter
from db.lists.fulltext import holds, holds_unindexed
from db.models import DocumentRow, ObservationRow, ReviewRow, SourceRow
from db.rows import SHANGHAI
from parsers.observation import Kind
from parsers.places.gazetteer import names_within

UNREVIEWED = "none"
"""The `review` of observations that nobody has judged."""

_LARGER = ("province", "prefecture", "county")
_CODE_PARTS = (12, 9, 6, 4, 2)


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that must all hold; an empty one does not count.

    `place` is a division code or a name and means the place and all below it. `since` and `until` are days in
    Asia/Shanghai, both included: an observation is in when its own dates overlap them (a running total is of its last
    day, whenever it began), a document by its publication, a page by its last look, a capture by its time. Several
    modalities, kinds or availabilities are alternatives. `source` is a publisher's id, name, account id or host; `text`
    is searched for in the documents. `language` is `zh` or `bo` (Tibetan). `review` is a verdict, or `none`.
    """

    campaign: str | None = None
    place: str | None = None
    since: date | None = None
    until: date | None = None
    modality: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    source: str | None = None
    review: str | None = None
    min_count: int | None = None
    max_count: int | None = None
    text: str | None = None
    availability: tuple[str, ...] = ()
    relevant: bool | None = None
    language: str | None = None


EVERYTHING = Filters()


def latest_first(
    row: type[DocumentRow] | type[ObservationRow],
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The order of lists: the latest publications first, those without a date last."""
    return row.published_at.desc().nulls_last(), row.id.desc()


def on_observations(
    filters: Filters, dialect: str, among: Select[Any] | None = None
) -> list[ColumnElement[bool]]:
    """Conditions on ObservationRow; `among` are the ids of the few documents to look into, if not into all."""
    row = ObservationRow
    conditions: list[ColumnElement[bool]] = [row.superseded.is_(False)]
    if filters.campaign:
        conditions.append(row.campaign == filters.campaign)
    if filters.place:
        conditions.append(_in_place(filters.place))
    if filters.since or filters.until:
        conditions.append(or_(row.date_start.is_not(None), row.date_end.is_not(None)))
    if filters.since:
        conditions.append(or_(row.date_end.is_(None), row.date_end >= filters.since))
    if filters.until:
        begun = or_(row.date_start.is_(None), row.date_start <= filters.until)
        reached = func.coalesce(row.date_end, row.date_start) <= filters.until
        is_total = row.kind == Kind.CUMULATIVE.value
        conditions.append(or_(is_total & reached, ~is_total & begun))
    if filters.modality:
        conditions.append(row.modality.in_(filters.modality))
    if filters.kind:
        conditions.append(row.kind.in_(filters.kind))
    if filters.min_count is not None:
        conditions.append(row.count_max >= filters.min_count)
    if filters.max_count is not None:
        conditions.append(row.count_min <= filters.max_count)
    if filters.review:
        conditions.append(_reviewed(filters.review))
    documents = _on_document_parts(filters, dialect, among)
    if documents:
        conditions.append(row.document_id.in_(select(DocumentRow.id).where(*documents)))
    return conditions


def on_documents(
    filters: Filters, dialect: str, among: Select[Any] | None = None
) -> list[ColumnElement[bool]]:
    """Conditions on DocumentRow; those on observations ask for a document that holds such an observation.

    `among` are the ids of the few documents to look into, if not into all.
    """
    conditions = [DocumentRow.superseded.is_(False), *_on_document_parts(filters, dialect, among)]
    if filters.campaign:
        conditions.append(DocumentRow.campaign == filters.campaign)
    if filters.relevant is not None:
        conditions.append(DocumentRow.relevant.is_(filters.relevant))
    if filters.language:
        conditions.append(DocumentRow.language == filters.language)
    conditions += within(DocumentRow.published_at, filters)
    about = Filters(
        place=filters.place,
        modality=filters.modality,
        kind=filters.kind,
        review=filters.review,
        min_count=filters.min_count,
        max_count=filters.max_count,
    )
    if about != Filters():
        holding = select(ObservationRow.document_id).where(*on_observations(about, dialect, among))
        conditions.append(DocumentRow.id.in_(holding))
    return conditions


def leaves_claims_whole(filters: Filters) -> bool:
    """Whether the claims that all observations of a campaign make, cut down to what `filters` select, are the claims
    of what they select.

    They are where a filter takes or leaves all that could be one claim: those agree in modality, kind and figure.
    They are too where it takes a place and all below it: places are compared the most exact first, so that none
    outside has a say before all inside are settled. Days, publishers, words and reviews part what says the same.
    """
    place = filters.place.strip() if filters.place else None
    coded = place is None or re.fullmatch(r"\d+", place) is not None or bool(codes_named(place))
    parting = (filters.since, filters.until, filters.source, filters.review, filters.text)
    return coded and not any(parting)


def takes(
    filters: Filters, place_code: str | None, modality: str, kind: str, count: tuple[int | None, int | None]
) -> bool:
    """Whether `filters` that leave claims whole take a current observation of one of their campaigns."""
    low, high = count
    if filters.min_count is not None and (high is None or high < filters.min_count):
        return False
    if filters.max_count is not None and (low is None or low > filters.max_count):
        return False
    if (filters.modality and modality not in filters.modality) or (filters.kind and kind not in filters.kind):
        return False
    ranges = _ranges(filters.place) if filters.place else ()
    return not filters.place or any(first <= (place_code or "") < following for first, following in ranges)


def asks_of_documents(filters: Filters) -> bool:
    """Whether `filters` hold anything that only a document can answer."""
    return any(
        (
            filters.place,
            filters.modality,
            filters.kind,
            filters.source,
            filters.review,
            filters.text,
            filters.language,
        )
    ) or (filters.min_count is not None or filters.max_count is not None or filters.relevant is not None)


def documents_with(
    filters: Filters, dialect: str, among: Select[Any] | None = None
) -> Iterable[ColumnElement[bool]]:
    """Conditions on DocumentRow without those on time, which pages and captures answer themselves."""
    return on_documents(replace(filters, campaign=None, since=None, until=None), dialect, among)


def within(
    moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], filters: Filters
) -> list[ColumnElement[bool]]:
    """Conditions that `moment` is in the days of `filters`."""
    conditions: list[ColumnElement[bool]] = []
    if filters.since:
        conditions.append(moment >= _midnight(filters.since))
    if filters.until and filters.until < date.max:
        conditions.append(moment < _midnight(filters.until + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    """The beginning of a day in Shanghai; that of the first day there is would be before all time in UTC."""
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def _on_document_parts(
    filters: Filters, dialect: str, among: Select[Any] | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [] if among is None else [DocumentRow.id.in_(among)]
    if filters.text:
        conditions.append((holds if among is None else holds_unindexed)(filters.text, dialect))
    if filters.source:
        wanted = filters.source
        named = select(SourceRow.id).where(
            or_(
                SourceRow.id == wanted,
                SourceRow.name == wanted,
                SourceRow.account_id == wanted,
                SourceRow.biz == wanted,
                SourceRow.host == wanted,
            )
        )
        conditions.append(
            or_(
                DocumentRow.source_id.in_(named),
                DocumentRow.account == wanted,
                DocumentRow.publisher == wanted,
            )
        )
    return conditions


def _reviewed(verdict: str) -> ColumnElement[bool]:
    judged = exists().where(ReviewRow.observation_id == ObservationRow.id)
    if verdict == UNREVIEWED:
        return ~judged
    return latest_verdict() == verdict


def latest_verdict() -> ColumnElement[str | None]:
    """The last reviewer's verdict on an observation, None when nobody has judged it."""
    return (
        select(ReviewRow.verdict)
        .where(ReviewRow.observation_id == ObservationRow.id)
        .order_by(ReviewRow.made_at.desc(), ReviewRow.id.desc())
        .limit(1)
        .correlate(ObservationRow)
        .scalar_subquery()
    )


def _in_place(place: str) -> ColumnElement[bool]:
    wanted = place.strip()
    code = ObservationRow.place_code
    if ranges := _ranges(wanted):
        return or_(*((code >= first) & (code < following) for first, following in ranges))
    escaped = re.sub(r"([\\%_])", r"\\\1", wanted)
    return ObservationRow.place.like(f"%{escaped}%", escape="\\")


def code_prefix(code: str) -> str:
    """What all codes in a place begin with: a code of 2, 4, 6, 9 or 12 digits without zeros that only fill it up.

    Raises BadFilter for a number that can be no division code.
    """
    if len(code) not in _CODE_PARTS:
        raise BadFilter(f"{code} is no division code; use 2, 4, 6, 9 or 12 digits, or a place's name")
    for longer, shorter in pairwise(_CODE_PARTS):
        if len(code) == longer and not code[shorter:].strip("0"):
            code = code[:shorter]
    return code


def codes_named(name: str) -> tuple[str, ...]:
    """Codes of all places with this name, official, everyday or former.

    Townships count only when no larger place has the name; names of villages are not looked up.
    """
    larger = tuple(code for level in _LARGER for code in names_within("", level).get(name, ()))
    return larger or names_within("", "township").get(name, ())


def _ranges(place: str) -> Sequence[tuple[str, str]]:
    """The codes of each place that is meant and of all below it: the first of them, and the first beyond."""
    wanted = place.strip()
    codes = (code_prefix(wanted),) if re.fullmatch(r"\d+", wanted) else codes_named(wanted)
    return [(code, str(int(code) + 1).zfill(len(code))) for code in codes]
