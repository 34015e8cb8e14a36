"""The words about police bodies, references and accounts, read once from their files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from parsers.places.gazetteer import data_folder


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of police body: its entry in police.toml and the level whose figures it reports."""

    kind: str
    level: str


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("parsers.places").joinpath(name).read_text("utf-8"))


@cache
def bodies() -> dict[str, Body]:
    """Police bodies by the word that names them (派出所, 刑侦大队); `not_police` for look-alikes."""
    return {
        name: Body(kind, entry["level"])
        for kind, entry in _read("police.toml").items()
        if "level" in entry
        for name in entry["names"]
    }


@cache
def references() -> dict[str, str]:
    """The level meant by 我县, 全州, 辖区 …"""
    return {word: level for level, words in _read("references.toml").items() for word in words}


@cache
def local_endings() -> dict[str, str]:
    """乡, 镇, 村 … and what they end: `township`, `village` or `community`."""
    endings = _read("endings.toml")
    return {word: kind for kind in ("township", "village", "community") for word in endings[kind]}


@cache
def no_endings() -> tuple[str, ...]:
    """Words that hold one of the endings and name no place (乡亲, 村民)."""
    return tuple(_read("endings.toml")["ordinary"])


@cache
def named_after() -> tuple[str, ...]:
    """What makes a place's name the name of a road, square, lake or mountain."""
    return tuple(_read("endings.toml")["named_after"])


@cache
def account_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before and after a place in an account's name, longest first."""
    words = _read("accounts.toml")
    return (
        tuple(sorted(words["prefixes"], key=len, reverse=True)),
        tuple(sorted(words["suffixes"], key=len, reverse=True)),
    )


@cache
def ordinary_words() -> frozenset[str]:
    """Short names of places that are ordinary words too."""
    return frozenset(data_folder().joinpath("ordinary.txt").read_text("utf-8").split())


@cache
def same_sound() -> dict[str, str]:
    """For characters of place names the one that stands for all that sound alike."""
    table: dict[str, str] = {}
    for line in data_folder().joinpath("homophones.tsv").read_text("utf-8").splitlines():
        _, characters = line.split("\t")
        table |= dict.fromkeys(characters, characters[0])
    return table


@cache
def stop_words() -> frozenset[str]:
    """Words after which a body's name begins."""
    return frozenset(_read("stops.toml")["words"])


@cache
def stop_characters() -> frozenset[str]:
    """Single characters after which a body's name begins, unless they open the clause."""
    return frozenset(_read("stops.toml")["characters"])


@cache
def after_digits() -> frozenset[str]:
    """Characters that belong to a number before them and not to a body's name."""
    return frozenset(_read("stops.toml")["after_digits"])


@cache
def simplified() -> dict[str, str]:
    """The simplified character of every traditional one, one for one (OpenCC's TSCharacters)."""
    table: dict[str, str] = {}
    lines = files("opencc").joinpath("dictionary").joinpath("TSCharacters.txt").read_text("utf-8")
    for line in lines.splitlines():
        traditional, _, plain = line.partition("\t")
        table[traditional] = plain[0]
    return table
