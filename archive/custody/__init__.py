"""The custody log: what was done to the evidence, when and by which key, so that others can check it."""

from archive.custody.authority import Authority
from archive.custody.check import verify_custody
from archive.custody.keys import package_key
from archive.custody.line import SEALS, Head
from archive.custody.log import append, change_key, head_of
from archive.custody.proof import PackedRecord, proof_files
from archive.custody.proofcheck import check_proofs
from archive.custody.reading import entries, key_uses, read, sealed_files
from archive.custody.sealing import sealed_subject
from archive.custody.timestamp import pending, queue, stamp

__all__ = [
    "SEALS",
    "Authority",
    "Head",
    "PackedRecord",
    "append",
    "change_key",
    "check_proofs",
    "entries",
    "head_of",
    "key_uses",
    "package_key",
    "pending",
    "proof_files",
    "queue",
    "read",
    "sealed_files",
    "sealed_subject",
    "stamp",
    "verify_custody",
]
