"""Which pages a crawl may fetch more for: not those that were only brought in from files.

Who imports pages need not want their hosts to hear of it.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.models import CaptureRow


def fetched_by_us(page_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a page has a capture that came from no file."""
    own = aliased(CaptureRow)
    return exists().where(own.page_id == page_id, own.source_path.is_(None))
