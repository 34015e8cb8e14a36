"""Serves the invented web through an HTTP proxy on loopback, so that reserved hosts need no name server."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from demo.certificate import certificate_for
from demo.site import PICTURES, WECHAT, Answer, articles, deleted_notice, pages

NOT_THERE = Answer(b"<html><body>404 Not Found (synthetic site)</body></html>", status=404)


class DemoWeb(ThreadingHTTPServer):
    """An HTTP proxy that answers for the invented hosts and for nothing else."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Proxy)
        self.pages = pages()
        self.tls = certificate_for([WECHAT, PICTURES])

    @property
    def address(self) -> str:
        """The proxy's own address, for the settings."""
        return f"http://127.0.0.1:{self.server_port}"

    def vanish(self) -> list[str]:
        """Has the publisher delete the articles that the data marks so; gives their addresses."""
        gone = [article.url for article in articles() if article.vanishes]
        for url in gone:
            self.pages[url] = deleted_notice()
        return gone


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: DemoWeb

    tunnel = ""

    def do_CONNECT(self) -> None:
        """Opens a tunnel (RFC 9110 §9.3.6) whose other end is this server itself, with a certificate of its own."""
        self.send_response(200, "Connection established")
        self.end_headers()
        self.tunnel = f"https://{self.path.removesuffix(':443')}"
        try:
            self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_GET(self) -> None:
        """Answers a request in absolute form (RFC 9112 §3.2.2), or one that came through a tunnel."""
        answer = self.server.pages.get(self.tunnel + self.path, NOT_THERE)
        body = answer.body
        compressed = "gzip" in self.headers.get("Accept-Encoding", "") and answer.content_type.startswith(
            "text/html"
        )
        if compressed:
            body = gzip.compress(body, mtime=0)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet: the tour has its own progress bar."""


@contextmanager
def demo_web() -> Iterator[DemoWeb]:
    """The invented web, served until the block ends."""
    web = DemoWeb()
    thread = Thread(target=web.serve_forever, name="demo-web", daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.shutdown()
        web.server_close()
        thread.join()
