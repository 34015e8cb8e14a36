"""Starts pywb; run as a process of its own by `archive.replay`."""

from __future__ import annotations

import sys

import brotli
from warcio.bufferedreaders import BufferedReader

from archive.replay.confining import App, confined


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
    from pywb.apps.cli import WaybackCli

    class Confined(WaybackCli):  # type: ignore[misc]  # pywb has no types
        """pywb's server, in whose answers stands what pages may do."""

        def load(self) -> App:
            """The application."""
            return confined(super().load())

    Confined(args=sys.argv[1:], default_port=8080).run()


if __name__ == "__main__":
    main()
