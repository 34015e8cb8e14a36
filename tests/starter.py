"""Starts `holdfast` in processes of its own, hundreds of times, without each of them importing all its libraries anew.

A process that has imported everything makes a copy of itself for each command. The copy runs `cli.main.run` as the
installed script does, with its own words, environment and streams, and dies of signals like any other process. That
each command also starts from nothing is what `tests/cli/test_start.py` is for.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SERVER = """
import gc, importlib, json, os, sys
import cli.main
from parsers.families import families
from scrapy.utils.misc import walk_modules
for group in cli.main.GROUPS:
    importlib.import_module(f"cli.{group}")
for part in ("downloadermiddlewares", "extensions", "spidermiddlewares"):
    walk_modules(f"scrapy.{part}")
for late in sys.argv[1:]:
    importlib.import_module(late)
families()
gc.freeze()
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        for number, file in enumerate(asked["streams"]):
            opened = os.open(file, os.O_RDWR if number else os.O_RDONLY)
            os.dup2(opened, number)
            os.close(opened)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        sys.argv = ["holdfast", *asked["words"]]
        cli.main.run()
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

LATE = (
    "alembic.command",
    "alembic.context",
    "crawler.rechecks.running",
    "crawler.older.looking",
    "crawler.fetching.queues",
    "crawler.rechecks.rescue",
    "crawler.run",
    "pydantic_settings",
    "scrapy.core.engine",
    "surt",
    "typer._adapters",
    "typer.rich_utils",
)
"""Modules that commands load only when they come to need them."""


class Starter:
    """Starts one process after the other; each has ended before the next is started."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-c", SERVER, *LATE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._child = 0

    def start(
        self,
        *words: object,
        environment: Mapping[str, str] | None = None,
        streams: tuple[str, str, str] = (os.devnull, os.devnull, os.devnull),
    ) -> int:
        """Starts `holdfast` with these words in the current folder; gives the id of its process.

        `streams` are the files that it reads from and writes to. Without `environment` it has ours, but for what is
        set for holdfast.
        """
        asked = {
            "words": [*map(str, words)],
            "environment": dict(outside() if environment is None else environment),
            "folder": str(Path.cwd()),
            "streams": streams,
        }
        assert self._server.stdin
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._child = self._line()
        return self._child

    def ended(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended; of one that was killed the signal, negative.

        After `timeout` seconds it is killed and TimeoutError raised.
        """
        assert self._server.stdout
        if timeout is not None and not select.select([self._server.stdout], [], [], timeout)[0]:
            os.kill(self._child, signal.SIGKILL)
            self._line()
            raise TimeoutError(f"holdfast had not ended after {timeout} seconds")
        return self._line()

    def close(self) -> None:
        """Ends the process that the others are copies of."""
        self._server.communicate()

    def _line(self) -> int:
        assert self._server.stdout
        return int(self._server.stdout.readline())


@cache
def starter() -> Starter:
    """The one of this test run's process."""
    made = Starter()
    atexit.register(made.close)
    return made


def outside() -> dict[str, str]:
    """The environment without what a developer has set for holdfast."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}


def holdfast(
    *words: object, environment: Mapping[str, str] | None = None, given: str = "", timeout: float = 240
) -> subprocess.CompletedProcess[str]:
    """Runs `holdfast` to its end; `given` is what it reads from its standard input."""
    with tempfile.TemporaryDirectory(prefix="holdfast-test-") as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        for stream in streams:
            stream.write_text("", encoding="utf-8")
        streams[0].write_text(given, encoding="utf-8")
        asked = (str(streams[0]), str(streams[1]), str(streams[2]))
        starter().start(*words, environment=environment, streams=asked)
        code = starter().ended(timeout)
        said, told = (stream.read_text(encoding="utf-8") for stream in streams[1:])
    return subprocess.CompletedProcess([*map(str, words)], code, said, told)
