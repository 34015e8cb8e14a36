"""Real servers that receive alerts, on loopback: SMTP with STARTTLS and a password, and HTTP."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

LOOPBACK = "127.0.0.1"
USER, PASSWORD = "holdfast", "secret"


@dataclass
class Mailbox:
    """What came by mail. `answer` is the server's word on a message; None breaks the connection once it has it.
    Receivers named in `unknown` are refused.
    """

    port: int = 0
    answer: str | None = "250 OK"
    unknown: tuple[str, ...] = ()
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """A receiver that the server knows, or not."""
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """A whole message."""
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        if self.answer is None or self.answer.startswith("250"):
            self.letters.append(letter)
        if self.answer is None:
            server.transport.abort()
            return ""
        return self.answer


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=right)


@contextmanager
def mail_server(authority: trustme.CA) -> Iterator[Mailbox]:
    """A mail server on a port of its own, of a certificate for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(LOOPBACK).configure_cert(context)
    box = Mailbox(port=_free_port())
    controller = Controller(
        box,
        hostname=LOOPBACK,
        port=box.port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=_knows,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Receiver:
    """What was posted. `status` is the answer; 0 breaks the connection once the request is read. While `silent` is set
    there is no answer at all.
    """

    port: int = 0
    status: int = 204
    location: str = ""
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    got_one: threading.Event = field(default_factory=threading.Event)
    silent: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where to post."""
        return f"http://{LOOPBACK}:{self.port}/hook"


@contextmanager
def web_server() -> Iterator[Receiver]:
    """A web server on a port of its own."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.posted.append(({name.lower(): value for name, value in self.headers.items()}, body))
            receiver.got_one.set()
            while receiver.silent.is_set():
                time.sleep(0.05)
            if not receiver.status:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        return int(found.getsockname()[1])
