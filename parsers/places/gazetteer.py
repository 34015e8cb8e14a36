"""Provinces, prefectures, counties, townships and villages of China: codes, names, what lies in what."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import zstandard

from parsers.observation import PlaceRef
from parsers.places.naming import common_name, earlier_names, short_name, spellings, village_name

_LEVELS = {2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village"}
_SHORTER = {4: 2, 6: 4, 9: 6, 12: 9}
_MOST_BYTES = 64 << 20
_PROVINCES_AT_HAND = 4
"""Provinces whose villages are kept in memory, 3 to 12 MB each."""


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name a place had or has besides its official one, the years it was official, and who says so."""

    name: str
    kind: str
    since: int | None
    until: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Place:
    """A division as of 2023-06-30.

    `code` is the statistical division code of 2, 4, 6, 9 or 12 digits; `path` the full official name from the
    province down (青海省海东市化隆回族自治县甘都镇); `parent` the code of the division it lies in; `point` the
    longitude and latitude (degrees, WGS 84) of the middle of its outline, which townships and villages have not.
    """

    code: str
    name: str
    path: str
    level: str
    parent: str | None
    other_names: tuple[FormerName, ...] = ()
    tibetan: str | None = None
    romanised: tuple[str, ...] = ()
    point: tuple[float, float] | None = None

    @property
    def short_name(self) -> str:
        """The name without its ending: 化隆, 甘都."""
        return short_name(self.name, self.level)


def data_folder() -> Traversable:
    """The folder of the generated tables."""
    return files("parsers.places").joinpath("data")


def _read_table(name: str) -> dict[str, str]:
    packed = data_folder().joinpath(name).read_bytes()
    text = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MOST_BYTES).decode("utf-8")
    return dict(line.split("\t") for line in text.splitlines())


@cache
def divisions() -> dict[str, str]:
    """Official names of provinces, prefectures, counties and townships by code, in order of code."""
    return _read_table("divisions.tsv.zst")


@lru_cache(maxsize=_PROVINCES_AT_HAND)
def villages(province: str) -> dict[str, str]:
    """Statistical names of the villages of a province (the first two digits of their codes), in order of code.

    Read when they are first asked for: China has 620,000.
    """
    name = f"villages-{province}.tsv.zst"
    return _read_table(name) if data_folder().joinpath(name).is_file() else {}


@cache
def points() -> dict[str, tuple[float, float]]:
    """Longitude and latitude, in degrees of WGS 84, of a point in the middle of every province, prefecture and county
    that has an outline: where a label belongs, not where the seat is (scripts/build_outlines.py).
    """
    return {code: _point(told) for code, told in _read_table("points.tsv.zst").items()}


def _point(told: str) -> tuple[float, float]:
    east, north = told.split(" ")
    return float(east), float(north)


@cache
def _sorted_codes() -> list[str]:
    return list(divisions())


@lru_cache(maxsize=_PROVINCES_AT_HAND)
def _sorted_villages(province: str) -> list[str]:
    return list(villages(province))


@cache
def other_names() -> dict[str, tuple[FormerName, ...]]:
    """Former names and aliases by code, from data/names.csv."""
    found: dict[str, tuple[FormerName, ...]] = {}
    for row in _rows("names.csv"):
        name = FormerName(row["name"], row["kind"], _year(row["since"]), _year(row["until"]), row["source"])
        found[row["code"]] = (*found.get(row["code"], ()), name)
    return found


@cache
def tibetan_names() -> dict[str, tuple[str | None, tuple[str, ...]]]:
    """The Tibetan name and its forms in Latin letters by code, from data/tibetan_names.csv."""
    return {
        row["code"]: (
            row["tibetan"] or None,
            tuple(dict.fromkeys(filter(None, (row["official"], row["common"])))),
        )
        for row in _rows("tibetan_names.csv")
    }


def _rows(name: str) -> Iterable[dict[str, str]]:
    lines = data_folder().joinpath(name).read_text("utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))


def _year(text: str) -> int | None:
    return int(text) if text else None


def level_of(code: str) -> str:
    """The level a code's length stands for."""
    return _LEVELS[len(code)]


def parent_of(code: str) -> str | None:
    """The code of the nearest division above that exists (a county under a province has none between)."""
    length = len(code)
    while length in _SHORTER:
        length = _SHORTER[length]
        if code[:length] in divisions():
            return code[:length]
    return None


def is_within(code: str, ancestor: str) -> bool:
    """Whether `code` is `ancestor` or lies in it."""
    return code.startswith(ancestor)


def inside(inner: PlaceRef, outer: PlaceRef) -> bool:
    """Whether one place lies in another and is not the same."""
    return bool(inner.code and outer.code and inner.code != outer.code and is_within(inner.code, outer.code))


def children(code: str) -> tuple[str, ...]:
    """Codes of the divisions directly below, villages included; of China when `code` is empty."""
    below = villages_within(code) if code and level_of(code) == "township" else within(code)
    return tuple(each for each in below if (parent_of(each) or "") == code)


def within(code: str) -> tuple[str, ...]:
    """Codes of all provinces to townships below a division, in order of code."""
    return _slice(_sorted_codes(), code)


def villages_within(code: str) -> tuple[str, ...]:
    """Codes of all villages below a province or anything in it."""
    return _slice(_sorted_villages(code[:2]), code)


def _slice(codes: list[str], prefix: str) -> tuple[str, ...]:
    first = bisect_left(codes, prefix)
    last = bisect_left(codes, f"{prefix}:")
    return tuple(code for code in codes[first:last] if code != prefix)


@lru_cache(maxsize=65_536)
def path_of(code: str) -> str:
    """The full official name from the province down; a village as people write it (曲水村)."""
    name = village_name(villages(code[:2])[code]) if len(code) == 12 else divisions()[code]
    above = parent_of(code)
    return path_of(above) + name if above else name


def place(code: str) -> Place:
    """The place of a code; KeyError for a code the gazetteer does not hold."""
    name = villages(code[:2])[code] if len(code) == 12 else divisions()[code]
    tibetan, romanised = tibetan_names().get(code, (None, ()))
    others = other_names().get(code, ())
    return Place(
        code,
        name,
        path_of(code),
        level_of(code),
        parent_of(code),
        others,
        tibetan,
        romanised,
        points().get(code),
    )


@lru_cache(maxsize=65_536)
def reference(code: str) -> PlaceRef:
    """The value an observation holds for a place."""
    return PlaceRef(code, path_of(code), level_of(code))


@lru_cache(maxsize=512)
def names_within(code: str, level: str) -> dict[str, tuple[str, ...]]:
    """Codes by every form of their name, for the divisions of one level inside `code`.

    Forms: official, everyday, short, former, alias, and all of these in their other spellings. Where two places share a
    form, those whose own official or everyday name it is stand alone.
    """
    found: dict[str, dict[str, int]] = {}
    length = next(size for size, name in _LEVELS.items() if name == level)
    codes = villages_within(code) if length == 12 else within(code)
    for below in (code, *codes):
        if len(below) == length:
            for form, rank in forms(below):
                ranks = found.setdefault(form, {})
                ranks[below] = min(rank, ranks.get(below, rank))
    return {form: _best(ranks) for form, ranks in found.items()}


def _best(ranks: dict[str, int]) -> tuple[str, ...]:
    top = min(ranks.values())
    return tuple(code for code, rank in ranks.items() if rank == top)


def forms(code: str) -> tuple[tuple[str, int], ...]:
    """All forms of a place's name and the rank of each.

    0 official, 1 everyday, 2 former or alias on record, 3 short, 4 an earlier name by rule, 5 respelt.
    """
    level = level_of(code)
    if level == "village":
        name = village_name(villages(code[:2])[code])
        plain = [(name, 0)]
    else:
        name = divisions()[code]
        plain = [(name, 0)]
        if (common := common_name(name, level)) is not None:
            plain.append((common, 1))
        plain += [
            (other.name, 2) for other in other_names().get(code, ()) if other.kind in ("former", "alias")
        ]
        plain.append((short_name(name, level), 3))
        plain += [(earlier, 4) for earlier in earlier_names(name, level)]
    return tuple(plain) + tuple(
        (form, 5) for spelt, rank in plain if rank != 4 for form in spellings(spelt)[1:]
    )
