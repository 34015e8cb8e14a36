"""Starts pywb; run as a process of its own by `archive.replay`."""

from __future__ import annotations

import sys

import brotli
from warcio.bufferedreaders import BufferedReader


class BrotliReader:
    """What warcio expects of a decompressor, over the maintained `brotli`, whose objects take no attributes."""

    unused_data = b""

    def __init__(self) -> None:
        self._unpacker = brotli.Decompressor()

    def decompress(self, data: bytes) -> bytes:
        """The next plain bytes."""
        plain: bytes = self._unpacker.process(data)
        return plain


def main() -> None:
    """Serves the collections of the folder it is started in, as `wayback` does."""
    BufferedReader.DECOMPRESSORS["br"] = BrotliReader
    from pywb.apps.cli import wayback

    wayback(sys.argv[1:])


if __name__ == "__main__":
    main()
