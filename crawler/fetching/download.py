"""The download handler: fetches over aiohttp and keeps what crossed the wire.

Scrapy's responses have their headers case-normalised and grouped and know neither the reason phrase nor the headers
that were really sent. Each fetch therefore leaves an `Exchange` in `request.meta[WIRE]`, also when it fails.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import yarl
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive.exchange import Exchange, Tls
from crawler.fetching.hosts import wait_asked_for
from crawler.fetching.reach import LocalAddress, opened_socket, reaching
from crawler.fetching.routing import without_credentials
from crawler.fetching.wire import SocksConnector, UnreadableAnswer, WireResponse, keeps_wire
from crawler.plan import host_of
from crawler.session import session_of

WIRE = "holdfast_wire"
NOT_SENT_BY_US = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
UNREACHABLE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
DOWNLOAD_ERRORS = (*UNREACHABLE, ResponseDataLossError, UnsupportedURLSchemeError)
"""All that a fetch can end with instead of a response."""

SOCKS = {"socks4": "socks4", "socks4a": "socks4", "socks5": "socks5", "socks5h": "socks5"}
"""Schemes of SOCKS proxies by protocol. Names are always resolved by the proxy, as `h` and `a` ask for."""

BETWEEN_US_AND_THE_PROXY = (b"proxy-authorization",)
"""Fields that are not part of the exchange with the site (RFC 9110 §11.7.2), and hold the user's password."""


@dataclass(frozen=True, slots=True)
class Body:
    """A response body as far as it came; `truncated` is a WARC-Truncated reason, `error` what ended it."""

    data: bytes
    truncated: str | None = None
    error: Exception | None = None


class WireDownloadHandler(BaseDownloadHandler):
    """Scrapy's downloader calls this for http and https."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._max_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._concurrency = settings.getint("CONCURRENT_REQUESTS")
        self._retried = {int(status) for status in settings.getlist("RETRY_HTTP_CODES")}
        self._tls = _tolerant_tls()
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def download_request(self, request: Request) -> Response:
        """Fetches once the host may be asked, and notes how the host fares.

        Raises Scrapy's download errors, and IgnoreRequest for a host that is left alone. It is asked here and
        not in a middleware, because requests wait for their turn below the middlewares.
        """
        host, hosts = host_of(request.url), session_of(self.crawler).hosts
        async with hosts.turn(host):
            try:
                response = await self._fetch(request)
            except UNREACHABLE as error:
                hosts.failed(host, str(error))
                raise
            if response.status in self._retried:
                asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
                why = f"the server answered {response.status}"
                hosts.failed(host, why, wait_asked_for(asked, datetime.now(UTC)))
            else:
                hosts.answered(host)
        return response

    async def close(self) -> None:
        """Closes all connections."""
        for session in self._sessions.values():
            await session.close()

    async def _fetch(self, request: Request) -> Response:
        """One exchange. Redirects are not followed: each hop is a fetch of its own."""
        proxy = request.meta.get("proxy") or ""
        exchange = Exchange(
            url=request.url,
            started_at=datetime.now(UTC),
            method=request.method,
            request_body=request.body,
            via=without_credentials(proxy) if proxy else None,
        )
        began = time.monotonic()
        limit = request.meta.get("download_maxsize", self._max_bytes)
        try:
            response = await self._send(request, proxy)
            async with response:
                request.meta["download_latency"] = time.monotonic() - began
                exchange = _with_head(exchange, response, proxied=bool(proxy))
                body = await _body(response, limit)
        except BaseException as error:
            request.meta[WIRE] = replace(
                exchange,
                request_headers=exchange.request_headers or _asked(request),
                seconds=time.monotonic() - began,
                error=_sentence(error, request.url),
            )
            raise _as_scrapy_error(error, request.url) from error
        seconds = time.monotonic() - began
        request.meta[WIRE] = replace(
            exchange,
            body=body.data,
            truncated=body.truncated,
            seconds=seconds,
            notes=tuple(response.reader.oddities()),
        )
        if body.error is not None:
            raise _as_scrapy_error(body.error, request.url) from body.error
        return _scrapy_response(request, response, body)

    async def _send(self, request: Request, proxy: str) -> WireResponse:
        socks = urlsplit(proxy).scheme in SOCKS
        host = host_of(request.url)
        with reaching(host, named=host in session_of(self.crawler).named, proxied=bool(proxy)):
            response = await self._session(proxy if socks else "").request(
                request.method,
                yarl.URL(request.url, encoded=True),
                data=request.body or None,
                headers=request.headers.to_tuple_list(),
                timeout=aiohttp.ClientTimeout(total=request.meta.get("download_timeout", self._timeout)),
                ssl=self._tls,
                allow_redirects=False,
                proxy=None if socks or not proxy else proxy,
            )
        return cast(WireResponse, response)

    def _session(self, socks_proxy: str) -> aiohttp.ClientSession:
        if socks_proxy not in self._sessions:
            limits: dict[str, Any] = {"limit": self._concurrency, "limit_per_host": self._concurrency}
            connector: aiohttp.BaseConnector
            if socks_proxy:
                scheme, _, place = socks_proxy.partition(":")
                connector = SocksConnector.from_url(f"{SOCKS[scheme]}:{place}", rdns=True, **limits)
            else:
                connector = aiohttp.TCPConnector(socket_factory=opened_socket, **limits)
            self._sessions[socks_proxy] = aiohttp.ClientSession(
                connector=keeps_wire(connector),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                response_class=WireResponse,
                skip_auto_headers=NOT_SENT_BY_US,
            )
        return self._sessions[socks_proxy]


async def _body(response: aiohttp.ClientResponse, limit: int) -> Body:
    """Reads the body up to `limit` bytes; a body that breaks off is kept as far as it came."""
    pieces: list[bytes] = []
    size = 0
    try:
        async for piece in response.content.iter_any():
            pieces.append(piece)
            size += len(piece)
            if limit and size >= limit:
                at_end = size == limit and response.content.at_eof()
                return Body(b"".join(pieces)[:limit], None if at_end else "length")
    except TimeoutError as error:
        return Body(b"".join(pieces), "time", error)
    except (aiohttp.ClientError, OSError) as error:
        return Body(b"".join(pieces), "disconnect", error)
    return Body(b"".join(pieces))


def _asked(request: Request) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that were to be sent, for a fetch that had no answer."""
    return tuple((name, value) for name, values in request.headers.items() for value in values)


def _with_head(exchange: Exchange, response: WireResponse, *, proxied: bool) -> Exchange:
    sent = response.request_info.headers
    head = response.head
    return replace(
        exchange,
        request_headers=tuple(
            (name.encode("latin-1"), value.encode("utf-8"))
            for name, value in sent.items()
            if name.lower().encode("latin-1") not in BETWEEN_US_AND_THE_PROXY
        ),
        http_version=head.version,
        status=head.status,
        reason=head.reason,
        response_headers=head.headers,
        ip_address=None if proxied else _address(response.peer),
        tls=_tls_details(response.tls) if response.tls else None,
    )


def _address(peer: tuple[Any, ...] | None) -> str | None:
    return str(ipaddress.ip_address(peer[0].partition("%")[0])) if peer else None


def _tls_details(connection: ssl.SSLObject) -> Tls:
    cipher = connection.cipher()
    # Public from Python 3.13 on; in 3.11 and 3.12 the chain is only on the C object below.
    if hasattr(connection, "get_unverified_chain"):
        chain = tuple(connection.get_unverified_chain() or ())
    else:
        inner = cast(Any, connection)._sslobj
        chain = tuple(
            ssl.PEM_cert_to_DER_cert(certificate.public_bytes())
            for certificate in inner.get_unverified_chain() or ()
        )
    return Tls(connection.version() or "", cipher[0] if cipher else "", chain)


def _tolerant_tls() -> ssl.SSLContext:
    """Certificates are kept as evidence, not trusted: an expired one must not lose a page."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def _scrapy_response(request: Request, response: WireResponse, body: Body) -> Response:
    head = response.head
    headers = Headers(list(head.headers))
    cls = responsetypes.from_args(headers=headers, url=request.url, body=body.data)
    made: Response = cls(
        url=request.url,
        status=head.status,
        headers=headers,
        body=body.data,
        flags=["truncated"] if body.truncated else [],
        protocol=head.version,
    )
    return made


def _as_scrapy_error(error: BaseException, url: str) -> BaseException:
    sentence = _sentence(error, url)
    if isinstance(error, TimeoutError):
        return DownloadTimeoutError(sentence)
    if isinstance(error, aiohttp.ClientPayloadError | UnreadableAnswer):
        return ResponseDataLossError(sentence)
    if isinstance(error, aiohttp.InvalidURL | ValueError) or _is_local(error):
        return UnsupportedURLSchemeError(sentence)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return CannotResolveHostError(sentence)
    if isinstance(error, aiohttp.ClientConnectorError):
        return DownloadConnectionRefusedError(sentence)
    if isinstance(error, Exception) and not isinstance(error, asyncio.CancelledError):
        return DownloadFailedError(sentence)
    return error


def _is_local(error: BaseException) -> bool:
    return isinstance(getattr(error, "os_error", error), LocalAddress)


def _sentence(error: BaseException, url: str) -> str:
    if _is_local(error):
        return f"{url}: {getattr(error, 'os_error', error)}"
    if isinstance(error, TimeoutError):
        return f"{url}: the server did not answer in time"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"{url}: no server of that name was found"
    if isinstance(error, aiohttp.ClientConnectorSSLError | ssl.SSLError):
        return f"{url}: no TLS connection could be agreed on: {error}"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"{url}: the proxy answered {error.status}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return f"{url}: the connection ended before the body was whole"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return f"{url}: the server ended the connection without an answer"
    return f"{url}: {str(error) or type(error).__name__}"
