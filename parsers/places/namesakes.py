"""Which of several places of one name is meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from parsers.observation import PlaceRef
from parsers.places.gazetteer import divisions, reference

TIBETAN_AREAS = ("54", "63", "5132", "5133", "6230", "5334")
"""The TAR, Qinghai and the Tibetan prefectures of Sichuan, Gansu and Yunnan: what the two studies cover."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What may decide among namesakes: the account's place, places named without doubt, the campaign's region."""

    home: str | None = None
    named: tuple[str, ...] = ()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The code decided on, or None with the candidates left; `rule` says what decided."""

    code: str | None
    rule: str
    candidates: tuple[str, ...] = ()

    @property
    def ref(self) -> PlaceRef:
        """The value an observation holds."""
        if self.code is not None:
            return reference(self.code)
        return PlaceRef(None, None, None, self.candidates)


def choose(codes: tuple[str, ...], around: Surroundings) -> Choice:
    """The place meant by a name that several may bear.

    In this order: the only candidate; the one inside, around or nearest to the account's place; inside or
    around a place the text names; in the campaign's region; a province before what has its name; a prefecture
    before the county of its name inside it; the only one in the areas the studies cover. Otherwise none.
    """
    if len(codes) == 1:
        return _only(codes[0])
    left = codes
    for rule, anchors in (
        ("near the account's place", (around.home,) if around.home else ()),
        ("near a place named", around.named),
    ):
        left = _nearest(left, anchors)
        if len(left) == 1:
            return Choice(left[0], rule)
    if (seat := _seat(left)) is not None:
        return Choice(seat, "the town, of town and rural township of one name")
    if around.region and (inside := tuple(code for code in left if code.startswith(around.region))):
        left = inside
        if len(left) == 1:
            return Choice(left[0], "in the campaign's region")
    top = min(left, key=len)
    if len(top) == 2 or all(code.startswith(top) for code in left):
        return Choice(top, "the larger of the name")
    covered = tuple(code for code in left if code.startswith(TIBETAN_AREAS))
    if len(covered) == 1:
        return Choice(covered[0], "in the studies' areas")
    return Choice(None, "undecided", left)


@lru_cache(maxsize=65_536)
def _only(code: str) -> Choice:
    return Choice(code, "only place of this name")


def _seat(codes: tuple[str, ...]) -> str | None:
    """The only town (镇), else the only subdistrict, among townships of one county."""
    if len({code[:6] for code in codes}) > 1 or any(len(code) != 9 for code in codes):
        return None
    for ending in ("镇", "街道"):
        towns = [code for code in codes if divisions()[code].endswith(ending)]
        if towns:
            return towns[0] if len(towns) == 1 else None
    return None


def _nearest(codes: tuple[str, ...], anchors: Iterable[str]) -> tuple[str, ...]:
    """The candidates that share the longest part of their code, a province at least, with an anchor."""
    closeness = {code: max((_shared(code, anchor) for anchor in anchors), default=0) for code in codes}
    most = max(closeness.values())
    return tuple(code for code in codes if closeness[code] == most) if most else codes


def _shared(one: str, other: str) -> int:
    """How much of the divisions' hierarchy two codes share: digits of the smallest division around both."""
    shared = 0
    for length in (2, 4, 6, 9, 12):
        if len(one) < length or len(other) < length or one[:length] != other[:length]:
            break
        shared = length
    return shared
