"""Places and police bodies in an article, from a gazetteer of China's divisions."""

from __future__ import annotations

from parsers.places.find import find_places
from parsers.places.gazetteer import Place, children, is_within, place
from parsers.places.values import OrganSpan, Places

__all__ = ["OrganSpan", "Place", "Places", "children", "find_places", "is_within", "place"]
