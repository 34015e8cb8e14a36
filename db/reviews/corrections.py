"""What corrections make of a reading: how one adds to another, what may be corrected, and what cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.errors import BadReview
from parsers.document import Precision
from parsers.observation import Kind, Qualifier
from parsers.places.gazetteer import reference

ACCEPTED, CORRECTED, REJECTED = "accepted", "corrected", "rejected"
VERDICTS = (ACCEPTED, CORRECTED, REJECTED)
CORRECTABLE = (
    "count_min",
    "count_max",
    "count_qualifier",
    "kind",
    "unit",
    "rate",
    "date_start",
    "date_end",
    "date_precision",
    "place_code",
    "place",
    "place_level",
    "organ",
)
HELD = (*CORRECTABLE, "date_relative")
"""What corrections change: also whether days are counted from publication, which a reviewer's are not."""
PRECISIONS = (Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.YEAR, Precision.NONE)

MOST = 50_000_000_000
"""The largest count that a correction may give: some samples of everybody alive. Sums of such counts still fit into
the 64 bits that the databases and Parquet have.
"""

_DAYS = ("date_start", "date_end")
_RANGES = (("count_min", "count_max"), _DAYS)
_NO_COUNT = (Kind.NONE.value, Kind.RATE.value)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a correction needs to know of a review."""

    verdict: str
    corrected: Mapping[str, Any]
    reviewer: str


def standing(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """The corrected fields that hold after the verdicts on one observation, the first given first.

    The latest verdict counts. When it accepts or rejects, nothing is corrected. When it corrects, it changes the
    fields it names in what it `amends`.
    """
    given = list(verdicts)
    if not given or given[-1].verdict != CORRECTED:
        return {}
    return amended(amends(given[:-1], given[-1].reviewer), given[-1].corrected)


def amends(verdicts: Iterable[Verdict], reviewer: str) -> dict[str, Any]:
    """The corrected fields that a new correction by `reviewer` builds on: those that the latest verdict leaves and,
    for fields that it leaves as they were read, those of the reviewer's own last verdict.
    """
    stands: dict[str, Any] = {}
    own: dict[str, dict[str, Any]] = {}
    for each in verdicts:
        corrects = each.verdict == CORRECTED
        stands = amended(own.get(each.reviewer, {}) | stands, each.corrected) if corrects else {}
        own[each.reviewer] = stands
    return own.get(reviewer, {}) | stands


def amended(values: Mapping[str, Any], corrected: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with the corrected fields. Where only one end of a range is corrected and would pass the other, as it
    may when the quote is read anew, the other end follows. Corrected days are exact to the day, unless it
    says otherwise.
    """
    made = {**values, **corrected}
    if not corrected.keys().isdisjoint(_DAYS):
        made["date_relative"] = False
        made["date_precision"] = corrected.get("date_precision", Precision.DAY.value)
    for low, high in _RANGES:
        if made.get(low) is None or made.get(high) is None or made[low] <= made[high]:
            continue
        if low not in corrected:
            made[low] = made[high]
        elif high not in corrected:
            made[high] = made[low]
    return made


def need_possible(values: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Raises BadReview when what is `given` makes values (days as ISO 8601) that no observation can have together."""
    low, high = values.get("count_min"), values.get("count_max")
    counts = not given.keys().isdisjoint(("count_min", "count_max"))
    if counts and low is not None and high is not None and low > high:
        raise BadReview(f"a count from {low:,} to {high:,} cannot be; give --count, or both ends")
    first, last = values.get("date_start"), values.get("date_end")
    if not given.keys().isdisjoint(_DAYS) and first and last and first > last:
        raise BadReview(f"days from {first} to {last} cannot be; give both, the first day first")
    kind = values.get("kind")
    if kind is None or not (counts or "kind" in given):
        return
    if kind in _NO_COUNT and high is not None:
        raise BadReview(
            f"kind {kind} has no count, and here is one of {high:,}; "
            "give the kind that the count is of, or reject the reading"
        )
    if kind not in _NO_COUNT and low is None and high is None:
        raise BadReview(f"kind {kind} has a count, and here is none; give --count too")


def checked(corrected: Mapping[str, Any]) -> dict[str, Any]:
    """Corrected fields as they are stored; a place is completed from its code. Raises BadReview for one that cannot
    be, whatever it corrects.
    """
    told = dict(corrected)
    if unknown := told.keys() - set(CORRECTABLE):
        raise BadReview(f"{min(unknown)} cannot be corrected; these can: {', '.join(CORRECTABLE)}")
    for name in ("count_min", "count_max"):
        if name in told:
            _count(name, told[name])
    if "kind" in told and told["kind"] not in list(Kind):
        raise BadReview(f"{told['kind']!r} is no kind of figure; it is one of {', '.join(Kind)}")
    if "count_qualifier" in told and told["count_qualifier"] not in list(Qualifier):
        raise BadReview(f"{told['count_qualifier']!r} is no qualifier; it is one of {', '.join(Qualifier)}")
    if "date_precision" in told and told["date_precision"] not in PRECISIONS:
        raise BadReview(f"{told['date_precision']!r} is no precision; it is one of {', '.join(PRECISIONS)}")
    for name in ("unit", "organ"):
        if name in told:
            need_text(name, told[name])
            if not told[name].strip():
                raise BadReview(f"{name} is empty; say what is right instead")
    if "rate" in told and not _is_share(told["rate"]):
        raise BadReview(f"rate should be a share between 0 and 1, not {told['rate']!r}")
    for name in _DAYS:
        if name in told:
            told[name] = _day(told[name])
    told |= _place(told)
    need_possible(told | {"kind": None}, told)
    return told


def need_text(name: str, value: Any) -> None:
    """Raises BadReview for what no database keeps as text."""
    if not isinstance(value, str):
        raise BadReview(f"{name} should be text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadReview(f"{name} holds half a character, which is no text") from error
    if "\0" in value:
        raise BadReview(f"{name} holds a NUL character, which is no text")


def _count(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadReview(f"{name} should be a whole number, not {value!r}")
    if not 0 <= value <= MOST:
        raise BadReview(f"{name} should be between 0 and {MOST:,}, a few times as many as people live")


def _is_share(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 <= value <= 1


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise BadReview(f"{value!r} is no day; write it as 2021-05-12") from error


def _place(told: Mapping[str, Any]) -> dict[str, Any]:
    """The place of a correction, whole. Raises BadReview when its name or level is another place's than its code."""
    named = {name: told[name] for name in ("place", "place_level") if name in told}
    if "place_code" not in told:
        if named:
            raise BadReview(f"{min(named)} is corrected by place_code, the place's division code")
        return {}
    code = told["place_code"]
    try:
        found = reference(code if isinstance(code, str) else "")
    except KeyError as error:
        raise BadReview(f"{code!r} is no division code of the gazetteer") from error
    place = {"place_code": found.code, "place": found.name, "place_level": found.level}
    for name, value in named.items():
        if value != place[name]:
            raise BadReview(f"{name} {value!r} is not that of {code}, which is {place[name]}")
    return place
