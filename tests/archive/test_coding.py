"""Codings are undone whatever state a body is in, within the memory and the time that were allowed."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import zlib

import brotli
import pytest
import zstandard

from archive.coding import MAX_CODINGS, MAX_MEMBERS, coding_of, dechunked, decoded
from archive.errors import BrokenRecord

TEXT = "采集血样53份。".encode() * 5000 + random.Random(1).randbytes(200_000)
LIMIT = len(TEXT)
PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
    "zstd": zstandard.compress(TEXT),
}
BARE = zlib.compress(TEXT, wbits=-15)
HALVES = gzip.compress(TEXT[:900]), gzip.compress(TEXT[900:])
NAMED = (
    b"\x1f\x8b\x08\x1e" + bytes(6) + b"\x02\x00ab" + b"page.html\0" + b"a note\0" + b"\0\0" + BARE + bytes(8)
)
JSON = b'["a", "\xe9\x87\x87"]'
HTML_OF_GBK = "<html><title>采集血样</title>".encode("gbk")


@pytest.mark.parametrize("coding", PACKED)
def test_a_whole_body_is_the_text_that_was_packed(coding: str) -> None:
    assert decoded(PACKED[coding], coding, limit=LIMIT) == TEXT


@pytest.mark.parametrize("coding", PACKED)
def test_a_cut_body_gives_what_came(coding: str) -> None:
    text = decoded(PACKED[coding][: len(PACKED[coding]) * 3 // 4], coding, limit=LIMIT)
    assert len(text) > LIMIT // 4
    assert TEXT.startswith(text)


@pytest.mark.parametrize("coding", PACKED)
def test_a_body_longer_than_allowed_is_refused(coding: str) -> None:
    with pytest.raises(BrokenRecord, match=f"longer than {LIMIT - 1} bytes"):
        decoded(PACKED[coding], coding, limit=LIMIT - 1)


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        ("gzip", HALVES[0] + HALVES[1], TEXT),
        ("gzip", HALVES[0] + bytes(500) + HALVES[1], TEXT),
        ("gzip", HALVES[0] + HALVES[1][:400], TEXT[:900]),
        ("gzip", PACKED["gzip"] + b"stray bytes", TEXT),
        ("gzip", PACKED["gzip"][:-8] + bytes(8), TEXT),
        ("gzip", NAMED, TEXT),
        ("gzip", b"\x1f\x8b\x08", b""),
        ("gzip", b"\x1f\x8b\x08\x08" + bytes(6) + b"a name without end", b""),
        ("gzip", TEXT, TEXT),
        ("gzip", b"", b""),
        ("deflate", BARE, TEXT),
        ("deflate", HTML_OF_GBK, HTML_OF_GBK),
        ("deflate", b"", b""),
        ("br", JSON, JSON),
        ("br", b"<!DOCTYPE html>", b"<!DOCTYPE html>"),
        ("br", b"", b""),
        ("zstd", zstandard.compress(TEXT[:900]) + zstandard.compress(TEXT[900:]), TEXT),
        ("zstd", b"no frame", b"no frame"),
        ("gzip, br", brotli.compress(PACKED["gzip"]), TEXT),
        (" GZip ,", PACKED["gzip"], TEXT),
        ("utf-8", TEXT, TEXT),
        ("", TEXT, TEXT),
    ],
)
def test_odd_bodies_give_what_they_hold(coding: str, body: bytes, expected: bytes) -> None:
    text = decoded(body, coding, limit=LIMIT)
    assert text == expected or (expected == TEXT[:900] and TEXT.startswith(text) and len(text) >= 900)


@pytest.mark.parametrize(
    ("coding", "body", "said"),
    [
        ("gzip", PACKED["gzip"][:30] + b"\xff" * 500, "not what its Content-Encoding says"),
        ("deflate", b"\xff" * 500, "not what its Content-Encoding says"),
        ("br", PACKED["br"][:30] + b"\xff" * 500, "not what its Content-Encoding says"),
        ("zstd", b"\x28\xb5\x2f\xfd" + b"\xff" * 500, "not what its Content-Encoding says"),
        ("gzip", gzip.compress(b"") * (MAX_MEMBERS + 1), "gzip members"),
        (", ".join(["gzip"] * (MAX_CODINGS + 1)), TEXT, "codings"),
    ],
)
def test_damaged_bodies_are_refused_in_a_sentence(coding: str, body: bytes, said: str) -> None:
    with pytest.raises(BrokenRecord, match=said):
        decoded(body, coding, limit=LIMIT)


def test_brotli_that_begins_like_json_is_brotli() -> None:
    packed = brotli.compress(TEXT[:150_000])
    assert packed.startswith(b"[")
    assert decoded(packed, "br", limit=LIMIT) == TEXT[:150_000]


BOMB = """
import resource, sys, zlib, gzip, brotli, zstandard
from archive.coding import decoded
from archive.errors import BrokenRecord
piece, pieces = bytes(2**24), {pieces}
if sys.argv[1] == "gzip":
    packer = zlib.compressobj(wbits=31)
elif sys.argv[1] == "deflate":
    packer = zlib.compressobj()
elif sys.argv[1] == "zstd":
    packer = zstandard.ZstdCompressor().compressobj()
if sys.argv[1] == "br":
    packer = brotli.Compressor(quality=5)
    body = b"".join(packer.process(piece) for _ in range(pieces)) + packer.finish()
else:
    body = b"".join(packer.compress(piece) for _ in range(pieces)) + packer.flush()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + {room}, used + {room}))
try:
    decoded(body, sys.argv[1], limit=2**20)
except BrokenRecord as error:
    print(error)
"""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_takes_no_more_memory_than_was_allowed(coding: str) -> None:
    bomb = BOMB.format(pieces=32, room=64 * 2**20)
    done = subprocess.run([sys.executable, "-c", bomb, coding], capture_output=True, text=True, check=False)
    assert done.stdout == f"the body is longer than {2**20} bytes when decoded\n", done.stderr


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"5;name=value\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", b"hello world"),
        (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
        (b"5\r\nhel", b"hel"),
        (b"5\r\nhello\r\nnot a size\r\n", b"hello"),
        (b"5\r\nhello\r\n-5\r\nhello", b"hello"),
        (b"-6\r\nhello", b"-6\r\nhello"),
        (b"-4\r\nhello world", b"-4\r\nhello world"),
        (b"+5\r\nhello", b"+5\r\nhello"),
        (b"1_0\r\nhello", b"1_0\r\nhello"),
        (b"0x5\r\nhello", b"0x5\r\nhello"),
        (b"fffffffffffffffff\r\nhello", b"fffffffffffffffff\r\nhello"),
        (b"ffffffffffffffff\r\nhello", b"hello"),
        (b"\xe9\x87\x87\r\nhello", b"\xe9\x87\x87\r\nhello"),
        (b"<html>", b"<html>"),
        (b"", b""),
    ],
)
def test_chunks_are_joined_and_what_has_none_stays(body: bytes, expected: bytes) -> None:
    assert dechunked(body) == expected


def test_all_headers_that_name_a_coding_count() -> None:
    headers = ((b"Content-Encoding", b"gzip"), (b"Vary", b"*"), (b"content-encoding", b"br"))
    assert coding_of(headers) == "gzip,br"
