"""Whether an article that was found in a list is worth keeping, for campaigns that keep only what is relevant."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass

from db.campaigns import Terms
from db.rows import article_of
from db.whole import is_part
from parsers.observe import observe
from parsers.page import PageKind, Reading
from parsers.places.scan import plain as simplified
from parsers.script import Language

NO_KEYWORD = "none of the campaign's keywords stands in its title, its text or its pictures' captions"


@dataclass(frozen=True, slots=True)
class Judge:
    """What a campaign judges articles by."""

    keywords: tuple[str, ...]
    terms: Terms

    @property
    def digest(self) -> str:
        """Of the keywords and words: a page judged by others is fetched and judged again."""
        told = json.dumps([sorted(self.keywords), self.terms.words], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def why_not_kept(reading: Reading, judge: Judge) -> str | None:
    """Why a page is not worth keeping; None when it is, or when nobody can tell.

    Only articles whose text could be read are left: lists, notices, galleries, parts of articles in several pages,
    what is in Tibetan and what could not be read are kept. So is every article that holds a keyword or reports
    collection by the reader's own lexicons, wherever it happened.
    """
    document = reading.document
    if (
        is_part(reading)
        or reading.kind not in (PageKind.ARTICLE, PageKind.ATTACHMENT)
        or document is None
        or not document.text
        or document.language == Language.TIBETAN
    ):
        return None
    told = _normal("\n".join((document.title, document.text, *(image.alt for image in document.images))))
    if any(_normal(keyword) in told for keyword in judge.keywords):
        return None
    if observe(article_of(document, judge.terms)).relevant:
        return None
    return NO_KEYWORD


def _normal(text: str) -> str:
    """Simplified, half-width and without case, as keywords are compared."""
    return simplified(unicodedata.normalize("NFKC", text)).casefold()
