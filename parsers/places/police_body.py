"""Reads one police body: the places, bureaus and names that stand before its tail word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parsers.observation import PlaceRef
from parsers.places.context import Context
from parsers.places.gazetteer import is_within, names_within, parent_of, reference
from parsers.places.lexicon import Body, bodies, ordinary_words, references
from parsers.places.namesakes import TIBETAN_AREAS, Surroundings, choose
from parsers.places.organs import Named, alike, own_name, unknown_name_start
from parsers.places.scan import Sort, Token, upper_names
from parsers.places.values import UNKNOWN, OrganSpan

_OWN_LEVELS = {
    "县": "county",
    "州": "prefecture",
    "市": "city",
    "区": "district",
    "省": "province",
    "地": "prefecture",
}
_LONGEST_UPPER = 13
_OUTER_KINDS = ("bureau", "branch", "own_bureau", "police", "headquarters", "own")
"""Bodies that stand before the name of one of their own (江孜县公安局|城关派出所)."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was read before a body: the places and bodies that a pronoun or a bare 派出所 refers to."""

    nearest: str | None = None
    township: PlaceRef | None = None
    organ: PlaceRef | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Places and bureaus written without a gap before a body (江孜县公安局|城关派出所)."""

    start: int
    code: str | None
    place: PlaceRef | None


def read_body(
    text: str, token: Token, ending_at: Mapping[int, Token], context: Context, before: Before, floor: int
) -> OrganSpan | None:
    """The body whose tail word is `token`; None when the word stands for no body here.

    `ending_at` holds the tokens by their end; `floor` is the end of the body read before.
    """
    body = bodies()[token.pattern.word]
    if body.kind == "station":
        return _station(text, token, ending_at, context, before, floor)
    if body.kind == "branch":
        return _branch(text, token, ending_at, context, before, floor)
    start = _upper_name_start(text, token.start, ending_at, floor, body)
    chain = _chain(text, start, ending_at, context, before, floor, pronouns=body.kind == "forces")
    place = chain.place
    if start < token.start:
        around = Surroundings(chain.code or context.base, context.named, context.region)
        place = choose(upper_names()[text[start : token.start]], around).ref
    if place is not None:
        return _organ(text, chain.start, token, _raised(body, place), "place before it")
    if body.kind == "police":
        return None
    return _organ(text, token.start, token, _default_place(body, token, context, before), "account's place")


def _upper_name_start(text: str, tail: int, ending_at: Mapping[int, Token], floor: int, body: Body) -> int:
    """Where a province's, prefecture's or county's name before a bureau begins that is an ordinary word too."""
    if (token := ending_at.get(tail)) is not None and token.pattern.sort is Sort.NAME:
        return tail
    if body.kind in ("squad", "division"):
        return tail
    for start in range(max(floor, tail - _LONGEST_UPPER), tail - 1):
        word = text[start:tail]
        if word in upper_names() and (
            word not in ordinary_words() or body.kind in ("bureau", "police", "forces")
        ):
            return start
    return tail


def _chain(
    text: str,
    end: int,
    ending_at: Mapping[int, Token],
    context: Context,
    before: Before,
    floor: int,
    *,
    pronouns: bool = False,
) -> Chain:
    """The unbroken run of names, bureaus and references that ends at `end`.

    我县 and 我局 give it a place; they are part of the body's own name only if `pronouns` says so (全县公安机关).
    """
    start, place = end, None
    while (token := ending_at.get(start)) is not None and token.start >= floor:
        sort, word = token.pattern.sort, token.pattern.word
        if sort is Sort.NAME:
            found = choose(token.pattern.codes, context.surroundings).ref
        elif sort is Sort.REFERENCE:
            found = context.refer(references()[word], before.nearest, before.township, before.organ)
        elif sort is Sort.BODY and bodies()[word].kind in _OUTER_KINDS:
            outer = read_body(text, token, ending_at, context, before, floor)
            if outer is None:
                break
            found, token = outer.place, Token(outer.start, token.end, token.pattern)
        else:
            break
        if place is None or place.code is None:
            place = found
        pronoun = sort is Sort.REFERENCE or (sort is Sort.BODY and bodies()[word].kind == "own")
        if pronoun and not pronouns:
            break
        start = token.start
        if sort is Sort.BODY:
            break
    return Chain(start, place.code if place else None, place)


def _station(
    text: str, token: Token, ending_at: Mapping[int, Token], context: Context, before: Before, floor: int
) -> OrganSpan:
    chain_code = _code_before(text, token.start, ending_at, context, before, floor)
    areas = context.areas(before.nearest)
    named = own_name(text, token.start, areas, "township", floor)
    if named is None and context.county:
        named = alike(text, token.start, context.county, floor)
    if named is not None:
        chain = _chain(text, named.start, ending_at, context, before, floor)
        if chain.code and not any(is_within(code, chain.code) for code in named.codes):
            inside = names_within(chain.code, "township").get(named.name) if len(chain.code) < 9 else None
            named = Named(named.start, named.name, inside, named.rule) if inside else None
        if named is not None:
            around = Surroundings(chain.code or before.nearest or context.base, context.named, context.region)
            codes = _inside(
                _inside(named.codes, chain.code), None if chain.code else _county_of(context.namesakes)
            )
            choice = choose(codes, around)
            if context.base or context.named or chain.code or _telling(named, choice.code):
                return _organ(text, chain.start, token, choice.ref, named.rule)
    if named is None and chain_code and len(chain_code) < 9:
        named = own_name(text, token.start, (chain_code,), "township", floor)
        if named is not None:
            chain = _chain(text, named.start, ending_at, context, before, floor)
            choice = choose(named.codes, Surroundings(chain_code, context.named, context.region))
            return _organ(text, chain.start, token, choice.ref, named.rule)
    if (
        (full := ending_at.get(token.start)) is not None
        and full.pattern.sort is Sort.TOWNSHIP
        and full.start >= floor
    ):
        chain = _chain(text, full.start, ending_at, context, before, floor)
        near = chain.code or context.base
        codes = tuple(code for code in full.pattern.codes if near is None or code.startswith(near[:4]))
        if codes:
            choice = choose(codes, Surroundings(near, context.named, context.region))
            return _organ(text, chain.start, token, choice.ref, "township of this name")
        return _organ(text, full.start, token, context.own_county(before.nearest), "no township of its name")
    start = unknown_name_start(text, token.start, max(floor, _last_token_end(ending_at, token.start, floor)))
    chain = _chain(text, start, ending_at, context, before, floor)
    bare = start == token.start and chain.start == start
    if bare and chain.place is None and before.organ is not None:
        return _organ(text, start, token, before.organ, "the station named before")
    place = chain.place if chain.place is not None else context.own_county(before.nearest)
    county = place.code if place.code and len(place.code) == 6 else None
    if county and (single := names_within(county, "township").get(text[start : token.start])):
        return _organ(text, chain.start, token, reference(single[0]), "township of this name")
    return _organ(text, chain.start, token, place, "unnamed station" if bare else "no township of its name")


def _telling(named: Named, code: str | None) -> bool:
    """Whether a station's name alone says where it is: no ordinary word, and one township in the studies' areas."""
    return code is not None and named.name not in ordinary_words() and code.startswith(TIBETAN_AREAS)


def _county_of(namesakes: tuple[str, ...]) -> str | None:
    """The county that bears the name of the account's prefecture (甘孜县)."""
    counties = tuple(code for code in namesakes if len(code) == 6)
    return counties[0] if len(counties) == 1 else None


def _inside(codes: tuple[str, ...], area: str | None) -> tuple[str, ...]:
    return tuple(code for code in codes if code.startswith(area)) or codes if area else codes


def _code_before(
    text: str, tail: int, ending_at: Mapping[int, Token], context: Context, before: Before, floor: int
) -> str | None:
    """The place of the bureau or county nearest before a station's name, in the same run of characters."""
    for end in range(tail, max(floor, tail - _LONGEST_UPPER), -1):
        token = ending_at.get(end)
        if token is not None and token.pattern.sort in (Sort.NAME, Sort.BODY, Sort.REFERENCE):
            return _chain(text, end, ending_at, context, before, floor).code
    return None


def _last_token_end(ending_at: Mapping[int, Token], tail: int, floor: int) -> int:
    for end in range(tail, max(floor, tail - _LONGEST_UPPER), -1):
        token = ending_at.get(end)
        if token is not None and token.pattern.sort in (Sort.NAME, Sort.BODY, Sort.REFERENCE):
            return end
    return floor


def _branch(
    text: str, token: Token, ending_at: Mapping[int, Token], context: Context, before: Before, floor: int
) -> OrganSpan | None:
    outer = _code_before(text, token.start, ending_at, context, before, floor)
    prefecture = (outer or context.base or "")[:4]
    areas = tuple(dict.fromkeys(area for area in (outer, prefecture) if area)) or ("",)
    named = own_name(text, token.start, areas, "county", floor)
    if named is not None:
        chain = _chain(text, named.start, ending_at, context, before, floor)
        choice = choose(named.codes, Surroundings(chain.code or context.base, context.named, context.region))
        return _organ(text, chain.start, token, choice.ref, "county of this name")
    chain = _chain(text, token.start, ending_at, context, before, floor)
    if chain.place is not None:
        return _organ(text, chain.start, token, chain.place, "place before it")
    if token.pattern.word == "分局":
        start = unknown_name_start(
            text, token.start, max(floor, _last_token_end(ending_at, token.start, floor))
        )
        chain = _chain(text, start, ending_at, context, before, floor)
        if chain.place is None:
            return None
        return _organ(text, chain.start, token, chain.place, "place before it")
    return _organ(text, token.start, token, context.own_county(before.nearest), "account's place")


def _organ(text: str, start: int, token: Token, place: PlaceRef, rule: str) -> OrganSpan:
    body = bodies()[token.pattern.word]
    level = place.level if body.level == "own" else body.level
    return OrganSpan(start, token.end, text[start : token.end], place, level, body.kind, rule)


def _default_place(body: Body, token: Token, context: Context, before: Before) -> PlaceRef:
    """The place of a body without one before it."""
    if body.kind == "own_bureau":
        level = _OWN_LEVELS[token.pattern.word[0]]
        return context.refer(level, before.nearest, before.township, before.organ)
    if body.kind == "own" and token.pattern.word[-1] in "所站" and before.organ is not None:
        return before.organ
    if body.kind == "own" and context.base:
        return reference(context.base)
    if body.kind == "ministry":
        return UNKNOWN
    if body.kind == "headquarters":
        return context.refer("province", before.nearest, None, None)
    if body.kind in ("forces", "bureau") and context.base:
        return reference(context.base)
    return _raised(body, context.own_county(before.nearest))


def _raised(body: Body, place: PlaceRef) -> PlaceRef:
    """A division (支队) belongs to the prefecture of a county named before it, a headquarters to the province."""
    code = place.code
    wanted = {"division": 4, "headquarters": 2}.get(body.kind)
    while code and wanted and len(code) > wanted:
        code = parent_of(code)
    return reference(code) if code else place
