"""The article read out of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Precision(StrEnum):
    """How much of a date a source states."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Published:
    """A publication time in Asia/Shanghai (+08:00) and where on the page it was read.

    `at` is always aware; for day precision its time of day is 00:00. `evidence` names the field
    or element, such as `meta PubDate` or `var ct`.
    """

    at: datetime
    precision: Precision
    evidence: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article: absolute address, alternative text, and the text offset it follows."""

    url: str
    alt: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One page of an article in several: the offset in the joined text at which its own begins, and its address."""

    offset: int
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article.

    `text` is in reading order, paragraphs separated by one line feed, and is what every
    offset in an observation indexes. `account` is a WeChat public account's name and `account_id`
    its `gh_…` name; `biz` its base64 id. `publisher` is the site or body that published it:
    for WeChat the account. `author` is the byline. `source` is the body a page says it reprints from.
    `language` is `bo` for a text in Tibetan, which is kept for people to read, and `zh` for all others.
    `parts` are the pages of an article in several, none for an article in one.
    """

    title: str
    text: str
    author: str | None = None
    account: str | None = None
    account_id: str | None = None
    biz: str | None = None
    publisher: str | None = None
    source: str | None = None
    published: Published | None = None
    images: tuple[Image, ...] = ()
    language: str = "zh"
    item_type: str = "article"
    parts: tuple[Part, ...] = ()
