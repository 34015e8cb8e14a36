"""Whether words are a command that could be run, without running it."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from cli.main import app_for


def check_words(words: list[str]) -> None:
    """Raises what the command line itself would raise for a command or option that is none."""
    command: Any = typer.main.get_command(app_for(words))
    name, rest, context = "holdfast", list(words), None
    while isinstance(command, TyperGroup):
        context = command.make_context(name, rest, parent=context)
        found, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        name = found or name
    command.make_context(name, rest, parent=context)
