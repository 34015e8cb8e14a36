"""`holdfast changes`: what pages have altered since they were archived."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from analysis.edits import Edit, FigureEdit, Passage, edits
from analysis.labels import between, label
from analysis.masking import masked
from cli.opened import opened
from db.pages.versions import Figure, histories
from db.rows import SHANGHAI
from workspace.campaign import load_campaign

SHOWN = 8
"""Passages of one text on the screen; --json has all."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(changes)


def changes(
    campaign: Annotated[str | None, typer.Argument(help="A campaign; else all.")] = None,
    figures: Annotated[
        bool, typer.Option("--figures", help="Only pages whose figures or days were altered.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each change.")] = False,
    unmask: Annotated[bool, typer.Option("--unmask", help="Leave ID-card and telephone numbers.")] = False,
) -> None:
    """Shows what pages have altered since they were archived: figures first, then days, then words.

    Figures that were altered or taken out without a word about it come first of all.
    """
    work = opened()
    if campaign:
        load_campaign(campaign, work.workspace)
    found = [edit for history in histories(work.engine, campaign) for edit in edits(history)]
    if figures:
        found = [edit for edit in found if edit.figures]
    found.sort(key=lambda edit: (not edit.alarming, not edit.figures, edit.after.seen, edit.url))
    tell = (lambda text: text) if unmask else masked
    if as_json:
        for edit in found:
            typer.echo(tell(json.dumps(_told(edit), ensure_ascii=False, default=_plain)))
        return
    console = Console(soft_wrap=True, highlight=False)
    for edit in found:
        _show(console, edit, tell)
    alarming = sum(edit.alarming for edit in found)
    typer.echo(f"{len(found)} changes, {alarming} of them silent changes of a figure", err=True)


def _show(console: Console, edit: Edit, tell: Callable[[str], str]) -> None:
    head = Text(tell(edit.after.title) or "(no title)", style="bold")
    if edit.alarming:
        head = Text.assemble(("SILENT CHANGE OF A FIGURE  ", "bold red"), head)
    console.print(head)
    seen = " → ".join(
        f"{version.seen.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for version in (edit.before, edit.after)
    )
    console.print(Text(f"  {seen}  {edit.url}", style="dim"))
    for each in edit.figures:
        console.print(Text(f"  {each.what}: {_both(each)}", style="red" if edit.alarming else ""))
    for name, passages in (("title", edit.title), ("text", edit.text)):
        for passage in passages[:SHOWN]:
            console.print(_passage(name, passage, tell))
        if len(passages) > SHOWN:
            console.print(f"  {name}: {len(passages) - SHOWN} more passages; --json has them")


def _both(edit: FigureEdit) -> str:
    (about, *_) = [each for each in (edit.after, edit.before) if each]
    values = " → ".join(_figure(each) if each else "nothing" for each in (edit.before, edit.after))
    return f"{label(about.modality)}, {about.place or 'no place'}: {values}"


def _figure(figure: Figure) -> str:
    if figure.high is not None:
        value = between(figure.low or 0, figure.high)
    else:
        value = f"{figure.rate:g} %" if figure.rate is not None else "no number"
    days = "–".join(dict.fromkeys(str(day) for day in (figure.start, figure.end) if day))
    return f"{value} ({days})" if days else value


def _passage(name: str, passage: Passage, tell: Callable[[str], str]) -> Text:
    def line(text: str) -> str:
        return " ".join(tell(text).split())

    said = Text.assemble((f"  {name}: …{line(passage.lead)}", "dim"))
    said.append(f"[-{line(passage.out)}-]" if passage.out else "", style="red")
    said.append(f"{{+{line(passage.put)}+}}" if passage.put else "", style="green")
    return said.append(f"{line(passage.trail)}…", style="dim")


def _told(edit: Edit) -> dict[str, Any]:
    return {
        "campaign": edit.campaign,
        "url": edit.url,
        "before": edit.before.document,
        "after": edit.after.document,
        "seen_before": edit.before.seen,
        "seen_after": edit.after.seen,
        "silent": edit.silent,
        "figures": [asdict(each) for each in edit.figures],
        "title": _pieces(edit.title),
        "text": _pieces(edit.text),
    }


def _pieces(passages: Sequence[Passage]) -> list[dict[str, str]]:
    return [asdict(each) for each in passages]


def _plain(value: date | datetime) -> str:
    return value.astimezone(SHANGHAI).isoformat() if isinstance(value, datetime) else value.isoformat()
