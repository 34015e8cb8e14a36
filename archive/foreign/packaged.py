"""What a WACZ of others says of itself, and whether it is true.

Rules: WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/) §5, WACZ Auth 0.1.0 (https://specs.webrecorder.net/wacz-auth/0.1.0/).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import lzma
import ssl
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import (
    Certificate,
    DNSName,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from archive.digest import agrees
from archive.foreign.incoming import Defect
from archive.warc.gzipmember import CHUNK

DESCRIPTION = "datapackage.json"
SIGNED = "datapackage-digest.json"
UNREADABLE_MEMBER = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
"""What `zipfile` raises for a member that is damaged, encrypted or packed in a way it does not know."""

MAX_DESCRIPTION = 1 << 26
MAX_PAGE_LINE = 1 << 24


def warcs_in(wacz: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The WARC files of a package."""
    return [
        entry for entry in wacz.infolist() if entry.filename.startswith("archive/") and not entry.is_dir()
    ]


def package_defects(path: Path, wacz: zipfile.ZipFile) -> Iterator[Defect]:
    """What a package lacks, which of its files are not those that it lists, whether its signature is wrong, and
    which lines of its list of pages cannot be read. The records in it can be good all the same.
    """
    entries = {entry.filename: entry for entry in wacz.infolist()}
    if not warcs_in(wacz):
        yield Defect(path, 0, "this WACZ holds no WARC file")
    if not any(name.startswith("indexes/") for name in entries):
        yield Defect(path, 0, "this WACZ has no index")
    if DESCRIPTION not in entries:
        yield Defect(path, 0, f"this WACZ has no {DESCRIPTION}")
    else:
        yield from _described(path, wacz, entries)
    if SIGNED in entries and DESCRIPTION in entries and (problem := _wrong_signature(wacz)):
        yield Defect(path, entries[SIGNED].header_offset, problem, SIGNED)
    for name in sorted(entries):
        if name.startswith("pages/") and name.endswith(".jsonl"):
            yield from _pages(path, wacz, name)


def _described(path: Path, wacz: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> Iterator[Defect]:
    """Compares the files with the list of resources."""
    try:
        listed = [_resource(item) for item in json.loads(_read(wacz, DESCRIPTION))["resources"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, *UNREADABLE_MEMBER):
        yield Defect(
            path, entries[DESCRIPTION].header_offset, "it cannot be read as a list of files", DESCRIPTION
        )
        return
    for name, said in listed:
        entry = entries.get(name)
        if entry is None:
            yield Defect(path, 0, "the file is listed but not there", name)
            continue
        try:
            found = _hash(wacz, entry, said)
        except UNREADABLE_MEMBER as error:
            yield Defect(path, entry.header_offset, _unreadable(error), name)
            continue
        if said != found:
            yield Defect(path, entry.header_offset, f"the file is not the one that is listed as {said}", name)


def _resource(item: dict[str, Any]) -> tuple[str, str]:
    """Path and hash of a listed file, in the present form or in that of WACZ 1.0."""
    said = item["hash"] if "hash" in item else f"{item['hashing']}:{item['stats']['hash']}"
    return str(item["path"]), str(said).lower()


def _hash(wacz: zipfile.ZipFile, entry: zipfile.ZipInfo, said: str) -> str:
    algorithm = said.partition(":")[0]
    if algorithm not in ("sha256", "md5"):
        return said
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with wacz.open(entry) as content:
        while piece := content.read(CHUNK):
            digest.update(piece)
    return f"{algorithm}:{digest.hexdigest()}"


def _wrong_signature(wacz: zipfile.ZipFile) -> str | None:
    """What is wrong with the signature over the description."""
    try:
        digest = json.loads(_read(wacz, SIGNED))
        if agrees(str(digest["hash"]), _read(wacz, DESCRIPTION)) is not True:
            return f"its digest is not that of {DESCRIPTION}"
        signed = digest.get("signedData")
        if signed is None:
            return None
        if signed["hash"] != digest["hash"]:
            return "what is signed is not the digest of this package"
        _verify(signed)
    except InvalidSignature:
        return "the signature is wrong"
    except VerificationError:
        return f"no authority known here vouches for the certificate of {signed['domain']} that signed this"
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        binascii.Error,
        UnsupportedAlgorithm,
        *UNREADABLE_MEMBER,
    ) as error:
        return f"the signature cannot be read ({type(error).__name__})"
    return None


def _verify(signed: dict[str, Any]) -> None:
    """Checks ECDSA over the digest, in DER or as r and s one after the other, and, when a site vouches for it, that
    its certificate was good then. Raises InvalidSignature or VerificationError.
    """
    key: Any
    if "publicKey" in signed:
        key = load_der_public_key(base64.b64decode(signed["publicKey"]))
    else:
        key = _vouched_for(signed).public_key()
    if not isinstance(key, EllipticCurvePublicKey):
        raise TypeError("the key is not one of an elliptic curve")
    signature = base64.b64decode(signed["signature"])
    size = (key.curve.key_size + 7) // 8
    if len(signature) == 2 * size:
        parts = (int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
        signature = encode_dss_signature(*parts)
    key.verify(signature, signed["hash"].encode(), ECDSA(SHA256()))


def _vouched_for(signed: dict[str, Any]) -> Certificate:
    """The certificate of the site that signed, if one of this machine's authorities vouched for it at that time."""
    leaf, *others = load_pem_x509_certificates(signed["domainCert"].encode())
    with warnings.catch_warnings():
        # Some authorities' own certificates have serial numbers that the library dislikes.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        known = ssl.create_default_context().get_ca_certs(binary_form=True)
        trusted = Store([load_der_x509_certificate(each) for each in known])
    then = datetime.fromisoformat(signed["created"].replace("Z", "+00:00"))
    verifier = PolicyBuilder().store(trusted).time(then).build_server_verifier(DNSName(signed["domain"]))
    return verifier.verify(leaf, others)[0]


def _pages(path: Path, wacz: zipfile.ZipFile, name: str) -> Iterator[Defect]:
    offset = 0
    try:
        with wacz.open(name) as lines:
            while line := lines.readline(MAX_PAGE_LINE):
                if line.strip() and not _is_object(line):
                    yield Defect(path, offset, "this line of the list of pages is not a JSON object", name)
                offset += len(line)
    except UNREADABLE_MEMBER as error:
        yield Defect(path, offset, _unreadable(error), name)


def _unreadable(error: Exception) -> str:
    return f"the file cannot be read to its end: {' '.join(str(error).split()) or type(error).__name__}"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _read(wacz: zipfile.ZipFile, name: str) -> bytes:
    with wacz.open(name) as content:
        read = content.read(MAX_DESCRIPTION + 1)
    if len(read) > MAX_DESCRIPTION:
        raise ValueError(f"{name} is longer than {MAX_DESCRIPTION} bytes")
    return read
