"""From an article to the places and police bodies in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from parsers.observation import Article, PlaceRef
from parsers.places.context import Context
from parsers.places.gazetteer import is_within, names_within
from parsers.places.home import account_candidates, decide_home
from parsers.places.lexicon import local_endings, references
from parsers.places.namesakes import TIBETAN_AREAS, Surroundings, choose
from parsers.places.organs import own_name
from parsers.places.police_body import Before, Passage, read_body
from parsers.places.scan import Sort, Token, plain, scan
from parsers.places.values import OrganSpan, Places
from parsers.span import Span

_MONASTERY = re.compile("寺(?!院|庙)")
_MOST_NAMED = 48
"""Places beyond these no longer decide among namesakes: they bound the time that a hostile text can take."""


@dataclass(frozen=True, slots=True)
class _Found:
    mentions: tuple[Span[PlaceRef], ...] = ()
    organs: tuple[OrganSpan, ...] = ()
    references: tuple[Span[PlaceRef], ...] = ()
    before: Before = field(default_factory=Before)


def find_places(article: Article) -> Places:
    """All places and police bodies of an article, resolved as far as its account, its text and its campaign allow."""
    title, text = plain(article.title), plain(article.text)
    title_tokens, text_tokens = scan(title), scan(text)
    tokens = (*title_tokens, *text_tokens)
    named = _named(tokens, article.region)
    candidates = account_candidates(article.account) if article.account else ()
    scanned = ((title, title_tokens), (text, text_tokens))
    home = decide_home(candidates, scanned, Surroundings(None, named, article.region))
    base = home.code if home else _only_county(named)
    context = Context(base, named, article.region, candidates)
    in_title = _read(title, article.title, title_tokens, context, Before())
    in_text = _read(text, article.text, text_tokens, context, in_title.before)
    return Places(
        home=home,
        mentions=in_text.mentions,
        organs=in_text.organs,
        references=in_text.references,
        title_mentions=in_title.mentions,
        title_organs=in_title.organs,
        title_references=in_title.references,
        account_organ=_account_organ(article.account, base) if article.account else None,
    )


def _named(tokens: tuple[Token, ...], region: str | None) -> tuple[str, ...]:
    """Codes of provinces, prefectures and counties named without doubt, then those the others decide."""
    names = [token.pattern.codes for token in tokens if token.pattern.sort is Sort.NAME and _telling(token)]
    sure = tuple(dict.fromkeys(codes[0] for codes in names if len(codes) == 1))
    unsure = (codes for codes in dict.fromkeys(names) if len(codes) > 1)
    decided = [choose(codes, Surroundings(None, sure[:_MOST_NAMED], region)).code for codes in unsure]
    return tuple(dict.fromkeys((*sure, *(code for code in decided if code))))[:_MOST_NAMED]


def _telling(token: Token) -> bool:
    """Whether a name means a place wherever it stands: not the bare two characters of some county (西和, 中方)."""
    codes = token.pattern.codes
    return not token.pattern.bare or len(codes[0]) < 6 or codes[0].startswith(TIBETAN_AREAS)


def _may_stand(token: Token, context: Context) -> bool:
    """Whether a name counts here: the bare name of some far county only beside a place of its province."""
    if _telling(token) and not context.mistakes(token.pattern.word, token.pattern.codes):
        return True
    return context.is_near(token.pattern.codes)


def _names_a_monastery(text: str, token: Token) -> bool:
    """康玛寺 is no monastery of 康马县: a bare name is that of the house."""
    return token.pattern.bare and _MONASTERY.match(text, token.end) is not None


def _only_county(named: tuple[str, ...]) -> str | None:
    """The county that all counties named are, else the prefecture if only one is named."""
    counties = {code for code in named if len(code) == 6}
    if len(counties) == 1:
        return counties.pop()
    prefectures = {code for code in named if len(code) == 4}
    return prefectures.pop() if len(prefectures) == 1 and not counties else None


def _read(text: str, original: str, tokens: list[Token], context: Context, before: Before) -> _Found:
    """Mentions, bodies and references of one text, left to right."""
    if not tokens:
        return _Found(before=before)
    tokens = [
        token
        for token in tokens
        if token.pattern.sort is not Sort.NAME
        or (_may_stand(token, context) and not _names_a_monastery(text, token))
    ]
    bodies_read: dict[int, OrganSpan] = {}
    passage = Passage(text, {token.end: token for token in tokens}, bodies_read, context, before)
    mentions: list[Span[PlaceRef]] = []
    organs: list[OrganSpan] = []
    pointed: list[Span[PlaceRef]] = []
    for token in tokens:
        sort = token.pattern.sort
        if sort is Sort.BODY:
            organ = read_body(passage, token)
            if organ is None:
                continue
            bodies_read[organ.end] = organ
            for spans in (organs, mentions, pointed):
                while spans and spans[-1].end > organ.start:
                    spans.pop()
            organs.append(organ if text is original else _as_written(organ, original))
            before = _after_organ(before, organ)
        elif sort is Sort.REFERENCE:
            level = references()[token.pattern.word]
            pointed.append(Span(token.start, token.end, passage.refer(level), level))
            continue
        else:
            mention = _mention(text, token, mentions, context, before)
            if mention is None:
                continue
            if mentions and mentions[-1].end > mention.start:
                mentions.pop()
            mentions.append(mention)
            before = _after_mention(before, mention.value)
        if before is not passage.before:
            passage = Passage(text, passage.ending_at, bodies_read, context, before)
    return _Found(tuple(mentions), tuple(organs), tuple(pointed), before)


def _as_written(organ: OrganSpan, original: str) -> OrganSpan:
    return OrganSpan(
        organ.start,
        organ.end,
        original[organ.start : organ.end],
        organ.place,
        organ.level,
        organ.kind,
        organ.rule,
    )


def _after_organ(before: Before, organ: OrganSpan) -> Before:
    code = organ.place.code
    nearest = code[:6] if code and len(code) >= 6 and organ.kind in ("bureau", "branch") else before.nearest
    township = organ.place if code and len(code) >= 9 else before.township
    return Before(nearest, township, organ.place)


def _after_mention(before: Before, place: PlaceRef) -> Before:
    code = place.code
    if code is None:
        return before
    if len(code) == 6:
        return Before(code, None, before.organ)
    if len(code) == 9:
        return Before(before.nearest, place, before.organ)
    return before


def _mention(
    text: str, token: Token, mentions: list[Span[PlaceRef]], context: Context, before: Before
) -> Span[PlaceRef] | None:
    """The place a name or an ending stands for; joined with the larger place written right before it."""
    last = mentions[-1] if mentions else None
    if token.pattern.sort is Sort.ENDING:
        return _local(text, token, last, context, before)
    if token.pattern.sort not in (Sort.NAME, Sort.TOWNSHIP):
        return None
    outer = last.value.code if last and last.end == token.start else None
    codes = token.pattern.codes
    if outer and (inside := tuple(code for code in codes if is_within(code, outer))):
        choice = choose(inside, context.surroundings)
        return Span(last.start if last else token.start, token.end, choice.ref, choice.rule)
    if token.pattern.sort is Sort.TOWNSHIP and context.county:
        ending = next(word for word in local_endings() if token.pattern.word.endswith(word))
        local = own_name(text, token.end, (context.county,), "township", token.start)
        local = local or own_name(text, token.end - len(ending), (context.county,), "township", token.start)
        codes = local.codes if local else codes
    around = Surroundings(outer or context.base or before.nearest, context.named, context.region)
    choice = choose(codes, around)
    return Span(token.start, token.end, choice.ref, choice.rule)


def _local(
    text: str, token: Token, last: Span[PlaceRef] | None, context: Context, before: Before
) -> Span[PlaceRef] | None:
    """A township under an earlier ending (娘热乡) or a village, from the lists of the counties at hand."""
    kind = local_endings()[token.pattern.word]
    floor = last.end if last else 0
    outer = last.value.code if last and last.value.code else None
    areas = context.areas(before.nearest)
    if kind == "township":
        named = own_name(text, token.start, areas[:2], "township", floor)
        if named is None:
            return None
        choice = choose(named.codes, context.surroundings)
        return Span(named.start, token.end, choice.ref, "township under another ending")
    ending = "社区" if kind == "community" else "村"
    station = before.township.code if before.township else None
    for area in (
        *((outer,) if outer and len(outer) >= 6 else ()),
        *((station,) if station else ()),
        *(code for code in areas if len(code) >= 6),
    ):
        names = names_within(area, "village")
        for start in range(max(floor, token.start - 9), token.start):
            codes = names.get(text[start : token.start] + ending)
            if codes:
                joined = (
                    last is not None
                    and last.end == start
                    and bool(outer)
                    and is_within(codes[0], outer or "")
                )
                choice = choose(codes, Surroundings(station or area))
                return Span(
                    last.start if joined and last else start, token.end, choice.ref, "village of this name"
                )
    return None


@lru_cache(maxsize=4096)
def _account_organ(account: str, base: str | None) -> OrganSpan | None:
    """The police body that an account's name is (墨竹工卡县公安局, 才纳派出所, 林周公安)."""
    text = plain(account)
    organs = _read(text, account, scan(text), Context(base), Before()).organs
    return organs[-1] if organs else None
