"""A time-stamping authority on loopback, built on `openssl ts`; it can be made to answer wrongly, in one way at a time.

Answers that `openssl ts` would refuse to give (a certificate that may not stamp, another time) are put together with
`openssl cms`, so that everything about them holds but the one thing.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/stamper.pem
certs = {folder}/root.pem
signer_key = {folder}/stamper.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""

Answer = Callable[[bytes], bytes]

GRANTED, REJECTED = bytes.fromhex("3003020100"), bytes.fromhex("3003020102")
"""PKIStatusInfo (RFC 3161 §2.4.2)."""


def openssl(*arguments: str | Path) -> bytes:
    """What openssl prints; its complaint is shown when it fails."""
    result = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


class Authority:
    """A root and a stamping certificate in `folder`, valid from `begin` to `end` days from now; answers hold both,
    in an order that is not DER's, as openssl sends them: the root is the shorter one and comes second.

    With `may_stamp` false the certificate is for servers, not for stamping. With `names_issuer_key` false only the
    issuer's name leads to it, which is the same for all of these authorities.
    """

    def __init__(
        self,
        folder: Path,
        *,
        may_stamp: bool = True,
        names_issuer_key: bool = True,
        begin: int = -1,
        end: int = 10,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.names_issuer_key = names_issuer_key
        self.root = folder / "root.pem"
        self.config = folder / "openssl.cnf"
        self.config.write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01")
        now = datetime.now(UTC)
        root, stamper = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
        purpose = ExtendedKeyUsageOID.TIME_STAMPING if may_stamp else ExtendedKeyUsageOID.SERVER_AUTH
        self._certificate(root, root, "root", now - timedelta(4000), now + timedelta(4000), None)
        self._certificate(root, stamper, "stamper", now + timedelta(begin), now + timedelta(end), purpose)

    def _certificate(
        self,
        issuer: EllipticCurvePrivateKey,
        key: EllipticCurvePrivateKey,
        name: str,
        begin: datetime,
        end: datetime,
        purpose: x509.ObjectIdentifier | None,
    ) -> None:
        def named(common: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"synthetic {common}")])

        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "crl_sign", "encipher_only", "decipher_only"), False)  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named("root"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=purpose is None, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(digital_signature=purpose is not None, key_cert_sign=purpose is None, **usage),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if self.names_issuer_key:
            issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())
            builder = builder.add_extension(issuer_key, critical=False)
        if purpose:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        certificate = builder.sign(issuer, SHA256())
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / f"{name}.key").write_bytes(private)

    def answer(self, query: bytes) -> bytes:
        """What `openssl ts -reply` makes of a query."""
        asked, told = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        openssl(
            "ts",
            "-reply",
            "-config",
            self.config,
            "-section",
            "tsa_config",
            "-queryfile",
            asked,
            "-out",
            told,
        )
        return told.read_bytes()

    def signed(self, info: bytes) -> bytes:
        """A granting answer with any TSTInfo, signed with this authority's key whether it should be or not."""
        plain, token = self.folder / "info.der", self.folder / "token.der"
        plain.write_bytes(info)
        openssl("cms", "-sign", "-binary", "-nodetach", "-cades", "-nosmimecap", "-md", "sha256",
                "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-signer", self.folder / "stamper.pem",
                "-inkey", self.folder / "stamper.key", "-in", plain, "-outform", "DER", "-out", token)  # fmt: skip
        return sequence(GRANTED + token.read_bytes())


def info_of(answer: bytes, folder: Path) -> bytes:
    """The TSTInfo in an answer."""
    told, token, info = folder / "told.tsr", folder / "told.der", folder / "told.info"
    told.write_bytes(answer)
    openssl("ts", "-reply", "-in", told, "-token_out", "-out", token)
    openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", token, "-out", info)
    return info.read_bytes()


def at(info: bytes, time: datetime) -> bytes:
    """A TSTInfo with another time."""
    place = info.index(b"\x18\x0f") + 2
    return info[:place] + f"{time:%Y%m%d%H%M%S}Z".encode() + info[place + 15 :]


def sequence(content: bytes) -> bytes:
    """A DER SEQUENCE."""
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return b"\x30" + length + content


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
