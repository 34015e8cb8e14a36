"""`holdfast replay`: archived pages in a browser."""

from __future__ import annotations

import signal
import time
from typing import Annotated

import typer

from archive.errors import ReplayFailed
from archive.replay import replay as replayed
from cli.opened import opened


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(replay)


def replay(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8090,
    host: Annotated[
        str, typer.Option(help="Address to listen on; anything but loopback lets others on the network in.")
    ] = "127.0.0.1",
) -> None:
    """Shows archived pages as they were, in your browser, until you press Ctrl-C."""
    if not host.strip():
        raise ReplayFailed("--host is empty, which would let the whole network in; leave it out, or name one")
    workspace = opened().workspace
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it, pywb ends with it
    try:
        with replayed(workspace.root, host=host, port=port) as address:
            typer.echo(f"archived pages: {address}/")
            for collection in sorted(path.name for path in workspace.collections.iterdir() if path.is_dir()):
                typer.echo(f"  {collection}: {address}/{collection}/")
            typer.echo("stop with Ctrl-C")
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        typer.echo("stopped")
