"""A stretch of an article's text and what a recogniser made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT", covariant=True)


@dataclass(frozen=True, slots=True)
class Span(Generic[ValueT]):
    """`text[start:end]` means `value`; `rule` names the rule or lexicon entry that says so."""

    start: int
    end: int
    value: ValueT
    rule: str = ""
