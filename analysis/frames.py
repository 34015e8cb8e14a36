"""Lists and sums as pandas DataFrames, for notebooks.

    import analysis
    analysis.observations("tibet-dna", place="昌都", modality="dna")

Needs pandas (`make install`, or `uv sync --extra notebook`). Each function opens the workspace by itself: `home`, else
`$HOLDFAST_HOME`, else `./holdfast-data`. Filters are those of the command line, by the same names with `_` for `-`, and
`since` and `until` for `--from` and `--to`. Columns have types of Arrow (`int64[pyarrow]`), so that an empty cell is no
number; `frame.attrs["about"]` says what each column means. Personal numbers are hidden unless `unmask=True`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from analysis.errors import AnalysisError
from analysis.formats.arrow import batches_of, schema_of
from analysis.listing import Listing, listing
from analysis.summing.question import sums_by
from db.file import need_database
from db.lists import queries
from db.lists.filters import Filters
from db.lists.items import CaptureItem, DocumentItem, ObservationItem, PageItem
from db.session import connect
from db.trouble import RESTORE
from parsers.availability.states import Availability
from parsers.observation import Kind, Modality
from parsers.script import Language
from workspace.layout import locate, open_workspace
from workspace.settings import database_url, load_settings

if TYPE_CHECKING:
    from pandas import DataFrame

_CHOICES: dict[str, type[StrEnum]] = {
    "modality": Modality,
    "kind": Kind,
    "availability": Availability,
    "language": Language,
}
_SEVERAL = ("modality", "kind", "availability")
_DAYS = ("since", "until")


def observations(
    campaign: str | None = None, *, home: str | Path | None = None, unmask: bool = False, **filters: Any
) -> DataFrame:
    """What documents say was collected: a row for each observation, with what is known of its document.

    Raises AnalysisError for a filter that there is not, NoWorkspace when there is no workspace.
    """
    return _frame("observations", ObservationItem, queries.observations, campaign, home, unmask, filters)


def documents(
    campaign: str | None = None, *, home: str | Path | None = None, unmask: bool = False, **filters: Any
) -> DataFrame:
    """The articles that were read, with their texts. Raises as `observations`."""
    return _frame("documents", DocumentItem, queries.documents, campaign, home, unmask, filters)


def pages(
    campaign: str | None = None, *, home: str | Path | None = None, unmask: bool = False, **filters: Any
) -> DataFrame:
    """Pages, and how they were found at the last look. Raises as `observations`."""
    return _frame("pages", PageItem, queries.pages, campaign, home, unmask, filters)


def captures(
    campaign: str | None = None, *, home: str | Path | None = None, unmask: bool = False, **filters: Any
) -> DataFrame:
    """Responses, and where each is in the archive. Raises as `observations`."""
    return _frame("captures", CaptureItem, queries.captures, campaign, home, unmask, filters)


def sums(
    by: str | Sequence[str],
    campaign: str | None = None,
    *,
    home: str | Path | None = None,
    **filters: Any,
) -> DataFrame:
    """Sums of claims, grouped as by `holdfast observations --by`: each claim once, running totals apart.

    `by` is one or more of `analysis.summing.totals.DIMENSIONS`, as a list or with commas. Raises as `observations`.
    """
    wanted = wanted_by(campaign, filters)
    names = by.split(",") if isinstance(by, str) else list(by)
    with _store(home) as engine:
        return _framed(sums_by(engine, wanted, names))


def wanted_by(campaign: str | None, given: dict[str, Any]) -> Filters:
    """The filters that a call asks for. Raises AnalysisError, in a sentence, for what there is not."""
    known = [field.name for field in fields(Filters) if field.name != "campaign"]
    for name in given:
        if name not in known:
            raise AnalysisError(f"there is no filter {name!r}; there are: {', '.join(known)}")
    told = {name: _value(name, value) for name, value in given.items() if value is not None}
    return Filters(campaign=campaign, **told)


def _value(name: str, value: Any) -> Any:
    if name in _DAYS and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise AnalysisError(f"{name}={value!r} is no day; write it as '2021-05-12'") from error
    if name not in _CHOICES:
        return value
    asked = [value] if isinstance(value, str) else list(value)
    for each in asked:
        if each not in list(_CHOICES[name]):
            raise AnalysisError(f"there is no {name} {each!r}; there are: {', '.join(_CHOICES[name])}")
    return tuple(asked) if name in _SEVERAL else asked[0]


def _frame(
    name: str,
    item: type[Any],
    query: Callable[..., Iterator[Any]],
    campaign: str | None,
    home: str | Path | None,
    unmask: bool,
    given: dict[str, Any],
) -> DataFrame:
    wanted = wanted_by(campaign, given)
    with _store(home) as engine:
        return _framed(listing(name, item, query(engine, wanted), unmask=unmask))


def _framed(found: Listing) -> DataFrame:
    try:
        import pandas
    except ImportError as error:
        raise AnalysisError(
            "tables in notebooks need pandas; install it: make install, or uv sync --extra notebook"
        ) from error
    import pyarrow

    table = pyarrow.Table.from_batches(batches_of(found), schema=schema_of(found))
    frame: DataFrame = table.to_pandas(types_mapper=pandas.ArrowDtype)
    frame.attrs["about"] = {column.name: column.about for column in found.columns}
    return frame


@contextmanager
def _store(home: str | Path | None) -> Iterator[Engine]:
    workspace = open_workspace(locate(str(home) if home else None))
    database = database_url(workspace, load_settings(workspace))
    need_database(database, workspace.collections, RESTORE)
    engine = connect(database)
    try:
        yield engine
    finally:
        engine.dispose()
