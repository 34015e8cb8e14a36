"""Keeps replayed pages in the archive: nothing they do asks anything of the network.

pywb and its script rewrite what pages ask for, but not in every context a page can make (frames from `data:`, `blob:`
and `srcdoc`, workers), and its own policy lets WebSockets through. So the browser is told in each answer what it may do
(Content Security Policy Level 3), which holds in those contexts too, for they take over their maker's policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

Environ = dict[str, Any]
Fields = list[tuple[str, str]]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_WITHIN = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob:; frame-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; form-action 'self'; webrtc 'block'"
)
OUR_PAGES = _WITHIN
"""For pywb's own pages: the frame around a replayed page must not be led away either."""

REPLAYED = f"{_WITHIN}; sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-downloads"
"""For what pages ask for: no new windows and no other page in place of ours, which no policy would hold for."""

RAW = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
"""For bytes as archived (`id_`), in which pywb has rewritten nothing."""

ELSEWHERE = [("Connection-Allowlist", "(response-origin);redirects=allow"), ("X-DNS-Prefetch-Control", "off")]
"""What a policy does not reach: WebRTC, windows that are led away, names that are looked up. Chromium heeds the first
(https://wicg.github.io/connection-allowlists/); in others our script takes WebRTC from the page (`holdfast-replay.js`).
"""

_REPLAYED_PATH = re.compile(r"/(?P<collection>[^/]+)/(?P<time>[0-9]*)(?P<kind>[a-z]{2}_)/")
_CDX_PATH = re.compile(r"/[^/]+/cdx")
_REPLACED = ("content-security-policy", "content-security-policy-report-only")


def confined(app: App) -> App:
    """The WSGI application `app` with a policy in each answer, and without the index for replayed pages."""

    def answer(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        replayed = _REPLAYED_PATH.match(path)
        if _CDX_PATH.fullmatch(path) and _asked_by_a_page(environ):
            start("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"replayed pages do not read the index\n"]
        if replayed and replayed["kind"] != "id_" and environ.get("HTTP_SEC_FETCH_DEST") == "document":
            start("302 Found", [("Location", _framed(environ, replayed)), ("Content-Length", "0")])
            return []
        policy = OUR_PAGES if replayed is None else RAW if replayed["kind"] == "id_" else REPLAYED

        def start_confined(status: str, fields: Fields, *more: Any) -> Any:
            kept = [(name, value) for name, value in fields if name.lower() not in _REPLACED]
            return start(status, [*kept, ("Content-Security-Policy", policy), *ELSEWHERE], *more)

        return app(environ, start_confined)

    return answer


def _asked_by_a_page(environ: Environ) -> bool:
    """Whether a script asks that does not say it is one of pywb's own pages; browsers always say which sort asks."""
    if environ.get("HTTP_SEC_FETCH_DEST", "document") == "document":
        return False
    referer = urlsplit(environ.get("HTTP_REFERER", ""))
    return not referer.path or _REPLAYED_PATH.match(referer.path) is not None


def _framed(environ: Environ, replayed: re.Match[str]) -> str:
    """The address of the page within pywb's frame."""
    # As it was written: `PATH_INFO` has its percent signs undone.
    asked: str = environ.get("REQUEST_URI") or environ["PATH_INFO"]
    prefix = "/".join(filter(None, (replayed["collection"], replayed["time"])))
    return f"/{prefix}/{asked.partition(replayed['kind'] + '/')[2]}"
