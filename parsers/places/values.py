"""What a search for places finds in an article."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.observation import PlaceRef
from parsers.span import Span

UNKNOWN = PlaceRef(None, None, None)
"""A place that was named but is in no gazetteer, or that nothing decides."""


@dataclass(frozen=True, slots=True)
class OrganSpan:
    """A police body: `text` is the longest literal mention and stands at `[start:end]`.

    `kind` is the entry of police.toml (`station`, `bureau`, `squad` …); `level` the level of the body itself
    (`township` for a station, `county`, `prefecture`, `province`, `None` for 公安机关 and 警方). `place` is
    where figures of this body belong (a station without a township of its name: its county). `rule` says how the
    place was decided.
    """

    start: int
    end: int
    text: str
    place: PlaceRef
    level: str | None
    kind: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Places and police bodies of one article, in order of their offsets.

    `home` is the place of the account. `mentions` are named places; a chain such as 青海省海东市化隆县 is one
    mention of its last part. `references` are 我县, 全市, 辖区 and the like, already resolved. The fields
    beginning `title_` index the title, `account_organ` indexes the account's name, all others the text.
    """

    home: PlaceRef | None = None
    mentions: tuple[Span[PlaceRef], ...] = ()
    organs: tuple[OrganSpan, ...] = ()
    references: tuple[Span[PlaceRef], ...] = ()
    title_mentions: tuple[Span[PlaceRef], ...] = ()
    title_organs: tuple[OrganSpan, ...] = ()
    title_references: tuple[Span[PlaceRef], ...] = ()
    account_organ: OrganSpan | None = None
