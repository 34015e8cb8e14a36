"""What a campaign is after: which articles are worth keeping, and which pages lead to more of them."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass

from db.campaigns import Terms
from db.ingest.whole import is_part
from db.rows import article_of
from parsers.leads import leads_of
from parsers.observation import Article
from parsers.observe import observe
from parsers.page import LinkRole, PageKind, Reading
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
    if _holds_keyword(judge, document.title, document.text, *(image.alt for image in document.images)):
        return None
    if observe(article_of(document, judge.terms)).relevant:
        return None
    return NO_KEYWORD


def names_more(reading: Reading, judge: Judge) -> bool:
    """Whether a list names an article, by its title, that holds a keyword or reports collection."""
    titles = "\n".join(link.title for link in reading.links if link.role is LinkRole.ARTICLE)
    return _holds_keyword(judge, titles) or observe(Article(text=titles)).relevant


def leads_on(url: str, reading: Reading, judge: Judge) -> tuple[str, ...]:
    """The other articles of its account that a relevant article at `url` links to.

    None for an article all of whose observations are of places outside the campaign's region. `db.pages.leads` says the
    same of articles that are in the store.
    """
    found = leads_of(url, reading)
    if not found or reading.document is None:
        return ()
    reported = observe(article_of(reading.document, judge.terms))
    places = [each.place.code for each in reported.observations if each.place and each.place.code]
    within = not places or any(code.startswith(judge.terms.region or "") for code in places)
    return found if reported.relevant and within else ()


def _holds_keyword(judge: Judge, *texts: str) -> bool:
    told = _normal("\n".join(texts))
    return any(_normal(keyword) in told for keyword in judge.keywords)


def _normal(text: str) -> str:
    """Simplified, half-width and without case, as keywords are compared."""
    return simplified(unicodedata.normalize("NFKC", text)).casefold()
