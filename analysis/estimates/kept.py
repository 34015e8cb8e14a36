"""Estimates that were kept, beside what has become of the readings they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine

from analysis.estimates.inputs import ends
from db.estimates import InputNow, estimates_of, frozen, inputs_now
from db.reviews.corrections import REJECTED
from parsers.observation import Kind


def kept_estimate(engine: Engine, identifier: str) -> dict[str, Any]:
    """The estimate with this id as it was made, and `changed`: what is different by now in the readings it rests on,
    one sentence each. Raises UnknownId.
    """
    return _beside(engine, [frozen(engine, identifier)])[0]


def kept_estimates(engine: Engine, campaign: str, *, every: bool = False) -> list[dict[str, Any]]:
    """The estimates of a campaign, the latest first, each with `changed` as in `kept_estimate`.

    Unless `every` is asked for, one of those that answer the same question (recipe, kind of data, census, options,
    places left out): the latest whose readings are as they were, else the latest.
    """
    found = _beside(engine, estimates_of(engine, campaign))
    if every:
        return found
    chosen: dict[object, dict[str, Any]] = {}
    for each in found:
        before = chosen.setdefault(_question(each), each)
        if before["changed"] and not each["changed"]:
            chosen[_question(each)] = each
    return [each for each in found if chosen[_question(each)] is each]


def _question(made: Mapping[str, Any]) -> tuple[object, ...]:
    def pairs(name: str) -> tuple[object, ...]:
        return tuple(sorted(made.get(name, {}).items()))

    return (
        made["recipe"],
        made.get("modality"),
        made["region"],
        made["year"],
        pairs("options"),
        pairs("without"),
    )


def _beside(engine: Engine, estimates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    traced = {
        each["trace"] for made in estimates for each in made["inputs"] if each["trace"].startswith("obs-")
    }
    now = inputs_now(engine, sorted(traced))
    return [
        made
        | {
            "changed": [
                told
                for each in made["inputs"]
                if each["trace"] in traced and (told := _changed(each, now.get(each["trace"])))
            ]
        }
        for made in estimates
    ]


def _changed(then: Mapping[str, Any], now: InputNow | None) -> str:
    """What has changed in a reading since, empty when nothing has."""
    what = f"{then['place']}, {ends(then['low'], then['high'])} ({then['trace']})"
    if now is None or now.superseded:
        return f"{what}: no longer read"
    if now.verdict == REJECTED:
        return f"{what}: rejected since"
    told = []
    if now.kind != Kind.CUMULATIVE:
        told.append(f"kind {now.kind}")
    low, high = now.count_min or 0, now.count_max or 0
    if (low, high) != (then["low"], then["high"]):
        told.append(ends(low, high))
    if now.place_code != then["code"]:
        told.append(now.place or "no place")
    return f"{what}: now {', '.join(told)}" if told else ""
