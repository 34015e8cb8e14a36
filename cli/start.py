"""Where the installed command begins: stopping it is answered in one line even while its libraries are being loaded."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def run() -> None:
    """Runs the command line, as `cli.main.run` does."""
    try:
        from cli.main import run as run_command  # loading it takes long enough to be interrupted

        run_command()
    except KeyboardInterrupt:
        print("holdfast: stopped before anything was begun", file=sys.stderr)
        sys.exit(INTERRUPTED)
