"""The workspace's Ed25519 key: signs the custody log. Every public key ever used is kept."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from archive.errors import CustodyBroken

PRIVATE = "signing-key.pem"
PUBLIC = "keys"


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key in the custody folder, made on first use. Raises CustodyBroken when the file holds none."""
    path = folder / PRIVATE
    if not path.exists():
        _keep(folder, Ed25519PrivateKey.generate())
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise CustodyBroken(f"{path} holds no usable key: {error}; restore it from your backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CustodyBroken(f"{path} is not an Ed25519 key; restore it from your backup")
    return key


def new_key(folder: Path) -> Ed25519PrivateKey:
    """A fresh key in place of the old one, whose public half stays."""
    key = Ed25519PrivateKey.generate()
    old = folder / PRIVATE
    if old.exists():
        old.replace(folder / f"retired-{fingerprint(signing_key_at(old).public_key())[:16]}.pem")
    _keep(folder, key)
    return key


def signing_key_at(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise CustodyBroken(f"{path} is not an Ed25519 key; restore it from your backup")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key's DER form, in hex: how the log names a key."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public key as a PEM file."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def verifies(folder: Path, name: str, signature: bytes, message: bytes) -> bool:
    """Whether the key called `name` made this signature. False too when the key is not there or not itself."""
    path = folder / PUBLIC / f"{name}.pem"
    try:
        key = load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey) or fingerprint(key) != name:
            return False
        key.verify(signature, message)
    except (OSError, ValueError, InvalidSignature):
        return False
    return True


def _keep(folder: Path, key: Ed25519PrivateKey) -> None:
    (folder / PUBLIC).mkdir(parents=True, exist_ok=True)
    name = fingerprint(key.public_key())
    (folder / PUBLIC / f"{name}.pem").write_bytes(public_pem(key.public_key()))
    part = folder / f".{PRIVATE}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        out.flush()
        os.fsync(out.fileno())
    part.replace(folder / PRIVATE)
