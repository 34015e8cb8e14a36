"""Writing many rows at once, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from db.bulk import Values, execute_many
from db.models import Row

T = TypeVar("T")


def upsert(
    connection: Connection, model: type[Row], rows: Iterable[Values], *, replace: Sequence[str] | None = None
) -> None:
    """Inserts `rows` (keyed by column); a row already there gets the `replace` columns anew.

    Without `replace`, a row already there stays as it is. Rows go in by primary key, so that two
    writers never wait for each other in a circle.
    """
    table = table_of(model)
    keys = [column.key for column in table.primary_key]
    distinct = {tuple(row[key] for key in keys): row for row in rows}
    if not distinct:
        return
    values = [distinct[key] for key in sorted(distinct)]
    renewed = None if replace is None else tuple(replace)
    execute_many(connection, _insertion(table, connection.dialect.name, renewed), values)


@lru_cache(256)
def _insertion(table: Table, dialect: str, replace: tuple[str, ...] | None) -> Insert:
    """The statement for rows of a table, remembered: making and compiling it takes as long as writing many rows."""
    keys = [column.key for column in table.primary_key]
    statement: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    if replace is None:
        return cast(Insert, statement.on_conflict_do_nothing(index_elements=keys))
    excluded: Any = statement.excluded
    renewed: dict[str, ColumnElement[Any]] = {name: excluded[name] for name in replace}
    return cast(Insert, statement.on_conflict_do_update(index_elements=keys, set_=renewed))


def insert_new(connection: Connection, model: type[Row], row: Values) -> bool:
    """Inserts a row unless there is one with its primary key; says whether it did."""
    table = table_of(model)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(statement).first() is not None


def table_of(model: type[Row]) -> Table:
    """The table of a model, for statements over many rows at once."""
    return cast(Table, model.__table__)


def chunks(items: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """`items` in lists of at most `size`: SQL statements have a limit to their parameters."""
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk
