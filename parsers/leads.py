"""Where an article leads: other articles of the account that published it."""

from __future__ import annotations

from urllib.parse import urlsplit

from parsers.identity import page_key, wechat_id
from parsers.page import LinkRole, PageKind, Reading


def leads_of(url: str, reading: Reading) -> tuple[str, ...]:
    """The addresses, each once, of other articles of its own account that a WeChat article at `url` links to.

    A long address names its account. A short one (`/s/…`) names none: it is taken for the account's own, which most
    are, and reading the page will tell.
    """
    document = reading.document
    if reading.kind is not PageKind.ARTICLE or document is None or document.biz is None:
        return ()
    own = {page_key(url), page_key(reading.canonical_url or url)}
    found: dict[str, str] = {}
    for link in reading.links:
        if link.role is LinkRole.ARTICLE and _is_own(link.url, document.biz):
            found.setdefault(page_key(link.url), link.url)
    return tuple(address for key, address in found.items() if key not in own)


def _is_own(address: str, biz: str) -> bool:
    named = wechat_id(address)
    if named:
        return named.biz == biz
    parts = urlsplit(address)
    return (parts.hostname or "").startswith("mp.weixin.") and parts.path.startswith("/s/")
