"""The command: puts the groups of commands together, turns errors into one line and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from cli.expected import EXPECTED
from cli.opened import set_home

GROUPS = ("workspace", "crawl", "imports", "query", "rebuild", "replay", "demo")
"""The modules of `cli` that add commands, in the order `--help` lists them."""

FAILED, MISUSED, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="holdfast",
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Collects, preserves and reads Chinese-language reports of police-led biometric collection.",
    epilog="Start with: holdfast demo",
)


@app.callback(invoke_without_command=True)
def common(
    context: typer.Context,
    home: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="The workspace; else $HOLDFAST_HOME, else ./holdfast-data.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Collects, preserves and reads Chinese-language reports of police-led biometric collection."""
    set_home(home)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for _group in GROUPS:
    importlib.import_module(f"cli.{_group}").register(app)


def run() -> None:
    """Runs the command line: exit 0 done, 1 done with failures listed, 2 bad usage or bad input."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """The exit code of running `arguments`; every expected error becomes one line on stderr."""
    try:
        code = app(arguments, prog_name="holdfast", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except TyperException as error:
        return _refuse(f"{error} Try: holdfast {_command(arguments)}--help", MISUSED)
    except typer.Abort:
        return _refuse("stopped; what was finished is kept", INTERRUPTED)
    except EXPECTED as error:
        return _refuse(str(error), MISUSED)
    if code == INTERRUPTED:
        return _refuse("stopped; what was finished is kept", INTERRUPTED)
    return code if isinstance(code, int) else 0


def _command(arguments: list[str]) -> str:
    """The command that `arguments` name, so that the user is sent to its own help."""
    named = [argument for argument in arguments[:1] if argument.isidentifier()]
    return "".join(f"{argument} " for argument in named)


def _refuse(message: str, code: int) -> int:
    print("holdfast: " + " ".join(message.split()), file=sys.stderr)
    return code
