"""Places and police bodies in an article, from a gazetteer of China's divisions."""

from __future__ import annotations

from parsers.places.acting import is_acting
from parsers.places.attribution import Attribution, attribute
from parsers.places.find import find_places
from parsers.places.gazetteer import Place, children, is_within, place
from parsers.places.values import OrganSpan, Places

__all__ = [
    "Attribution",
    "OrganSpan",
    "Place",
    "Places",
    "attribute",
    "children",
    "find_places",
    "is_acting",
    "is_within",
    "place",
]
