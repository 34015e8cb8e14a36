"""Full text over documents, the same on SQLite and PostgreSQL: exact substrings, one character or many."""

from __future__ import annotations

import re

from sqlalchemy import Boolean, ColumnElement, and_, column, func, literal, literal_column, select, table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from db.errors import BadFilter
from db.models import DocumentRow

SHORT = 3
"""Terms below this many characters are too short for trigrams."""

MOST_TERMS, LONGEST_TERM = 16, 200

_TERM = re.compile(r"\"([^\"]*)\"|“([^”]*)”|「([^」]*)」|『([^』]*)』|([^\s\"“「『]+)")
_LAST = "\U0010ffff"


def terms_of(query: str) -> tuple[str, ...]:
    """The words and quoted phrases of a query, all of which a document must hold.

    Nothing else in a query has a meaning of its own: `*`, `-`, `OR` and the like are looked for as they
    stand. Raises BadFilter for a query with no words, too many, or too long ones.
    """
    cleaned = query.replace("\0", " ")
    found = tuple(
        dict.fromkeys(
            term for match in _TERM.finditer(cleaned) if (term := "".join(match.groups("")).strip())
        )
    )
    if not found:
        raise BadFilter("the search has no words; name at least one")
    if len(found) > MOST_TERMS or max(map(len, found)) > LONGEST_TERM:
        raise BadFilter(
            f"the search is too long; use at most {MOST_TERMS} words of {LONGEST_TERM} characters each"
        )
    return found


def holds(query: str, dialect: str) -> ColumnElement[bool]:
    """The condition that a document's title and text hold every term of `query`, letter case aside."""
    condition = _on_postgresql if dialect == "postgresql" else _on_sqlite
    return and_(*(condition(term) for term in terms_of(query)))


def holds_unindexed(query: str, dialect: str) -> ColumnElement[bool]:
    """The same condition, looked up in the text itself: quicker where few documents are asked about."""
    condition = _like if dialect == "postgresql" else _within
    return and_(*(condition(term) for term in terms_of(query)))


def has_term(title: str, text: str, term: str) -> bool:
    """Whether a title or a text has a term in lower case; SQLite calls it, which folds ASCII letters only."""
    return term in f"{title}\n{text}".lower()


def _on_sqlite(term: str) -> ColumnElement[bool]:
    if len(term) >= SHORT:
        index = table("document_fts", column("rowid"), column("document_fts"))
        trigrams = dict.fromkeys(term[at : at + SHORT] for at in range(len(term) - SHORT + 1))
        wanted = " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)
        candidates = DocumentRow.number.in_(
            select(index.c.rowid).where(index.c.document_fts.op("MATCH")(wanted))
        )
        return candidates & _within(term)
    begins = term.lower()
    terms = table("document_terms", column("doc"), column("term"))
    return DocumentRow.number.in_(
        select(terms.c.doc).where(terms.c.term >= begins, terms.c.term < begins + _LAST)
    )


def _within(term: str) -> ColumnElement[bool]:
    return func.holdfast_has_term(DocumentRow.title, DocumentRow.text, term.lower(), type_=Boolean)


def _on_postgresql(term: str) -> ColumnElement[bool]:
    if len(term) >= SHORT:
        return _like(term)
    return literal_column("document.grams", ARRAY(Text)).contains([term.lower()])


def _like(term: str) -> ColumnElement[bool]:
    body = DocumentRow.title.op("||")(literal("\n", Text, literal_execute=True)).op("||")(DocumentRow.text)
    escaped = re.sub(r"([\\%_])", r"\\\1", term)
    return body.ilike(f"%{escaped}%")
