"""aiohttp's connections, with the framing of HTTP done by `crawler.fetching.framing`.

aiohttp's own reader refuses whole responses for one line that is no header field, and for a body that is longer than
its Content-Length: pages that every browser shows. It is therefore handed a plain head, and the body as chunks.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp_socks import ProxyConnector

from crawler.fetching.framing import Head, NotHttp, ResponseReader

SILENCE = 0.5
"""Seconds without a byte after which nothing more is waited for behind a body that is whole."""


class UnreadableAnswer(aiohttp.ClientError):
    """A server answered with something that is not HTTP."""


class WireProtocol(ResponseHandler):
    """A connection; `reader` has the response that it is about to receive, or has received last."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.reader = ResponseReader()
        self._without_body = False
        self._done = True
        self._waits: asyncio.TimerHandle | None = None
        self.made_by: object = None
        """Whatever else keeps the connection open, and would close it once nothing refers to it."""

    def set_response_params(self, *, skip_payload: bool = False, **params: Any) -> None:
        """Begins with another response, as aiohttp does before it sends a request."""
        self._without_body = skip_payload
        self.reader = ResponseReader(bodyless=skip_payload)
        self._done = False
        super().set_response_params(skip_payload=skip_payload, **params)

    def data_received(self, data: bytes) -> None:
        """Hands bytes on. No bytes are aiohttp's sign to itself that its reader may go on."""
        if not data or self._parser is None:
            super().data_received(data)
        elif self._done:
            self._close()  # nothing was asked for: what comes must not be taken for the next answer
        else:
            self._take(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Ends what ends with the connection."""
        if not self._done and self.reader.head:
            if self.reader.whole or (self.reader.ends_with_connection and exc is None):
                self._finish()
        elif not self._done and (unfinished := self.reader.broken_off()):
            self.set_exception(UnreadableAnswer(str(unfinished)))
        self._stop_waiting()
        super().connection_lost(exc)

    def _take(self, data: bytes) -> None:
        headless = self.reader.head is None
        try:
            body = self.reader.feed(data)
        except NotHttp as error:
            self.set_exception(UnreadableAnswer(str(error)))
            self._close()
            return
        head = self.reader.head
        if head is None:
            return
        if headless:
            super().data_received(_plain(head, without_body=self._without_body))
        if self._without_body:
            self._finish()
            return
        if body:
            super().data_received(b"%x\r\n%b\r\n" % (len(body), body))
        if self.reader.broken:
            self._close()
        elif self.reader.whole:
            self._await_rest(head)

    def _await_rest(self, head: Head) -> None:
        """Ends the body at once, or when nothing more comes where the connection is not used again anyway."""
        self._stop_waiting()
        if self.reader.surplus or head.closes:
            self._waits = self._loop.call_later(SILENCE, self._finish_if_silent)
        else:
            self._finish()

    def _finish_if_silent(self) -> None:
        if self._reading_paused:  # it is us who are not listening
            self._waits = self._loop.call_later(SILENCE, self._finish_if_silent)
        else:
            self._finish()

    def _finish(self) -> None:
        self._done = True
        if self.reader.surplus:
            self.force_close()
        if not self._without_body:
            super().data_received(b"0\r\n\r\n")

    def _stop_waiting(self) -> None:
        if self._waits:
            self._waits.cancel()
            self._waits = None

    def _close(self) -> None:
        self.force_close()
        if self.transport is not None:
            self.transport.close()


class WireResponse(aiohttp.ClientResponse):
    """A response with its head as received, and with what aiohttp lets go early: address and TLS details."""

    peer: tuple[Any, ...] | None = None
    tls: ssl.SSLObject | None = None
    reader: ResponseReader
    head: Head

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        """Looks at the connection while there is one: it may be another request's before the wait below is over."""
        transport = connection.transport
        self.peer = transport.get_extra_info("peername")
        self.tls = transport.get_extra_info("ssl_object")
        self.reader = connection.protocol.reader
        await super().start(connection)
        if self.reader.head:
            self.head = self.reader.head
        return self


class SocksConnector(ProxyConnector):
    """Connections of this module through a SOCKS proxy; what is had from aiohttp-socks makes its own."""

    async def _connect_via_proxy(
        self, *args: Any, **kwargs: Any
    ) -> tuple[asyncio.Transport, ResponseHandler]:
        transport, made = await super()._connect_via_proxy(*args, **kwargs)
        protocol = WireProtocol(asyncio.get_running_loop())
        protocol.made_by = made
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        return transport, protocol


def keeps_wire(connector: aiohttp.BaseConnector) -> aiohttp.BaseConnector:
    """The connector, making connections of this module from now on."""
    loop = asyncio.get_running_loop()
    connector._factory = lambda: WireProtocol(loop)  # type: ignore[assignment]  # aiohttp has no setting for it
    return connector


def _plain(head: Head, *, without_body: bool) -> bytes:
    """A head that says to aiohttp all it needs; it would take no body after a status that has none."""
    status = head.status if head.status not in (204, 304) else 200
    framing = "Content-Length: 0" if without_body else "Transfer-Encoding: chunked"
    connection = "close" if head.closes else "keep-alive"
    return f"HTTP/1.1 {status} -\r\n{framing}\r\nConnection: {connection}\r\n\r\n".encode()
