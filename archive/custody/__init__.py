"""The custody log: what was done to the evidence, when and by which key, so that others can check it."""

from archive.custody.log import Head, append, head_of, lines
from archive.custody.proof import proof_files
from archive.custody.timestamp import Authority, stamp

__all__ = ["Authority", "Head", "append", "head_of", "lines", "proof_files", "stamp"]
