"""Whose figure it is: the place and police body that a stretch of text belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from parsers.observation import PlaceRef
from parsers.places.acting import (
    AT,
    BARE_STATION,
    GROUPS,
    STATIONS,
    acting_body,
    by_longest_name,
    post_of,
    titled_body,
)
from parsers.places.gazetteer import inside
from parsers.places.values import OrganSpan, Places
from parsers.places.wholes import is_own_sum, whole_of
from parsers.span import Span

_SENTENCE_ENDS = "。！？!?；;\n"
_LISTS, _LONGEST_LIST = ("、", "和", "及"), 12
_TO = ("赴", "前往", "来到", "奔赴", "走进", "深入")
_COME_FROM, _LONGEST_ORIGIN = re.compile("(?:来自|籍贯|原籍)[^，。；的]*$"), 24
"""对来自四川、甘肃的38名务工者: where people come from, and not where they are sampled."""
_AFTER_A_VILLAGE = tuple(f"{ending}{sign}" for ending in ("村", "社区") for sign in "、和及")
_MEETING_SAYS = re.compile("(?:会议|会上)还?(?:要求|强调|明确|指出|提出|部署|决定|确定|议定|通报|听取)")
_ANOTHER_VILLAGE = re.compile("[、和及][\u4e00-\u9fff]{1,6}?(?:村|社区)(?!民)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The place and the police body of a figure; `rule` says what decided the place."""

    place: PlaceRef | None
    organ: OrganSpan | None
    rule: str


def attribute(places: Places, text: str, start: int, end: int) -> Attribution:
    """The place and body of the figure at `text[start:end]`, the article's text in simplified characters.

    The body named last before the figure, in its sentence, then its paragraph, then above; else one after it in
    its sentence, the title's, the account's. Its place counts unless the sentence names a township inside it
    (县公安局…在甘都镇) or a larger whole (全县, 合计) between the body and the figure.
    """
    first = _sentence_start(text, start)
    last = _sentence_end(text, end)
    places = _at_the_meeting(places, text, first)
    organ, in_sentence = acting_body(places, text, start, end, first, last)
    bare = organ is not None and organ.rule in BARE_STATION
    floor = organ.end if organ is not None and in_sentence and not bare else first
    organ = by_longest_name(places, text, organ)
    if organ is not None and is_own_sum(places, text, organ, floor, end):
        return Attribution(organ.place, organ, "the body's sum")
    post = post_of(places, text, organ, first, end)
    whole = whole_of(places, text, floor, end)
    named = _named(places.mentions, text, floor, start, end)
    if named is not None and named.value.level == "village":
        named = None if _is_listed(text, named) else _township_since(places, named, end) or named
    if named is not None and organ is not None and inside(named.value, organ.place):
        named = None if _is_one_of_several(places.mentions, text, named) else named
    if named is not None and (whole is None or named.start > whole.start):
        if organ is None or not organ.place.code:
            return Attribution(named.value, organ, "place named in the sentence")
        if inside(named.value, organ.place):
            return Attribution(named.value, organ, "place named in the sentence")
        if _is_subject(text, named) and not inside(organ.place, named.value):
            body = by_longest_name(places, text, _matching(places, named.value))
            return Attribution(named.value, body, "place whose figure it is")
    if post is not None:
        return Attribution(post.place, organ, "post where it was done")
    if whole is not None:
        own = organ is not None and (
            (organ.place == whole.value and organ.kind not in STATIONS)
            or (whole.rule == "township" and inside(whole.value, organ.place))
        )
        stays = organ if own or (organ is not None and organ.kind in GROUPS) else None
        own_body = (
            stays or _matching_in(places, first, start, whole.value) or titled_body(places, whole.value)
        )
        return Attribution(whole.value, own_body, "the whole")
    if organ is not None and organ.place.level == "country":
        return Attribution(organ.place, organ, "the whole country")
    if organ is not None and organ.place.code:
        return Attribution(
            organ.place, organ, "body before the figure" if organ.end <= end else "body after it"
        )
    before = [
        mention for mention in places.mentions if mention.end <= end and mention.value.level != "village"
    ]
    if before:
        return Attribution(before[-1].value, organ, "place named before")
    if places.home is not None:
        return Attribution(places.home, organ, "account's place")
    titled = [mention.value for mention in places.title_mentions if mention.value.code]
    if titled:
        return Attribution(titled[-1], organ, "place named in the title")
    return Attribution(organ.place if organ is not None else None, organ, "no place named")


def _at_the_meeting(places: Places, text: str, first: int) -> Places:
    """会议通报，全县采集3340份，其中甲所410份。会议要求，再采集4000份: what a meeting says next is not of those whose
    figures it told before.
    """
    if _MEETING_SAYS.match(text, first) is None:
        return places
    if (opened := _MEETING_SAYS.search(text, 0, first)) is None:
        return places
    spoken = opened.start()
    return replace(
        places,
        organs=tuple(organ for organ in places.organs if not spoken <= organ.start < first),
        mentions=tuple(mention for mention in places.mentions if not spoken <= mention.start < first),
    )


def _named(
    mentions: Iterable[Span[PlaceRef]], text: str, floor: int, start: int, end: int
) -> Span[PlaceRef] | None:
    """The place named last between the body and the figure, in the figure's sentence."""
    found = [
        mention
        for mention in mentions
        if floor <= mention.start < end
        and mention.value.code
        and not _COME_FROM.search(text, max(0, mention.start - _LONGEST_ORIGIN), mention.start)
    ]
    return found[-1] if found else None


def _is_listed(text: str, village: Span[PlaceRef]) -> bool:
    """到甲村、乙村采集158份: a figure of several villages is of neither, whether or not the gazetteer knows both."""
    before = text.endswith(_AFTER_A_VILLAGE, 0, village.start)
    return before or _ANOTHER_VILLAGE.match(text, village.end) is not None


def _is_one_of_several(mentions: Iterable[Span[PlaceRef]], text: str, named: Span[PlaceRef]) -> bool:
    """县公安局在甲乡、乙乡采集血样512份: a figure of several townships is of none of them."""
    return any(
        other.value.level == named.value.level
        and text[other.end : named.start] in _LISTS
        and text[max(0, other.start - 2) : other.start].endswith(AT)
        for other in mentions
    )


def _township_since(places: Places, village: Span[PlaceRef], end: int) -> Span[PlaceRef] | None:
    """全乡 between a village and the figure: the township's own figure."""
    found = [r for r in places.references if r.rule == "township" and village.end <= r.start < end]
    return found[-1] if found else None


def _is_subject(text: str, mention: Span[PlaceRef]) -> bool:
    """Whether a place opens its clause (甲乡采集400份) and is not only where something happened (在甲乡)."""
    before = text[max(0, mention.start - 2) : mention.start]
    if before.endswith(_LISTS) and any(
        to in text[max(0, mention.start - _LONGEST_LIST) : mention.start] for to in _TO
    ):
        return False
    return not before.endswith(AT) and (
        not before or before[-1] in "，。；：、,;:（(\n 中" or before.endswith("其中")
    )


def _matching(places: Places, place: PlaceRef) -> OrganSpan | None:
    """A body of just this place, of the text or else of the title."""
    bodies = (*places.title_organs, *places.organs)
    return next((organ for organ in reversed(bodies) if organ.place == place), None)


def _matching_in(places: Places, first: int, start: int, place: PlaceRef) -> OrganSpan | None:
    """A body of just this place in the figure's sentence."""
    found = [organ for organ in places.organs if first <= organ.start < start and organ.place == place]
    return found[-1] if found else None


def _sentence_start(text: str, start: int) -> int:
    return max(text.rfind(mark, 0, start) for mark in _SENTENCE_ENDS) + 1


def _sentence_end(text: str, end: int) -> int:
    ends = [at for mark in _SENTENCE_ENDS if (at := text.find(mark, end)) >= 0]
    return min(ends, default=len(text))
