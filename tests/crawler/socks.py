"""A SOCKS 5 server (RFC 1928): CONNECT by name or address, without or with a password (RFC 1929).

Every name leads to one local port, as an onion address would: only the proxy can know where it is.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer

NO_PASSWORD, PASSWORD, NONE_FITS = 0, 2, 0xFF
NAME, IPV4 = 3, 1


@dataclass
class Socks:
    """The running server; `asked` lists hosts and ports as the client named them."""

    address: str = ""
    asked: list[tuple[str, int]] = field(default_factory=list)
    refused: int = 0


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, leads_to: int, user: tuple[str, str] | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.leads_to = leads_to
        self.user = user
        self.told = Socks(f"127.0.0.1:{self.server_address[1]}")


class _Handler(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """One connection: greeting, perhaps a password, the request, then bytes both ways."""
        _, count = self.rfile.read(2)
        offered = self.rfile.read(count)
        wanted = PASSWORD if self.server.user else NO_PASSWORD
        if wanted not in offered:
            self.server.told.refused += 1
            self.wfile.write(bytes([5, NONE_FITS]))
            return
        self.wfile.write(bytes([5, wanted]))
        if wanted == PASSWORD and not self._known():
            self.server.told.refused += 1
            return
        _, _, _, kind = self.rfile.read(4)
        host = self._text() if kind == NAME else socket.inet_ntoa(self.rfile.read(4))
        (port,) = struct.unpack("!H", self.rfile.read(2))
        self.server.told.asked.append((host, port))
        with socket.create_connection(("127.0.0.1", self.server.leads_to)) as onward:
            self.wfile.write(bytes([5, 0, 0, IPV4, 127, 0, 0, 1]) + struct.pack("!H", port))
            back = threading.Thread(target=_pump, args=(onward, self.connection), daemon=True)
            back.start()
            _pump(self.connection, onward)
            back.join()

    def _known(self) -> bool:
        self.rfile.read(1)
        known = (self._text(), self._text()) == self.server.user
        self.wfile.write(bytes([1, 0 if known else 1]))
        return known

    def _text(self) -> str:
        (size,) = self.rfile.read(1)
        return self.rfile.read(size).decode()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


@contextmanager
def socks(leads_to: int, *, user: tuple[str, str] | None = None) -> Iterator[Socks]:
    """The server until the block ends; every connection goes to the local port `leads_to`."""
    server = _Server(leads_to, user)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.told
    finally:
        server.shutdown()
        server.server_close()
