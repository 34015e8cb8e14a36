"""What a study finds besides its figures: where, when, in which places and from whom, for what, by whom, and what of it
is still online. Every claim counts once, however many pages repeat it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal

from analysis.claims.claim import Claim
from analysis.estimates.inputs import Population
from analysis.studies.coverage import Coverage, coverage
from analysis.studies.study import Source, Study
from analysis.summing.dimensions import DIMENSIONS
from analysis.summing.nesting import LENGTHS
from db.rows import SHANGHAI
from parsers.availability.confirmation import GONE, PRESENT
from parsers.availability.states import Availability
from parsers.places.gazetteer import path_of, within

Step = Literal["month", "quarter", "year"]

ZONES = frozenset(map(str, range(71, 80)))
"""Fifth and sixth digit of development zones, which statistics keep apart and which are no administrative level
(统计用区划代码和城乡划分代码编制规则, National Bureau of Statistics).
"""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class DocumentedPlace:
    """A place with collection reported in it or in a place below; `numbers` are those of the sources."""

    code: str
    name: str
    claims: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """The documented places of one administrative level, most sources first, of all that the region has, and the rest
    of these.
    """

    level: str
    all: int
    places: tuple[DocumentedPlace, ...]
    missing: tuple[DocumentedPlace, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year: sources published in it, and claims of collection in it."""

    period: str
    sources: int
    with_figures: int
    claims: int


@dataclass(frozen=True, slots=True)
class Tally:
    """A venue, group of people, purpose, police body or publisher: None stands for claims that name none."""

    value: str | None
    claims: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Survival:
    """Pages of sources by their last look. `gone` cannot be had at their address any more, `confirmed` of them by a
    second look at another time; of `unclear` ones the last look told nothing, or something in between. `imported` ones
    are known from saved files and nobody has looked at them on the web.
    """

    name: str
    pages: int
    present: int
    gone: int
    confirmed: int
    unclear: int
    imported: int


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of a study; `elsewhere` counts observations outside its region, which are in none of them."""

    campaign: str
    modalities: tuple[str, ...]
    claims: int
    elsewhere: int
    figures: Share
    levels: tuple[Level, ...]
    step: Step
    timeline: tuple[Period, ...]
    venues: tuple[Tally, ...]
    targets: tuple[Tally, ...]
    purposes: tuple[Tally, ...]
    organs: tuple[Tally, ...]
    publishers: tuple[Tally, ...]
    survival: tuple[Survival, ...]
    coverage: tuple[Coverage, ...]


def findings_of(study: Study, populations: Sequence[Population], step: Step = "quarter") -> Findings:
    """All findings of a study, its timeline by `step`."""
    return Findings(
        study.campaign.name,
        study.modalities,
        len(study.claims),
        study.elsewhere,
        sources_with_figures(study),
        documented_places(study),
        step,
        timeline(study, step),
        tally(study, "venue"),
        tally(study, "target"),
        tally(study, "purpose"),
        tally(study, "organ"),
        top_sources(study),
        survival(study),
        coverage(study, populations),
    )


def sources_with_figures(study: Study) -> Share:
    """Of the sources, those that give a figure."""
    return Share(sum(source.has_figure for source in study.sources), len(study.sources))


def documented_places(study: Study) -> tuple[Level, ...]:
    """The places documented at each level of the campaign's region, from prefectures (in a prefecture's campaign from
    counties) to townships. A claim documents its place and all above it.
    """
    region = study.campaign.region.code
    codes = [code for code in within(region) if code[4:6] not in ZONES]
    found: list[Level] = []
    for level, length in LENGTHS.items():
        every = {code for code in codes if len(code) == length}
        if not every:
            continue
        by_code: dict[str, list[Claim]] = defaultdict(list)
        for claim in study.claims:
            code = (claim.best.place_code or "")[:length]
            if code in every:
                by_code[code].append(claim)
        places = [
            DocumentedPlace(code, path_of(code), len(made), _numbers(study, made))
            for code, made in by_code.items()
        ]
        ordered = sorted(places, key=lambda place: (-len(place.numbers), -place.claims, place.code))
        missing = tuple(
            DocumentedPlace(code, path_of(code), 0, ()) for code in sorted(every - by_code.keys())
        )
        found.append(Level(level, len(every), tuple(ordered), missing))
    return tuple(found)


def timeline(study: Study, step: Step = "quarter") -> tuple[Period, ...]:
    """Every month, quarter or year from the first source to the last, empty ones too, and those before and after that
    claims are of. Sources stand at their publication in Asia/Shanghai, claims at the last day they cover, else at
    their publication.
    """
    published: dict[str, list[Source]] = defaultdict(list)
    for source in study.sources:
        if source.first.published_at:
            published[_period(source.first.published_at, step)].append(source)
    collected = Counter(DIMENSIONS[step](claim.best)[0] for claim in study.claims)
    filled = _periods(min(published), max(published), step) if published else ()
    told = {*filled, *(str(period) for period in collected if period)}
    return tuple(
        Period(
            period,
            len(published[period]),
            sum(source.has_figure for source in published[period]),
            collected[period],
        )
        for period in sorted(told)
    )


def tally(study: Study, dimension: str) -> tuple[Tally, ...]:
    """Claims by `venue`, `target`, `purpose` or `organ`, most first, those that name none last.

    A claim with several stands at each of them: what any of the pages that make it says of them counts.
    """
    values = DIMENSIONS[dimension]
    found: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in study.claims:
        named = {str(value) for member in claim.members for value in values(member) if value}
        for value in (*named,) or (None,):
            found[value].append(claim)
    return _ordered([Tally(value, len(made), _numbers(study, made)) for value, made in found.items()])


def top_sources(study: Study) -> tuple[Tally, ...]:
    """Publishers by the number of their sources, most first, those whose page names none last."""
    found: dict[str | None, list[Source]] = defaultdict(list)
    for source in study.sources:
        found[source.publisher or None].append(source)
    made: Counter[str | None] = Counter()
    for claim in study.claims:
        made.update({study.sources[number - 1].publisher or None for number in study.notes(claim)})
    tallies = [
        Tally(value, made[value], tuple(each.number for each in sources)) for value, sources in found.items()
    ]
    return _ordered(tallies, by=lambda each: len(each.numbers))


def survival(study: Study) -> tuple[Survival, ...]:
    """How the sources' pages were found at the last look, by year of publication, and `all` of them at the end."""
    by_year: dict[str, list[Source]] = defaultdict(list)
    for source in study.sources:
        moment = source.first.published_at
        by_year[_period(moment, "year") if moment else "undated"].append(source)
    return (*(_survival(year, by_year[year]) for year in sorted(by_year)), _survival("all", study.sources))


def _survival(name: str, sources: Sequence[Source]) -> Survival:
    looked_at = [source.first for source in sources if source.first.looked_at]
    states = [(Availability(first.availability), first.confirmed) for first in looked_at]
    present = sum(state in PRESENT for state, _ in states)
    gone = sum(state in GONE for state, _ in states)
    confirmed = sum(state in GONE and told == state for state, told in states)
    unclear, imported = len(states) - present - gone, len(sources) - len(states)
    return Survival(name, len(sources), present, gone, confirmed, unclear, imported)


def _numbers(study: Study, made: Sequence[Claim]) -> tuple[int, ...]:
    return tuple(sorted(set(chain.from_iterable(study.notes(claim) for claim in made))))


def _ordered(tallies: Sequence[Tally], by: Callable[[Tally], int] | None = None) -> tuple[Tally, ...]:
    size = by or (lambda each: each.claims)
    return tuple(sorted(tallies, key=lambda each: (each.value is None, -size(each), str(each.value))))


def _period(moment: datetime, step: Step) -> str:
    day = moment.astimezone(SHANGHAI)
    return {"month": f"{day:%Y-%m}", "quarter": f"{day:%Y}-Q{(day.month + 2) // 3}", "year": f"{day:%Y}"}[
        step
    ]


def _periods(first: str, last: str, step: Step) -> Iterator[str]:
    """All periods between two, both included."""
    year, part, parts = int(first[:4]), 1, {"month": 12, "quarter": 4, "year": 1}[step]
    while f"{year}" <= last[:4]:
        name = {"month": f"{year}-{part:02}", "quarter": f"{year}-Q{part}", "year": f"{year}"}[step]
        if first <= name <= last:
            yield name
        part = part % parts + 1
        year += part == 1
