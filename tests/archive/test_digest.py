"""A digest of others is understood in whatever way they write it."""

from __future__ import annotations

import base64
import hashlib

import pytest

from archive.digest import agrees, sha256

TEXT = b"synthetic"
SHA1 = hashlib.sha1(TEXT, usedforsecurity=False).digest()
SHA256 = hashlib.sha256(TEXT).digest()


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        (sha256(TEXT), True),
        (f"sha-256:{SHA256.hex().upper()}", True),
        (f"sha256:{base64.b32encode(SHA256).decode()}", True),
        (f"sha256:{base64.b32encode(SHA256).decode().rstrip('=')}", True),
        (f"SHA1:{base64.b32encode(SHA1).decode().lower()}", True),
        (f"sha1:{base64.b64encode(SHA1).decode()}", True),
        (f"sha256:{base64.urlsafe_b64encode(SHA256).decode()}", True),
        (f"md5:{hashlib.md5(TEXT, usedforsecurity=False).hexdigest()}", True),
        (f" {sha256(TEXT)} ", True),
        (sha256(b"other"), False),
        (f"sha1:{'A' * 32}", False),
        (f"sha1:{'1' * 32}", False),
        ("sha256:", False),
        ("sha256:zz", False),
        ("sha1:" + "汉" * 40, False),
        ("blake3:00", None),
        ("", None),
        (SHA256.hex(), None),
    ],
)
def test_a_labelled_digest_agrees_or_not_or_cannot_be_judged(stated: str, verdict: bool | None) -> None:
    assert agrees(stated, TEXT) is verdict
