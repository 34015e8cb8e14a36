"""Reads one police body: the places, bureaus and names that stand before its tail word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from parsers.observation import PlaceRef
from parsers.places.context import Context
from parsers.places.gazetteer import is_within, names_within, parent_of, reference
from parsers.places.lexicon import Body, bodies, ordinary_words, references
from parsers.places.namesakes import TIBETAN_AREAS, choose
from parsers.places.organs import Named, alike, begins_as, own_name, unknown_name_start
from parsers.places.scan import Sort, Token, upper_names
from parsers.places.values import UNKNOWN, OrganSpan

_DOES = re.compile(r"[^长有在属辖需谓得以用做说述写内里队外能]|$")
"""What follows 所 where it means a station: what it does, or a cell of a table."""
_OWN_LEVELS = {
    "县": "county",
    "州": "prefecture",
    "市": "city",
    "区": "district",
    "省": "province",
    "地": "prefecture",
}
_HEADS = "\n】▲●■★◆"
"""What a station stands behind that heads an item of its own."""
_LOCAL = "当地"
"""当地派出所: a part of the only name that a body has."""
_LONGEST_UPPER = 13
_LONGEST_CHAIN = 60
_OUTER_KINDS = ("bureau", "branch", "own_bureau", "police", "headquarters", "own")
"""Bodies that stand before the name of one of their own (江孜县公安局|城关派出所)."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was read before a body: the places and bodies that a pronoun or a bare 派出所 refers to."""

    nearest: str | None = None
    township: PlaceRef | None = None
    organ: PlaceRef | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A scanned text with its tokens and the bodies read so far by their ends, and what its reading can rest on."""

    text: str
    ending_at: Mapping[int, Token]
    bodies_read: Mapping[int, OrganSpan]
    context: Context
    before: Before

    def refer(self, level: str) -> PlaceRef:
        """What 我县, 全市, 辖区 … mean here."""
        before = self.before
        return self.context.refer(level, before.nearest, before.township, before.organ)

    def own_county(self) -> PlaceRef:
        """The county of a body without a place of its own here."""
        return self.context.own_county(self.before.nearest)


@dataclass(frozen=True, slots=True)
class Chain:
    """Places and bureaus without a gap before a body (江孜县公安局|城关派出所): where they begin, what they mean."""

    start: int
    place: PlaceRef | None = None

    @property
    def code(self) -> str | None:
        """The code of the place, if it is known."""
        return self.place.code if self.place else None


def read_body(passage: Passage, token: Token) -> OrganSpan | None:
    """The body whose tail word is `token`; None when the word stands for no body here."""
    body = bodies()[token.pattern.word]
    if body.kind == "station":
        return _station(passage, token)
    if body.kind == "short_station":
        return _short_station(passage, token)
    if body.kind == "branch":
        return _branch(passage, token)
    start = _upper_name_start(passage, token.start, body)
    chain = _chain(passage, start, pronouns=body.kind in ("forces", "bureau"))
    place = chain.place
    if start < token.start:
        codes = upper_names()[passage.text[start : token.start]]
        place = choose(codes, passage.context.around(chain.code)).ref
    if place is not None:
        return _organ(passage, chain.start, token, _raised(body, place), "place before it")
    if body.kind == "police":
        return None
    if body.kind == "forces" and passage.text.endswith(_LOCAL, 0, token.start):
        return _organ(
            passage, token.start - len(_LOCAL), token, _default_place(passage, body, token), "account's place"
        )
    level = _OWN_LEVELS.get(passage.text[start - 1 : start]) if body.kind == "bureau" else None
    if level is not None:
        return _organ(passage, start - 1, token, passage.refer(level), "account's place")
    return _organ(passage, token.start, token, _default_place(passage, body, token), "account's place")


def _upper_name_start(passage: Passage, tail: int, body: Body) -> int:
    """Where the name of a province, prefecture or county before a bureau begins that is an ordinary word too (平安)."""
    if body.kind not in ("bureau", "police", "forces", "headquarters") or tail in passage.ending_at:
        return tail
    for start in range(max(0, tail - _LONGEST_UPPER), tail - 1):
        name = passage.text[start:tail]
        if name in upper_names() and not passage.context.mistakes(name, upper_names()[name]):
            return start
    return tail


def _chain(passage: Passage, end: int, *, pronouns: bool = False) -> Chain:
    """The unbroken run of names, bureaus and references that ends at `end`.

    我县 and 我局 give it a place; they are part of the body's own name only if `pronouns` says so (全县公安机关).
    """
    start, place = end, None
    while (token := passage.ending_at.get(start)) is not None:
        sort, word = token.pattern.sort, token.pattern.word
        first = token.start
        if sort is Sort.NAME:
            found = choose(token.pattern.codes, passage.context.surroundings).ref
        elif sort is Sort.REFERENCE:
            found = passage.refer(references()[word])
        elif sort is Sort.BODY and bodies()[word].kind in _OUTER_KINDS:
            outer = passage.bodies_read.get(start)
            if outer is None:
                break
            found, first = outer.place, outer.start
        else:
            break
        if place is None or place.code is None:
            place = found
        if end - first > _LONGEST_CHAIN:
            break
        pronoun = sort is Sort.REFERENCE or (sort is Sort.BODY and bodies()[word].kind == "own")
        if pronoun and not pronouns:
            break
        start = first
        if sort is Sort.BODY:
            break
    return Chain(start, place)


def _station(passage: Passage, token: Token) -> OrganSpan:
    """A station: the township of its name, else the county of the bureau before it or of the account."""
    context, tail = passage.context, token.start
    named = own_name(passage.text, tail, context.areas(passage.before.nearest), "township")
    if named is None and context.county:
        named = alike(passage.text, tail, context.county)
    if named is not None:
        chain = _chain(passage, named.start)
        codes = _inside_chain(named, chain.code, context)
        if codes:
            choice = choose(codes, context.around(chain.code or passage.before.nearest))
            if context.base or context.named or chain.code or _telling(named, choice.code):
                return _organ(passage, chain.start, token, choice.ref, named.rule)
    before = _last_end(passage, tail)
    outer = _chain(passage, before) if before is not None else Chain(tail)
    if outer.code and len(outer.code) < 9:
        inner = own_name(passage.text, tail, (outer.code,), "township", outer.start)
        if inner is not None:
            chain = _chain(passage, inner.start)
            choice = choose(inner.codes, context.around(outer.code))
            return _organ(passage, chain.start, token, choice.ref, inner.rule)
    full = passage.ending_at.get(tail)
    if full is not None and full.pattern.sort is Sort.TOWNSHIP:
        return _station_of_full_name(passage, token, full)
    return _station_without_township(passage, token, before or 0)


def _short_station(passage: Passage, token: Token) -> OrganSpan | None:
    """A station named by its township and 所 alone, in a text of that county; None for any other 所."""
    county = passage.context.county
    if county is None or _DOES.match(passage.text, token.end) is None:
        return None
    named = own_name(passage.text, token.start, (county,), "township")
    if named is None:
        return None
    choice = choose(named.codes, passage.context.around(county))
    return _organ(passage, named.start, token, choice.ref, named.rule)


def _inside_chain(named: Named, code: str | None, context: Context) -> tuple[str, ...]:
    """The codes a station's name may mean inside the place before it; () when it means none there.

    Without a place before it those in the county that bears the name of the account's prefecture (甘孜县) come first.
    """
    if code is None:
        counties = tuple(county for county in context.namesakes if len(county) == 6)
        return tuple(other for other in named.codes if other.startswith(counties)) or named.codes
    inside = tuple(other for other in named.codes if is_within(other, code))
    if not inside and len(code) < 9:
        inside = names_within(code, "township").get(named.name, ())
    return inside


def _station_of_full_name(passage: Passage, token: Token, full: Token) -> OrganSpan:
    """A station with a township's full official name that the areas at hand do not hold."""
    chain = _chain(passage, full.start)
    near = chain.code or passage.context.base
    codes = tuple(code for code in full.pattern.codes if near is None or code.startswith(near[:4]))
    if codes:
        choice = choose(codes, passage.context.around(near))
        return _organ(passage, chain.start, token, choice.ref, "township of this name")
    return _organ(passage, full.start, token, passage.own_county(), "no township of its name")


def _station_without_township(passage: Passage, token: Token, floor: int) -> OrganSpan:
    """A station whose name no gazetteer knows (城区派出所), or that has none (派出所)."""
    start = unknown_name_start(passage.text, token.start, floor)
    chain = _chain(passage, start)
    bare = start == token.start and chain.start == start
    heads = bare and start > 0 and passage.text[start - 1] in _HEADS
    if bare and not heads and chain.place is None and passage.before.organ is not None:
        return _organ(passage, start, token, passage.before.organ, "the station named before")
    place = chain.place if chain.place is not None else passage.own_county()
    if place.code and len(place.code) == 6:
        name = passage.text[start : token.start]
        single = names_within(place.code, "township").get(name)
        if single:
            return _organ(passage, chain.start, token, reference(single[0]), "township of this name")
        if (longer := begins_as(name, place.code)) is not None:
            return _organ(passage, chain.start, token, reference(longer), "township whose name begins so")
    township = passage.before.township
    if township is not None and not bare and passage.text[start : token.start] in (township.name or ""):
        return _organ(passage, chain.start, token, township, "township named before")
    local = bare and passage.text.endswith(_LOCAL, 0, start)
    first = start - len(_LOCAL) if local else chain.start
    return _organ(passage, first, token, place, "unnamed station" if bare else "no township of its name")


def _telling(named: Named, code: str | None) -> bool:
    """Whether a station's name alone says where it is: no ordinary word, and one township in the studies' areas."""
    return code is not None and named.name not in ordinary_words() and code.startswith(TIBETAN_AREAS)


def _last_end(passage: Passage, tail: int) -> int | None:
    """Where the last name, bureau or reference in the characters before a station's or branch's name ends."""
    for end in range(tail, max(0, tail - _LONGEST_UPPER), -1):
        token = passage.ending_at.get(end)
        if token is not None and token.pattern.sort in (Sort.NAME, Sort.BODY, Sort.REFERENCE):
            return end
    return None


def _branch(passage: Passage, token: Token) -> OrganSpan | None:
    """A county's branch of its prefecture's bureau (平安区分局); 分局 alone may be any authority's."""
    tail, base = token.start, passage.context.base
    before = _last_end(passage, tail)
    outer = _chain(passage, before).code if before is not None else None
    areas = tuple(dict.fromkeys(area for area in (outer, (outer or base or "")[:4]) if area)) or ("",)
    named = own_name(passage.text, tail, areas, "county")
    if named is not None:
        chain = _chain(passage, named.start)
        choice = choose(named.codes, passage.context.around(chain.code))
        return _organ(passage, chain.start, token, choice.ref, "county of this name")
    chain = _chain(passage, tail)
    if chain.place is None and token.pattern.word == "分局":
        start = unknown_name_start(passage.text, tail, before or 0)
        outside = passage.ending_at.get(start)
        if outside is None or outside.pattern.sort is not Sort.BODY:
            return None
        chain = _chain(passage, start)
    if chain.place is not None:
        return _organ(passage, chain.start, token, chain.place, "place before it")
    return _organ(passage, tail, token, passage.own_county(), "account's place")


def _organ(passage: Passage, start: int, token: Token, place: PlaceRef, rule: str) -> OrganSpan:
    body = bodies()[token.pattern.word]
    level = place.level if body.level == "own" else body.level
    return OrganSpan(start, token.end, passage.text[start : token.end], place, level, body.kind, rule)


def _default_place(passage: Passage, body: Body, token: Token) -> PlaceRef:
    """The place of a body without one before it."""
    base = passage.context.base
    if body.kind == "own_bureau":
        return passage.refer(_OWN_LEVELS[token.pattern.word[0]])
    if body.kind == "own" and token.pattern.word[-1] in "所站":
        station = passage.before.township or passage.before.organ
        if station is not None:
            return station
    if body.kind in ("own", "forces", "bureau") and base:
        return reference(base)
    if body.kind == "ministry":
        return UNKNOWN
    if body.kind == "headquarters":
        return passage.refer("province")
    return _raised(body, passage.own_county())


def _raised(body: Body, place: PlaceRef) -> PlaceRef:
    """A division (支队) belongs to the prefecture of a county named before it, a headquarters to the province."""
    code = place.code
    wanted = {"division": 4, "headquarters": 2}.get(body.kind)
    while code and wanted and len(code) > wanted:
        code = parent_of(code)
    return reference(code) if code else place
