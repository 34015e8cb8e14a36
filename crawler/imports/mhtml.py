"""The parts of a page that a browser saved as MHTML (RFC 2557)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy

from crawler.errors import UnusableFile

HTML = "text/html"
WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Part:
    """The page, or a picture or style that was saved with it; `location` is empty when it names no web address."""

    location: str
    content: bytes
    mime: str


def parts_of(saved: bytes) -> list[Part]:
    """The pages of a message and what stands in it under an address. Raises UnusableFile with what is wrong."""
    try:
        parts = list(_parts(saved))
    except Exception as error:
        # The standard library's parser of messages raises anything on what is made to break it.
        raise UnusableFile(f"it is not MHTML that can be read ({type(error).__name__})") from error
    if not any(part.mime == HTML for part in parts):
        raise UnusableFile("it holds no web page")
    return parts


def _parts(saved: bytes) -> Iterator[Part]:
    message = message_from_bytes(saved, policy=policy.default)
    main = str(message.get("Snapshot-Content-Location", ""))
    single = [part for part in message.walk() if not part.is_multipart()]
    for part in single:
        content = part.get_payload(decode=True)
        location = str(part.get("Content-Location", "")) or (main if part is single[0] else "")
        web = location.startswith(WEB)
        if isinstance(content, bytes) and (web or part.get_content_type() == HTML):
            yield Part(location if web else "", content, part.get_content_type())
