"""Observations of one figure, clustered into those that do not contradict each other.

Agreement is asked of every two members of a cluster, for it is not transitive: a province agrees with each of its
counties. A cluster therefore keeps what its members allow together, and clusters are looked up by place and time,
so that the time taken grows with the observations and not with their square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from itertools import chain
from typing import Generic, Protocol, TypeVar

LARGE = 100
"""Two reports of one place and time with a figure this large mean the same; smaller figures recur by chance."""

ALIKE = 0.5
"""Share of characters that two quotes of a small figure must have in common, in order."""

NEAR = timedelta(days=3)
"""How far apart days that are counted from publication may put one event: 昨日 of a repost is another day. Days that
texts state are of one event only when they overlap, for stations repeat round figures.
"""

PERIOD, MOST_PERIODS = 64, 12
"""Clusters are looked up by periods of this many days; dates over more periods are compared with all of the place."""

_NEVER = datetime.max.replace(tzinfo=UTC)

_EVERY, _LONG = "every", "long"
"""Where the index has all clusters of a place, and those whose first member has no dates or too long ones."""


class Dated(Protocol):
    """What has a first and a last day, or only one of them, or none."""

    @property
    def date_start(self) -> date | None: ...  # noqa: D102
    @property
    def date_end(self) -> date | None: ...  # noqa: D102


class Sayable(Dated, Protocol):
    """What an observation is compared by, whatever else is known of it."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def document_id(self) -> str: ...  # noqa: D102
    @property
    def place_code(self) -> str | None: ...  # noqa: D102
    @property
    def count_max(self) -> int | None: ...  # noqa: D102
    @property
    def rate(self) -> float | None: ...  # noqa: D102
    @property
    def date_relative(self) -> bool: ...  # noqa: D102
    @property
    def published_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def quote(self) -> str: ...  # noqa: D102


S = TypeVar("S", bound=Sayable)

Index = dict[tuple[str, int | str], list["_Cluster[S]"]]
"""Clusters by place and period, in the order they were made."""

Periods = Sequence[int]
"""Numbers of periods, none for what has no dates or is too long."""


@dataclass(slots=True)
class Matchers:
    """What is remembered of quotes, because preparing to compare is half the work: how often each character stands in
    one, and a matcher for each that others are compared with.
    """

    characters: dict[str, Counter[str]] = field(default_factory=dict)
    exact: dict[str, SequenceMatcher[str]] = field(default_factory=dict)

    def alike(self, quote: str, other: str) -> bool:
        """Whether two quotes have enough characters in common, in order."""
        if quote == other:
            return True
        # Upper bounds of the ratio: of all characters those of the shorter, then those that both have in any order.
        length = len(quote) + len(other)
        if 2.0 * min(len(quote), len(other)) / length < ALIKE:
            return False
        if 2.0 * (self._counted(quote) & self._counted(other)).total() / length < ALIKE:
            return False
        if other not in self.exact:
            self.exact[other] = SequenceMatcher(None, b=other, autojunk=False)
        matcher = self.exact[other]
        matcher.set_seq1(quote)
        return matcher.ratio() >= ALIKE

    def _counted(self, quote: str) -> Counter[str]:
        found = self.characters.get(quote)
        if found is None:
            found = self.characters[quote] = Counter(quote)
        return found


@dataclass(slots=True, eq=False)
class _Cluster(Generic[S]):
    """Members that agree, and what all of them together allow."""

    number: int
    members: list[S] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)
    latest_start: date = date.min
    earliest_end: date = date.max
    latest_stated_start: date = date.min
    earliest_stated_end: date = date.max
    """The same of those members whose texts state their days."""
    rate: float | None = None
    """The share that any of them states."""
    firm: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    """Quotes of members with a place and a date, and of the others."""

    def takes(self, item: S, matchers: Matchers) -> bool:
        """Whether `item`, whose place agrees, agrees with every member in all else."""
        if item.document_id in self.documents:
            return False
        if dated(item) and not self._overlaps(start(item), end(item), relative=item.date_relative):
            return False
        if item.rate is not None and self.rate not in (None, item.rate):
            return False
        large = _firm(item) and (item.count_max or 0) >= LARGE
        quotes = self.loose if large else chain(self.loose, self.firm)
        return all(matchers.alike(item.quote, quote) for quote in quotes)

    def add(self, item: S) -> None:
        """Makes `item` a member."""
        self.members.append(item)
        self.documents.add(item.document_id)
        (self.firm if _firm(item) else self.loose).add(item.quote)
        if item.rate is not None:
            self.rate = item.rate
        if dated(item):
            first, last = start(item), end(item)
            self.latest_start, self.earliest_end = max(self.latest_start, first), min(self.earliest_end, last)
            if not item.date_relative:
                self.latest_stated_start = max(self.latest_stated_start, first)
                self.earliest_stated_end = min(self.earliest_stated_end, last)

    def _overlaps(self, first: date, last: date, *, relative: bool) -> bool:
        """Whether these days overlap with those of every member, or are near enough where either are relative."""
        if not relative and (self.latest_stated_start > last or first > self.earliest_stated_end):
            return False
        return self.latest_start - last <= NEAR and first - self.earliest_end <= NEAR


def clusters(block: Iterable[S]) -> list[list[S]]:
    """Clusters of observations that have campaign, modality, kind and figure in common.

    Each observation, the most exact place first, joins the first cluster whose every member it agrees with: another
    document, the same place or one around it, dates that overlap or, where one is counted from publication, lie a few
    days apart, no other share, and quotes that are alike, which those need not be that have a large figure with a place
    and a date.
    """
    ordered = sorted(block, key=lambda item: (-len(item.place_code or ""), published(item), item.id))
    if len(ordered) == 1:
        return [ordered]
    lengths = sorted({len(item.place_code or "") for item in ordered})
    periods = [_periods(item) for item in ordered]
    anywhen = not all(periods)
    index: Index[S] = defaultdict(list)
    found: list[_Cluster[S]] = []
    matchers = Matchers()
    for item, when in zip(ordered, periods, strict=True):
        near = _near(item.place_code or "", when, anywhen, index)
        home = next((each for each in near if each.takes(item, matchers)), None)
        if home is None:
            home = _Cluster(len(found))
            found.append(home)
            _enter(home, item.place_code or "", when, anywhen, lengths, index)
        home.add(item)
    return [each.members for each in found]


def _enter(
    cluster: _Cluster[S], code: str, when: Periods, anywhen: bool, lengths: Sequence[int], index: Index[S]
) -> None:
    """Enters a cluster under its first member's place, the most exact it will have, and under all around that.

    Only where observations of no period may be looked up, or may be in the way of others, are all entered as such.
    """
    keys: list[int | str] = [*(when or (_LONG,))]
    if anywhen:
        keys.append(_EVERY)
    for length in lengths:
        if length <= len(code):
            place = code[:length]
            for key in keys:
                index[place, key].append(cluster)


def _near(code: str, when: Periods, anywhen: bool, index: Index[S]) -> Iterable[_Cluster[S]]:
    """The clusters with which an observation agrees in place and may agree in date, the first made first."""
    if not when:
        return index.get((code, _EVERY), ())
    keys: list[int | str] = [_LONG, *when] if anywhen else [*when]
    lists = [entered for key in keys if (entered := index.get((code, key)))]
    if len(lists) < 2:
        return lists[0] if lists else ()
    named = {each.number: each for entered in lists for each in entered}
    return (named[number] for number in sorted(named))


def _periods(item: Dated) -> Periods:
    """The periods in which others may have dates that agree; none when it has no dates, or too long ones."""
    if not dated(item):
        return ()
    first, last = start(item).toordinal(), end(item).toordinal()
    if first > last:
        first, last = last, first
    found = range((first - NEAR.days) // PERIOD, (last + NEAR.days) // PERIOD + 1)
    return found if len(found) <= MOST_PERIODS else ()


def _firm(item: Sayable) -> bool:
    return bool(item.place_code) and dated(item)


def published(item: Sayable) -> datetime:
    """When the document was published, for putting in order: those without a date last."""
    return item.published_at or _NEVER


def dated(item: Dated) -> bool:
    """Whether it has a first or a last day."""
    return item.date_start is not None or item.date_end is not None


def start(item: Dated) -> date:
    """The first day of an observation that has dates, or else its last."""
    return item.date_start or item.date_end or date.min


def end(item: Dated) -> date:
    """The last day of an observation that has dates, or else its first."""
    return item.date_end or item.date_start or date.max
