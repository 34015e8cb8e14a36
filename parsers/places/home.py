"""The place an account stands for."""

from __future__ import annotations

from functools import lru_cache

from parsers.places.gazetteer import names_within
from parsers.places.lexicon import account_words, ordinary_words
from parsers.places.scan import Sort, plain, scan, upper_names

_LONGEST_ACCOUNT = 60
_LONGEST_NAME = 15


@lru_cache(maxsize=4096)
def account_candidates(account: str) -> tuple[str, ...]:
    """Codes of the places an account's name may mean (城关公安: every 城关区), () when it names none.

    平安 and other words that open an account's name are places only where no other place follows. Of several
    places that lie in one another (青海化隆公安) the innermost counts.
    """
    text = plain(account[:_LONGEST_ACCOUNT])
    found: list[tuple[str, ...]] = []
    position = _after_prefix(text)
    while position < len(text):
        end = _name_end(text, position)
        if end is None:
            position += 1
            continue
        found.append(upper_names()[text[position:end]])
        position = end
    if not found:
        return _township_candidates(text)
    codes = found[0]
    for inner in found[1:]:
        nested = tuple(code for code in inner if any(code.startswith(outer) for outer in codes))
        codes = nested or codes
    return codes


def _name_end(text: str, start: int) -> int | None:
    """Where the longest upper name that begins at `start` and can be meant as a place ends."""
    for end in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
        word = text[start:end]
        if word in upper_names() and (word not in ordinary_words() or _confirmed(text, start, end)):
            return end
    return None


def _confirmed(text: str, start: int, end: int) -> bool:
    """Whether an ordinary word stands as a place: before 公安, 发布 and the like.

    A name that is itself such a word (公安县) needs the same word or its own ending after it.
    """
    _, suffixes = account_words()
    rest = text[end:]
    if text[start:end] in suffixes:
        return rest.startswith(("县", text[start:end]))
    return not rest or rest.startswith(suffixes)


def _after_prefix(text: str) -> int:
    """Where an account's name begins after 平安, 网信 and the like, which are prefixes only before a place."""
    prefixes, _ = account_words()
    for prefix in prefixes:
        if text.startswith(prefix) and _name_end(text, len(prefix)) is not None:
            return len(prefix)
    return 0


def _township_candidates(text: str) -> tuple[str, ...]:
    """For the account of a station (才纳派出所) or a township (甘都镇发布): the townships of that name."""
    for token in scan(text):
        if token.pattern.sort is Sort.TOWNSHIP:
            return token.pattern.codes
        if token.pattern.sort is Sort.BODY and token.start > 1:
            return names_within("", "township").get(text[: token.start], ())
    return ()
