"""A time-stamping authority on loopback, built on `openssl ts`; can be told to answer wrongly."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/{name}.pem
certs = {folder}/{name}.pem
signer_key = {folder}/{name}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamper]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[plain]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
"""

Answer = Callable[[bytes], bytes]


def openssl(*arguments: str) -> None:
    """Runs openssl; its output is shown when it fails."""
    result = subprocess.run(["openssl", *arguments], capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()


class Authority:
    """A root and a stamping certificate in `folder`; `extensions` may be `plain` for one that may not stamp."""

    def __init__(
        self, folder: Path, name: str = "stamper", extensions: str = "stamper", days: int = 10
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name = folder, name
        self.root = folder / "root.pem"
        self.config = folder / "openssl.cnf"
        self.config.write_text(CONFIG.format(folder=folder, name=name))
        (folder / "serial").write_text("01")
        common = ("-config", "/dev/null", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        key, root = str(folder / "root.key"), str(self.root)
        openssl("req", "-x509", *common, "-keyout", key, "-out", root, "-days", "10", "-subj", "/CN=synthetic root",
                "-addext", "keyUsage=critical,keyCertSign", "-addext", "basicConstraints=critical,CA:true")  # fmt: skip
        request, certificate = str(folder / f"{name}.csr"), str(folder / f"{name}.pem")
        openssl(
            "req",
            *common,
            "-keyout",
            str(folder / f"{name}.key"),
            "-out",
            request,
            "-subj",
            f"/CN=synthetic {name}",
        )
        openssl("x509", "-req", "-in", request, "-CA", root, "-CAkey", key, "-CAcreateserial", "-out", certificate,
                "-days", str(days), "-extfile", str(self.config), "-extensions", extensions)  # fmt: skip

    def answer(self, query: bytes) -> bytes:
        """What `openssl ts -reply` makes of a query."""
        asked, told = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        openssl("ts", "-reply", "-config", str(self.config), "-section", "tsa_config", "-queryfile", str(asked),
                "-out", str(told))  # fmt: skip
        return told.read_bytes()


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serves an authority's answers over HTTP; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
