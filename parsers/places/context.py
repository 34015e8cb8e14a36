"""What is known of an article's surroundings while its places are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from parsers.observation import PlaceRef
from parsers.places.gazetteer import divisions, level_of, parent_of, reference
from parsers.places.namesakes import TIBETAN_AREAS, Surroundings
from parsers.places.values import UNKNOWN

NATION = PlaceRef(None, None, "country")
"""全国: no place of the gazetteer."""

_ENDINGS = {
    "county": ("县", "旗", "行政委员会"),
    "prefecture": ("州", "地区", "盟"),
    "city": ("市",),
    "district": ("区",),
}


_SHORT, _SPLIT = 2, ("达州",)
"""到达州公安局: a prefecture whose name is read out of two words."""


@dataclass(frozen=True, slots=True)
class Context:
    """The place figures belong to unless the text says otherwise, and what else is named.

    `base` is the account's place or, for want of one, the only county the article names; `county` its
    county, None when it is larger or unknown. `named` holds the codes named without doubt, in order of appearance;
    `namesakes` all places the account's name may mean.
    """

    base: str | None
    named: tuple[str, ...] = ()
    region: str | None = None
    namesakes: tuple[str, ...] = ()
    county: str | None = field(init=False)
    surroundings: Surroundings = field(init=False)

    def __post_init__(self) -> None:
        county = self.base[:6] if self.base and len(self.base) >= 6 else None
        object.__setattr__(self, "county", county)
        object.__setattr__(self, "surroundings", Surroundings(self.base, self.named, self.region))

    def is_near(self, codes: tuple[str, ...]) -> bool:
        """Whether one of these places lies in a province of which the account is, or another place is named."""
        others = (self.base, *(code for code in self.named if code not in codes))
        return any(code.startswith(other[:2]) for code in codes for other in others if other)

    def mistakes(self, name: str, codes: tuple[str, ...]) -> bool:
        """Whether a county's name of two characters is none here: 派出所和县公安局 is not of 和县 in Anhui."""
        short = len(name) == _SHORT and (name in _SPLIT or (len(codes[0]) == 6 and name[-1] in "县市区旗"))
        return short and self.base is not None and not self.is_near(codes)

    def around(self, code: str | None) -> Surroundings:
        """What may decide among namesakes near the place of `code`."""
        return self.surroundings if code is None else Surroundings(code, self.named, self.region)

    def areas(self, nearest: str | None) -> tuple[str, ...]:
        """Where to look for the township of a station, nearest first; `nearest` is the place named last before it."""
        if self.county and not self.named and not nearest:
            return (self.county,)
        counties = tuple(code for code in self.named if len(code) == 6)
        near = (nearest,) if nearest and len(nearest) == 6 else ()
        if self.county:
            return tuple(dict.fromkeys((self.county, *near, *counties)))
        if self.base is None and self.namesakes:
            return self.namesakes
        larger = tuple(code for code in self.named if len(code) == 4)
        wide = (self.base,) if self.base else (*larger, *((self.region,) if self.region else ()))
        inside = tuple(code for code in (*near, *counties) if not self.base or code.startswith(self.base))
        return tuple(dict.fromkeys((*inside, *wide))) or TIBETAN_AREAS

    def own_county(self, nearest: str | None) -> PlaceRef:
        """The county of a station or squad without a place of its own."""
        if self.county:
            return reference(self.county)
        if nearest and (not self.base or nearest.startswith(self.base)):
            return reference(nearest)
        counties = tuple(code for code in self.namesakes if len(code) == 6)
        if len(counties) == 1:
            return reference(counties[0])
        if self.base is None and self.namesakes:
            return PlaceRef(None, None, None, self.namesakes)
        return reference(self.base) if self.base else UNKNOWN

    def refer(
        self, level: str, nearest: str | None, township: PlaceRef | None, organ: PlaceRef | None
    ) -> PlaceRef:
        """What 我县, 全市, 辖区 … mean: `township` and `organ` are the ones last named before."""
        if level == "country":
            return NATION
        if level == "jurisdiction":
            return organ or self.own_county(nearest)
        if level == "township":
            return township or self.own_county(nearest)
        anchor = self.base or nearest
        if anchor is None:
            return UNKNOWN
        if level == "county" and len(anchor) < 6 and nearest and len(nearest) == 6:
            anchor = nearest
        # An account of the whole region tells of 拉萨市公安局 and then of 全市.
        anchors = (anchor, nearest, organ.code if organ else None)
        found = [_around(code, level) for code in anchors if code]
        endings = _ENDINGS.get(level, "")
        return reference(next((code for code in found if divisions()[code].endswith(endings)), found[0]))


@lru_cache(maxsize=8192)
def _around(anchor: str, level: str) -> str:
    """The division of the level named that the anchor is or lies in; the anchor's county when there is none."""
    steps: list[str] = []
    code: str | None = anchor[:6]
    while code:
        steps.append(code)
        code = parent_of(code)
    if level == "province":
        return steps[-1]
    if level == "county" and level_of(steps[0]) == "county":
        return steps[0]
    if level == "prefecture":
        return next((step for step in steps if len(step) == 4), steps[0])
    return next((step for step in steps if divisions()[step].endswith(_ENDINGS[level])), steps[0])
