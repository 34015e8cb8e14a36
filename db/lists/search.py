"""Full-text search: the documents that hold every word of a query, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, select

from db.lists.filters import Filters, latest_first, on_documents
from db.lists.first import MOST, first_documents
from db.lists.fulltext import terms_of
from db.models import DocumentRow
from db.session import reading

AROUND = 40
"""Characters shown before and after the first match."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text, and where in the piece the words of the query stand."""

    text: str
    matches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that holds every word of the query."""

    id: str
    url: str
    title: str
    account: str | None
    publisher: str | None
    published_at: datetime | None
    snippet: Snippet


def search(
    engine: Engine, query: str, filters: Filters | None = None, *, limit: int | None = 50
) -> Iterator[Hit]:
    """Documents whose title and text hold every word and quoted phrase of `query`, latest publications first.

    Words of one or two characters count like any other; letter case does not. Raises BadFilter for
    a query without words.
    """
    terms = terms_of(query)
    asked = replace(filters or Filters(), text=query)
    statement = select(
        DocumentRow.id,
        DocumentRow.url,
        DocumentRow.title,
        DocumentRow.account,
        DocumentRow.publisher,
        DocumentRow.published_at,
        DocumentRow.text,
    ).order_by(*latest_first(DocumentRow))
    with reading(engine) as connection:
        if limit is None or limit > MOST:
            statement = statement.where(*on_documents(asked, engine.dialect.name)).limit(limit)
        else:
            statement = statement.where(DocumentRow.id.in_(first_documents(connection, asked, limit)))
        for row in connection.execute(statement):
            yield Hit(*row[:-1], snippet=snippet(row.text, terms))


def snippet(text: str, terms: tuple[str, ...]) -> Snippet:
    """The piece of `text` around the first of `terms` in it; the beginning when only the title has them."""
    pattern = re.compile(
        "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)), re.IGNORECASE
    )
    first = pattern.search(text)
    start = max(0, first.start() - AROUND) if first else 0
    end = min(len(text), (first.end() if first else AROUND) + AROUND)
    piece = text[start:end].replace("\n", " ")
    before, after = "…" if start else "", "…" if end < len(text) else ""
    matches = tuple(
        (match.start() + len(before), match.end() + len(before)) for match in pattern.finditer(piece)
    )
    return Snippet(before + piece + after, matches)
