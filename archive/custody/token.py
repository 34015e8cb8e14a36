"""Puts the certificates of a time-stamp into the order that its reader wants.

CMS calls the certificates of a signed message a SET (RFC 5652 §5.1), whose members DER sorts by their bytes (X.690
§11.6). `openssl ts`, and with it many an authority, sends them as its settings list them; `openssl ts -verify` does not
mind, the reader we use does. No signature covers their order.
"""

from __future__ import annotations

from collections.abc import Iterator

CERTIFICATES = 0xA0
"""The tag of SignedData's certificates, `[0] IMPLICIT`."""

_WAY = (1, 1, 0)
"""From TimeStampResp to its token (RFC 3161 §2.4.2), to the token's content, to the SignedData in that."""


def in_order(answer: bytes) -> bytes:
    """A time-stamp response with its certificates sorted; what is not built as one comes back as it is."""
    try:
        begin, end = _signed_data(answer)
        for tag, _, content, stop in _members(answer, begin, end):
            if tag == CERTIFICATES:
                certificates = [answer[at:until] for _, at, _, until in _members(answer, content, stop)]
                return answer[:content] + b"".join(sorted(certificates)) + answer[stop:]
    except (IndexError, ValueError):
        return answer
    return answer


def _signed_data(answer: bytes) -> tuple[int, int]:
    """Where the members of the SignedData begin and end."""
    (_, _, begin, end), *_ = _members(answer, 0, len(answer))
    for number in _WAY:
        _, _, begin, end = list(_members(answer, begin, end))[number]
    return begin, end


def _members(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Tag, first byte, first byte of the content and end of each value (X.690 §8.1, with definite lengths)."""
    while at < end:
        tag, length, content = data[at], data[at + 1], at + 2
        if length >= 0x80:
            octets = length & 0x7F
            if not 0 < octets <= 4:
                raise ValueError("no definite length")
            content += octets
            length = int.from_bytes(data[at + 2 : content], "big")
        if content + length > end:
            raise ValueError("longer than what it is in")
        yield tag, at, content, content + length
        at = content + length
