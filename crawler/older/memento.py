"""What Memento TimeMaps and TimeGates answer (RFC 7089), in link format (RFC 6690, RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import re2

from crawler.older.listed import Listed
from workspace.web_archive import URL, WebArchive

_LINK = re2.compile(r'<([^<>]*)>((?:\s*;\s*[A-Za-z*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]*))?)*)')
_PARAMETER = re2.compile(r';\s*([A-Za-z*-]+)\s*=\s*(?:"([^"]*)"|([^\s",;]*))')
_STAMPED = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/(?=https?:)")
_RAW = re.compile(r"/\d{14}id_/(?=https?:)")

PREFER = "original-content, original-links, original-headers"
"""Asks for a capture as it was received (`Prefer`, RFC 7240; as pywb and the Memento raw proposal name it)."""


@dataclass(frozen=True, slots=True)
class Mementos:
    """What an answer lists, and TimeMaps that list more."""

    listed: tuple[Listed, ...]
    timemaps: tuple[str, ...]


def query(archive: WebArchive, url: str) -> str:
    """The address of the TimeMap, or of the TimeGate, of `url`."""
    return (archive.timemap or archive.timegate).replace(URL, url)


def mementos_in(links: str, url: str) -> Mementos:
    """The mementos that link-format text (a TimeMap's body, a TimeGate's `Link` field) names for `url`."""
    listed: dict[str, Listed] = {}
    timemaps: list[str] = []
    for address, parameters in _links(links):
        relations = parameters.get("rel", "").lower().split()
        if "memento" in relations and (time := time_in(parameters.get("datetime", ""))):
            listed.setdefault(address, Listed(url, time, raw(address)))
        elif "timemap" in relations:
            timemaps.append(address)
    return Mementos(tuple(listed.values()), tuple(dict.fromkeys(timemaps)))


def raw(memento: str) -> str:
    """The address under which Wayback machines and pywb hand out a capture unchanged."""
    return _STAMPED.sub(r"/\1id_/", memento, count=1)


def time_in(value: str) -> datetime | None:
    """A `Memento-Datetime` (RFC 7089 §2.1.1) in UTC; None for anything else."""
    try:
        time = parsedate_to_datetime(value)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # the last for a moment beyond the year 9999
        return None


def why_not_kept(address: str, status: int, fields: Mapping[str, str]) -> str | None:
    """Why an answer is not a capture as it was received, in words; None when it is one.

    `fields` are its header fields by name in lower case. An error page of the web archive itself bears no
    `Memento-Datetime`.
    """
    if time_in(fields.get("memento-datetime", "")) is None:
        return f"it answered {status} without a capture"
    applied = fields.get("preference-applied", "")
    if not _RAW.search(address) and "original-content" not in applied:
        return "it hands out only captures that it has rewritten"
    return None


def _links(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for link in _LINK.finditer(text):
        found = _PARAMETER.findall(link[2])
        yield link[1].strip(), {name.lower(): quoted or bare for name, quoted, bare in found}
