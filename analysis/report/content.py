"""What a report says, before it is set as HTML or Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from analysis.claims.claim import Claim
from analysis.labels import between, label
from analysis.listing import Column, Listing
from analysis.masking import masked
from analysis.report.chart import Chart
from analysis.report.charts import charts_of
from analysis.studies.findings import Findings
from analysis.studies.source_list import archived_url, source_list
from analysis.studies.study import Source, Study
from analysis.summing.totals import Sums, sums
from db.evidence.cited import CitedRecord
from db.lists.items import ObservationItem
from db.rows import SHANGHAI
from workspace.campaign import Campaign

MOST_FIGURES = 100
"""Figures that the report itself lists; its figures.csv has all."""

_KINDS = ("cumulative", "increment", "target", "population", "rate")
_FIGURE_COLUMNS = (
    Column("place", "text", "Full official name of the place; empty when it could not be decided."),
    Column("place_code", "text", "Statistical division code of the place."),
    Column("period", "text", "Days that the figure covers."),
    Column("modality", "text", "Kind of biometric data."),
    Column("kind", "text", "Kind of figure."),
    Column("figure", "text", "The count, or the share, that the words allow."),
    Column("quote", "text", "The words of the page.", prose=True),
    Column("notes", "text", "Numbers of the sources that say so."),
    Column("observation", "text", "Id of the reading; holdfast trace shows its bytes."),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A claim with a figure; `notes` are the numbers of the sources that make it."""

    place: str
    place_code: str
    period: str
    modality: str
    kind: str
    figure: str
    quote: str
    notes: tuple[int, ...]
    observation: str


@dataclass(frozen=True, slots=True)
class Record:
    """Where the bytes of a note are: the archived file, the offset in it, and the SHA-256 of the body."""

    seen: str
    captured: str
    file: str
    offset: int
    digest: str


@dataclass(frozen=True, slots=True)
class Note:
    """A source as a report cites it; a page whose text has changed has a record for each text."""

    number: int
    title: str
    title_en: str
    publisher: str
    published: str
    url: str
    state: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `estimates` are kept ones as `analysis.estimates.kept` gives them, each with the `notes` of its inputs,
    also of every single one, the `data` they are of, and when it was `made`.
    """

    campaign: Campaign
    made: str
    findings: Findings
    sums: tuple[tuple[str, Sums], ...]
    figures: tuple[Figure, ...]
    estimates: tuple[Mapping[str, Any], ...]
    notes: tuple[Note, ...]
    charts: Mapping[str, Chart]
    sources: Listing

    @property
    def figure_list(self) -> Listing:
        """All figures, as a list for a spreadsheet."""
        rows = (
            (
                e.place,
                e.place_code,
                e.period,
                e.modality,
                e.kind,
                e.figure,
                e.quote,
                ", ".join(map(str, e.notes)),
                e.observation,
            )
            for e in self.figures
        )
        return Listing("figures", _FIGURE_COLUMNS, rows)


def report_of(
    study: Study,
    findings: Findings,
    estimates: Sequence[Mapping[str, Any]],
    now: datetime,
    *,
    replay: str,
    unmask: bool = False,
) -> Report:
    """The report on a study, made at `now`; archived links lead to `replay`. Quotes and titles are masked unless
    `unmask`. Raises AnalysisError when the library that draws the charts is not installed.
    """
    tell = str if unmask else masked
    by_modality = {each: [c for c in study.claims if c.best.modality == each] for each in study.modalities}
    figures = [
        _figure(study, claim, tell(claim.best.quote))
        for claim in sorted(study.claims, key=_rank)
        if claim.best.count_max is not None or claim.best.rate is not None
    ]
    return Report(
        campaign=study.campaign,
        made=f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        findings=findings,
        sums=tuple((modality, sums(made)) for modality, made in by_modality.items() if made),
        figures=tuple(figures),
        estimates=tuple(_estimate(study, each) for each in estimates),
        notes=tuple(
            _note(source, study.campaign.name, replay, tell(source.first.title)) for source in study.sources
        ),
        charts={chart.name: chart for chart in charts_of(study, findings)},
        sources=source_list(study, replay, unmask=unmask),
    )


def _rank(claim: Claim) -> tuple[object, ...]:
    best = claim.best
    return (
        best.modality,
        _KINDS.index(best.kind) if best.kind in _KINDS else len(_KINDS),
        -(best.count_max or 0),
        best.id,
    )


def _figure(study: Study, claim: Claim, quote: str) -> Figure:
    best = claim.best
    if best.count_min is not None and best.count_max is not None:
        told = between(best.count_min, best.count_max)
    else:
        told = f"{best.rate:.1%}"
    notes = tuple(study.notes(claim))
    return Figure(
        best.place or "",
        best.place_code or "",
        _period(best),
        best.modality,
        best.kind,
        told,
        " ".join(quote.split()),
        notes,
        best.id,
    )


def _period(item: ObservationItem) -> str:
    start, end = item.date_start, item.date_end
    if start == end:
        return _day(start)
    if start is None:
        return f"to {_day(end)}"
    return f"{_day(start)} to {_day(end)}" if end else f"from {_day(start)}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _note(source: Source, campaign: str, replay: str, title: str) -> Note:
    first = source.first
    records = [record for document in source.documents for record in document.records]
    return Note(
        source.number,
        " ".join(title.split()),
        source.title_en,
        source.publisher,
        f"{first.published_at.astimezone(SHANGHAI):%Y-%m-%d}" if first.published_at else "",
        first.url,
        first.state,
        tuple(_record(record, campaign, replay) for record in records),
    )


def _record(record: CitedRecord, campaign: str, replay: str) -> Record:
    captured = f"{record.time.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    seen = archived_url(record, campaign, replay)
    return Record(seen, captured, record.file, record.offset, record.payload_digest)


def _estimate(study: Study, made: Mapping[str, Any]) -> Mapping[str, Any]:
    by_observation = {member.id: claim for claim in study.claims for member in claim.members}
    rested = [by_observation.get(each["trace"]) for each in made["inputs"]]
    notes = [study.notes(claim) if claim else [] for claim in rested]
    return {
        "warnings": (),
        "changed": (),
        "left_out": (),
        "variants": (),
        "modality": None,
        **made,
        "inputs": [dict(each) | {"notes": told} for each, told in zip(made["inputs"], notes, strict=True)],
        "made": f"{made['made_at'].astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "notes": sorted({number for told in notes for number in told}),
        "data": label(made["modality"])
        if made.get("modality")
        else ", ".join(sorted({label(claim.best.modality) for claim in rested if claim})),
    }
