"""Publication times as web pages write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

from parsers.document import Precision, Published

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one zone without summer time since 1991, before any page we read."""

_EARLIEST, _LATEST = 1994, 2099
_LONGEST = 400

_STAMP = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?:\s?[-/.年]\s?|\s(?=\d{1,2}\s?/\s?\d{1,2}\s))(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})(?!\d)\s?[日号]?"
    r"(?:[\sT,-]{0,4}(?:星期[一二三四五六日天]|周[一二三四五六日])?\s{0,3}(?P<half>上午|下午|晚上|凌晨|早上|[AaPp][Mm])?\s{0,2}"
    r"(?P<hour>\d{1,2})\s?[::时]\s?(?P<minute>\d{2}|\d(?=分))(?:\s?[::分]\s?(?P<second>\d{2}))?秒?分?"
    r"(?:\.\d{1,9})?\s?(?P<zone>[Zz](?![A-Za-z])|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?P<clock>\d{6}|\d{4})?(?!\d)"
)
_EPOCH = re.compile(r"(?:\d{10}|\d{13})")


def find_stamp(text: str, evidence: str) -> Published | None:
    """The first date, with its clock time if one follows, in the first 400 characters of `text`.

    Reads `2019-09-18 06:23`, `2020年9月1日 8:05`, `2007-08-20-23:59:59`, ISO 8601 and full-width forms. A
    stamp without a zone is Beijing time. Dates that no calendar has, and years before the web, are
    passed over.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST])
    for match in _STAMP.finditer(plain):
        published = _published(match, evidence)
        if published is not None:
            return published
    return None


def parse_stamp(value: str, evidence: str) -> Published | None:
    """A time from a field that holds nothing else.

    Reads any form of `find_stamp`, `YYYYMMDD[hhmm[ss]]`, and epoch seconds or milliseconds.
    """
    plain = unicodedata.normalize("NFKC", value[:_LONGEST]).strip()
    if _EPOCH.fullmatch(plain) and (at := _from_epoch(plain)) is not None:
        return Published(at, Precision.SECOND, evidence)
    found = find_stamp(plain, evidence)
    if found is not None:
        return found
    match = _COMPACT.fullmatch(plain)
    return _from_compact(match, evidence) if match else None


def sharpen(chosen: Published, others: tuple[Published, ...]) -> Published:
    """`chosen`, or the most precise of `others` that names the same day when `chosen` names no hour."""
    if chosen.precision is not Precision.DAY:
        return chosen
    same_day = [other for other in others if other.at.date() == chosen.at.date()]
    finer = [other for other in same_day if other.precision in (Precision.MINUTE, Precision.SECOND)]
    return finer[0] if finer else chosen


def _published(match: re.Match[str], evidence: str) -> Published | None:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if match["hour"] is None:
        return _checked(year, month, day, 0, 0, 0, SHANGHAI, Precision.DAY, evidence)
    hour = int(match["hour"])
    if match["half"] in ("下午", "晚上", "PM", "pm", "Pm") and hour < 12:
        hour += 12
    second = int(match["second"] or 0)
    precision = Precision.SECOND if match["second"] else Precision.MINUTE
    zone = _zone(match["zone"])
    with_clock = _checked(year, month, day, hour, int(match["minute"]), second, zone, precision, evidence)
    return with_clock or _checked(year, month, day, 0, 0, 0, SHANGHAI, Precision.DAY, evidence)


def _from_compact(match: re.Match[str], evidence: str) -> Published | None:
    clock = match["clock"] or ""
    precision = {0: Precision.DAY, 4: Precision.MINUTE, 6: Precision.SECOND}[len(clock)]
    hour, minute, second = (int(clock[i : i + 2] or 0) for i in (0, 2, 4))
    return _checked(
        int(match["year"]),
        int(match["month"]),
        int(match["day"]),
        hour,
        minute,
        second,
        SHANGHAI,
        precision,
        evidence,
    )


def _from_epoch(digits: str) -> datetime | None:
    at = datetime.fromtimestamp(int(digits[:10]), SHANGHAI)
    return at if _EARLIEST <= at.year <= _LATEST else None


def _checked(
    year: int,
    month: int,
    day: int,
    hour: int,
    minute: int,
    second: int,
    zone: timezone,
    precision: Precision,
    evidence: str,
) -> Published | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return Published(at.astimezone(SHANGHAI), precision, evidence)


def _zone(text: str | None) -> timezone:
    if not text:
        return SHANGHAI
    if text in ("Z", "z"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(sign * offset) if offset < timedelta(hours=24) else SHANGHAI
