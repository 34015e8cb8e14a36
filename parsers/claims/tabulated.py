"""From the cells of a flattened table to claims."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.claims.confidence import confidence_of
from parsers.claims.contradictions import flagged
from parsers.claims.dates import find_dates
from parsers.claims.explain import entries_used
from parsers.claims.nearby import attributed, named_near
from parsers.claims.purposes import purposes_of
from parsers.claims.scene import Scene
from parsers.claims.tables import Cell
from parsers.claims.timing import days_of_table
from parsers.observation import CountRange, DateRange, Kind, Modality, Observation, Qualifier
from parsers.places import Attribution
from parsers.places.gazetteer import names_within, reference

_ROW_NAME = re.compile("[\u4e00-\u9fff]{2,6}(?=[\\s|｜/，、：:])")
_COLUMNS = {"target": Kind.TARGET, "achieved": Kind.CUMULATIVE, "increment": Kind.INCREMENT}


def of_table(scene: Scene, cells: Sequence[Cell]) -> list[Observation]:
    """The target and achieved figures of a flattened table."""
    made = []
    whole = days_of_table(scene)
    for cell in cells:
        days = _days_of_column(scene, cell, whole)
        given = _whose(scene, cell)
        organ = given.organ if given.rule != "the whole" or _is_of(given) else None
        for modality in _of_column(scene, cell):
            made.append(
                Observation(
                    modality=Modality(modality),
                    quote=scene.article.text[cell.start : cell.end],
                    start=cell.start,
                    end=cell.end,
                    kind=_COLUMNS.get(cell.column) or _of_period(scene),
                    count=CountRange(cell.value, cell.value, Qualifier.EXACT),
                    unit=cell.unit,
                    rate=cell.rate,
                    dates=days,
                    place=given.place,
                    targets=tuple(dict.fromkeys(token.value for token in scene.title_words.of("target"))),
                    organ=organ.text if organ else None,
                    purposes=purposes_of(scene, cell.start, Modality(modality)),
                    confidence=confidence_of("table"),
                    rules=(
                        "table",
                        f"place: {given.rule}",
                        *entries_used(scene, modality, cell.start, cell.end),
                    ),
                )
            )
    return flagged(scene, made)


def _whose(scene: Scene, cell: Cell) -> Attribution:
    """Whose figure a cell is: 泽曲 5120 14380 may name a township of the table's county without its ending."""
    if cell.body is not None:
        return attributed(scene, *cell.body)
    given = attributed(scene, cell.start, cell.end)
    found, whole = _ROW_NAME.match(scene.text, cell.start), given.place
    own = given.organ is not None and cell.start <= given.organ.start < cell.end
    if found is None or own or whole is None or whole.level != "county":
        return given
    codes = names_within(whole.code or "", "township").get(found[0], ())
    return Attribution(reference(codes[0]), None, "the row's name") if len(codes) == 1 else given


def _is_of(given: Attribution) -> bool:
    return given.organ is not None and given.organ.kind == "bureau" and given.organ.place == given.place


def _days_of_column(scene: Scene, cell: Cell, whole: DateRange | None) -> DateRange | None:
    """The days that a row (七月 305) or a column's heading names for itself (2019年采集, 截至当日累计), else those of
    the table.
    """
    row = _ROW_NAME.match(scene.text, cell.start)
    if row is not None and (own := find_dates(row[0], scene.article.published)):
        return DateRange(
            own[0].value.start, own[0].value.end, own[0].value.precision, "sentence", own[0].value.relative
        )
    if whole is not None and "截至" in cell.heading and whole.end is not None:
        return replace(whole, start=None)
    named = find_dates(cell.heading, scene.article.published) if cell.heading[:1].isdecimal() else []
    if not named or named[0].value.end is None:
        return whole
    days = named[0].value
    return DateRange(days.start, days.end, days.precision, "paragraph", days.relative)


def _of_column(scene: Scene, cell: Cell) -> tuple[str, ...]:
    """The kinds of data of a cell: those its column is headed by, else those of the table."""
    last = cell.start if cell.body is None else cell.end
    headed = scene.text.rfind(cell.data, 0, last) if cell.data else -1
    return (headed >= 0 and scene.modalities(headed, headed + 1)) or named_near(scene, cell.start)


def _of_period(scene: Scene) -> Kind:
    """A column headed by the data alone counts what its period brought, or all until the day that the title gives."""
    dates = scene.title_dates or scene.dates
    open_period = bool(dates) and dates[-1].value.role in ("since", "until")
    return Kind.CUMULATIVE if open_period else Kind.INCREMENT
