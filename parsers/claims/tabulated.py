"""From the cells of a flattened table to claims."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.claims.confidence import confidence_of
from parsers.claims.contradictions import flagged
from parsers.claims.explain import entries_used
from parsers.claims.nearby import attributed, named_near
from parsers.claims.purposes import purposes_of
from parsers.claims.scene import Scene
from parsers.claims.tables import Cell
from parsers.claims.timing import days_of_table
from parsers.observation import CountRange, Kind, Modality, Observation, Qualifier

_COLUMNS = {"target": Kind.TARGET, "achieved": Kind.CUMULATIVE, "increment": Kind.INCREMENT}


def of_table(scene: Scene, cells: Sequence[Cell]) -> list[Observation]:
    """The target and achieved figures of a flattened table."""
    made = []
    days = days_of_table(scene)
    for cell in cells:
        given = attributed(scene, cell.start, cell.end)
        organ = given.organ if given.organ and given.rule != "the whole" else None
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


def _of_column(scene: Scene, cell: Cell) -> tuple[str, ...]:
    """The kinds of data of a cell: those its column is headed by, else those of the table."""
    headed = scene.text.rfind(cell.data, 0, cell.start) if cell.data else -1
    return (headed >= 0 and scene.modalities(headed, headed + 1)) or named_near(scene, cell.start)


def _of_period(scene: Scene) -> Kind:
    """A column headed by the data alone counts what its period brought, or all until the day that the title gives."""
    dates = scene.title_dates or scene.dates
    open_period = bool(dates) and dates[-1].value.role in ("since", "until")
    return Kind.CUMULATIVE if open_period else Kind.INCREMENT
