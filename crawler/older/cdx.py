"""What CDX servers answer, as JSON.

Wayback machines answer with an array of rows whose first names the columns
(https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server); pywb and Common Crawl with a JSON object a
line (https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

from crawler.errors import UnusableAnswer
from crawler.older.listed import Listed
from workspace.web_archive import FILENAME, TIMESTAMP, URL, WebArchive

MOST_LINES = 2000
"""Captures of one page that are asked for."""

_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}
_STAMP = re.compile(r"\d{14}")
_BARE_SHA1 = re.compile(r"[A-Z2-7]{32}")


def query(archive: WebArchive, url: str) -> str:
    """The address that lists what `archive` has of exactly `url`."""
    joint = "&" if "?" in archive.cdx else "?"
    return archive.cdx + joint + urlencode({"url": url, "output": "json", "limit": MOST_LINES})


def listed_in(body: bytes, archive: WebArchive) -> list[Listed]:
    """The captures that an answer lists; lines without a time or a place are passed over.

    Raises UnusableAnswer when it is no CDX in JSON at all.
    """
    try:
        rows = list(_rows(body.decode("utf-8", "replace").strip()))
    except (ValueError, TypeError, AttributeError) as error:
        raise UnusableAnswer("its answer is no list of captures in JSON") from error
    return [found for row in rows[:MOST_LINES] if (found := _listed(row, archive))]


def _rows(text: str) -> Iterator[dict[str, str]]:
    if text.startswith("["):
        names, *lines = json.loads(text) or [[]]
        for line in lines:
            yield _named(dict(zip(names, line, strict=False)))
        return
    for line in text.splitlines():
        yield _named(dict(json.loads(line)))


def _named(row: dict[str, object]) -> dict[str, str]:
    return {_NAMES.get(name, name): str(value) for name, value in row.items() if value is not None}


def _listed(row: dict[str, str], archive: WebArchive) -> Listed | None:
    stamp, url = row.get("timestamp", ""), row.get("url", "")
    if not _STAMP.fullmatch(stamp) or not url:
        return None
    try:
        time = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    status, mime, digest = row.get("status", ""), row.get("mime", ""), _digest(row.get("digest", ""))
    if archive.replay:
        address = archive.replay.replace(TIMESTAMP, stamp).replace(URL, url)
        return Listed(url, time, address, status, mime, digest)
    file, offset, length = row.get("filename", ""), row.get("offset", ""), row.get("length", "")
    if not (file and offset.isdecimal() and length.isdecimal() and int(length)):
        return None
    address = archive.warcs.replace(FILENAME, file)
    return Listed(url, time, address, status, mime, digest, int(offset), int(length))


def _digest(stated: str) -> str:
    """A digest with its algorithm: CDX files have a bare SHA-1 in base 32."""
    return f"sha1:{stated}" if _BARE_SHA1.fullmatch(stated) else stated if ":" in stated else ""
