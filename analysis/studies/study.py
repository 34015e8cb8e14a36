"""What a study of one campaign rests on: its claims, and its sources, numbered."""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from analysis.claims.claim import REJECTED, Claim, claims
from analysis.errors import AnalysisError
from db.evidence.cited import CitedDocument, cited
from db.lists.filters import Filters
from db.lists.items import ObservationItem
from db.lists.queries import observations
from parsers.places.gazetteer import is_within
from workspace.campaign import Campaign


@dataclass(frozen=True, slots=True)
class Source:
    """A page that reports collection, with the texts it has shown (`documents`), the earliest published first.

    `number` counts from 1 in order of publication: it is the number of the source in lists and of its note in reports.
    `title_en` is what the campaign's own list of sources calls it in English, if it does.
    """

    number: int
    title_en: str
    documents: tuple[CitedDocument, ...]
    observations: tuple[ObservationItem, ...]

    @property
    def first(self) -> CitedDocument:
        """The text that it is cited by."""
        return self.documents[0]

    @property
    def publisher(self) -> str:
        """Who published it, empty when the page does not say."""
        return self.first.account or self.first.publisher or ""

    @property
    def has_figure(self) -> bool:
        """Whether it gives a number or a share of anything that was collected or is to be."""
        return any(each.count_max is not None or each.rate is not None for each in self.observations)


@dataclass(frozen=True)
class Study:
    """A campaign's claims and sources; `elsewhere` counts the observations that were left out as outside its region.

    Observations that reviewers rejected are in none of them.
    """

    campaign: Campaign
    modalities: tuple[str, ...]
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    elsewhere: int

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of the source that each document belongs to."""
        return {document.id: source.number for source in self.sources for document in source.documents}

    def notes(self, claim: Claim) -> list[int]:
        """The numbers of the sources that make a claim, in order."""
        return sorted({self.numbers[member.document_id] for member in claim.members})


def study_of(
    engine: Engine, campaign: Campaign, modalities: Sequence[str] = (), titles: Path | None = None
) -> Study:
    """The study of what the database holds for a campaign, of its own modalities unless others are named.

    `titles` is a list of sources with the columns title_zh and title_en. What lies outside the campaign's region is
    left out; what could not be placed is not. Raises AnalysisError when `titles` cannot be read.
    """
    wanted = tuple(modalities) or tuple(campaign.modalities)
    found = observations(engine, Filters(campaign=campaign.name, modality=wanted))
    standing = [each for each in found if each.review != REJECTED]
    inside = [each for each in standing if is_within(each.place_code or "", _beginning(each, campaign))]
    english = english_titles(titles) if titles else {}
    return Study(
        campaign,
        wanted,
        tuple(claims(inside)),
        tuple(_sources(engine, inside, english)),
        len(standing) - len(inside),
    )


def english_titles(path: Path) -> dict[str, str]:
    """English titles by Chinese ones, in one spelling, from a CSV file with the columns title_zh and title_en."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AnalysisError(
            f"cannot read {path}, which the campaign names as its study_sources: {error}"
        ) from error
    return {_spelt(row.get("title_zh") or ""): row.get("title_en") or "" for row in rows}


def _beginning(each: ObservationItem, campaign: Campaign) -> str:
    return campaign.region.code if each.place_code else ""


def _sources(
    engine: Engine, inside: Iterable[ObservationItem], english: Mapping[str, str]
) -> Iterable[Source]:
    said: dict[str, list[ObservationItem]] = defaultdict(list)
    for each in inside:
        said[each.document_id].append(each)
    pages: dict[str, list[CitedDocument]] = defaultdict(list)
    for document in cited(engine, said):
        pages[document.page_id].append(document)
    for number, documents in enumerate(pages.values(), start=1):
        title = english.get(_spelt(documents[0].title), "")
        items = [each for document in documents for each in reversed(said[document.id])]
        yield Source(number, title, tuple(documents), tuple(items))


def _spelt(title: str) -> str:
    """A title without white space, in one width and case: lists are typed by hand."""
    return "".join(unicodedata.normalize("NFKC", title).split()).casefold()
