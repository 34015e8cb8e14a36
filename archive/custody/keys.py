"""The workspace's keys: an Ed25519 key signs the custody log, the public half of every one ever used is kept; another,
on the curve P-384, signs packages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP384R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from archive.durable import write_durably
from archive.errors import CustodyBroken
from archive.locking import locked

PRIVATE = "signing-key.pem"
NEXT = "next-key.pem"
"""A new key, until the log has the entry that hands over to it."""

PUBLIC = "keys"
PACKAGES = "wacz-key.pem"
"""ECDSA on P-384, because WACZ Auth 0.1.0 asks for it."""


def make_key(folder: Path, name: str = PRIVATE) -> Ed25519PrivateKey:
    """A fresh key in the custody folder, durably, its public half first; readable by its owner only."""
    key = Ed25519PrivateKey.generate()
    (folder / PUBLIC).mkdir(parents=True, exist_ok=True)
    public = folder / PUBLIC / f"{fingerprint(key.public_key())}.pem"
    write_durably(public, public_pem(key.public_key()))
    write_durably(folder / name, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file. Raises CustodyBroken when there is none."""
    if path.exists() and not path.is_file():
        raise CustodyBroken(f"{path} is no file; move it away, and restore the key from your backup")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise CustodyBroken(
            f"{path} is not there, though the custody log has entries signed with it; restore it from your "
            "backup, or go on with another key: holdfast custody new-key --lost"
        ) from error
    except (ValueError, TypeError) as error:  # TypeError: it is encrypted
        raise CustodyBroken(f"{path} holds no usable key; restore it from your backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CustodyBroken(f"{path} is not an Ed25519 key; restore it from your backup")
    return key


def package_key(folder: Path) -> EllipticCurvePrivateKey:
    """The key in the custody folder that packages are signed with; made, durably, when there is none.

    Raises CustodyBroken when its file holds no such key.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PACKAGES
    with locked(folder / ".package.lock"):
        if not path.exists():
            made = generate_private_key(SECP384R1())
            write_durably(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None) if path.is_file() else None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != SECP384R1.name:
        raise CustodyBroken(
            f"{path} is not the key that packages are signed with; restore it from your backup, or remove it to sign "
            "with a fresh one"
        )
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key's DER form, in hex: how the log names a key."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public key as a PEM file."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_key(pem: bytes) -> Ed25519PublicKey | None:
    """The Ed25519 public key in a PEM file; None when it holds none."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def holds(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether the key made this signature."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def verifier(folder: Path) -> Callable[[str, bytes, bytes], bool]:
    """Gives `verifies(name, signature, message)`, which reads each key of the custody folder once.

    False also when the key of that name is not there or is another than its name says.
    """
    known: dict[str, Ed25519PublicKey | None] = {}

    def verifies(name: str, signature: bytes, message: bytes) -> bool:
        if name not in known:
            known[name] = _public(folder, name)
        key = known[name]
        return key is not None and holds(key, signature, message)

    return verifies


def _public(folder: Path, name: str) -> Ed25519PublicKey | None:
    path = folder / PUBLIC / f"{name}.pem"
    if not path.is_file():
        return None
    key = public_key(path.read_bytes())
    return key if key is not None and fingerprint(key) == name else None
