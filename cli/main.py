"""The command: puts the groups of commands together, turns errors into one line and an exit code."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from itertools import chain
from typing import Annotated

import typer
from typer.exceptions import TyperException

from cli.empty_words import empty_word
from cli.expected import told
from cli.opened import set_home
from workspace.garbage import collecting_nothing, collecting_seldom

GROUPS = {
    "workspace": ("init", "doctor"),
    "demo": ("demo",),
    "crawl": ("crawl",),
    "check": ("check",),
    "lookup": ("lookup",),
    "imports": ("import",),
    "extract": ("extract",),
    "query": ("observations", "documents", "pages", "captures", "not-kept", "trace"),
    "search": ("search",),
    "findings": ("findings",),
    "status": ("status",),
    "survival": ("survival",),
    "changes": ("changes",),
    "estimate": ("estimate",),
    "review": ("review",),
    "database": ("db",),
    "rebuild": ("rebuild",),
    "verify": ("verify",),
    "custody": ("custody",),
    "store": ("store",),
    "export": ("export",),
    "replay": ("replay",),
    "schedule": ("schedule", "worker"),
    "alerts": ("alerts",),
}
"""The modules of `cli` and the commands each adds, in the order `--help` lists them."""

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
UNUSABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG)
"""What is wrong with a file or folder rather than with holdfast."""


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
    version: Annotated[
        bool, typer.Option("--version", help="The version of holdfast; say it when you report a problem.")
    ] = False,
) -> None:
    """Collects, preserves and reads Chinese-language reports of police-led biometric collection."""
    set_home(home)
    if version:
        from importlib import metadata  # reads the lists of all that is installed

        typer.echo(f"holdfast {metadata.version('holdfast')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def app_for(arguments: list[str]) -> typer.Typer:
    """The command line, with only the group of commands that `arguments` name, or all when they name none.

    `--version` needs no command, and a mistyped one only the names of all, to be told which is meant. Loading Scrapy
    for `holdfast pages` would make every command a second slower.
    """
    app = typer.Typer(
        name="holdfast",
        add_completion=False,
        pretty_exceptions_enable=False,
        epilog="Start with: holdfast demo",
    )
    app.callback(invoke_without_command=True)(common)
    word = _first_word(arguments)
    named = [group for group, commands in GROUPS.items() if word in commands]
    if word is not None and not named and "--help" not in arguments:
        for command in chain.from_iterable(GROUPS.values()):
            app.command(command)(_unloaded)
        return app
    for group in named or (() if arguments == ["--version"] else GROUPS):
        importlib.import_module(f"cli.{group}").register(app)
    return app


def _first_word(arguments: list[str]) -> str | None:
    """What stands where the command should; None without one."""
    words = iter(arguments)
    for word in words:
        if word == "--home":
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None


def _unloaded() -> None:
    """In the place of a command whose name alone is asked for."""


def run() -> None:
    """Runs the command line: exit 0 done, 1 done with failures listed, 2 bad usage or bad input."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """The exit code of running `arguments`; every expected error becomes one line on stderr."""
    if said := empty_word(arguments):
        return _refuse(f"{said}: a variable of your shell may not be set. Nothing was done.", MISUSED)
    try:
        with collecting_seldom():
            with collecting_nothing():
                app = app_for(arguments)
            code = app(arguments, prog_name="holdfast", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except TyperException as error:
        return _refuse(f"{error.format_message()} Try: holdfast {_command(arguments)}--help", MISUSED)
    except (typer.Abort, KeyboardInterrupt):  # the second while libraries are being loaded
        return _refuse("stopped; what was finished is kept", INTERRUPTED)
    except OSError as error:
        if error.errno in UNUSABLE and error.filename:
            return _refuse(
                f"cannot use {error.filename}: {error.strerror}; name another, or put it right", MISUSED
            )
        if error.errno not in NO_ROOM:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _refuse(f"cannot write: {error.strerror}; make room and run this again", MISUSED)
    except Exception as error:
        if said := told(error):
            return _refuse(said, MISUSED)
        raise
    if code == INTERRUPTED:
        return _refuse("stopped; what was finished is kept", INTERRUPTED)
    return code if isinstance(code, int) else 0


def _command(arguments: list[str]) -> str:
    """The command that `arguments` name, so that the user is sent to its own help."""
    word = _first_word(arguments)
    return f"{word} " if word and word in chain.from_iterable(GROUPS.values()) else ""


def _refuse(message: str, code: int) -> int:
    print("holdfast: " + " ".join(message.split()), file=sys.stderr)
    return code
