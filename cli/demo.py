"""`holdfast demo`: the whole tour on a small invented web that it serves itself."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.crawl import progress_bar, tell
from cli.new_folder import need_free, new_folder
from cli.opened import Opened
from cli.traced import show_trace
from crawler.plan import Seed, seeds_of
from db.lists.filters import Filters
from db.lists.items import ObservationItem
from db.lists.queries import observations, pages
from db.session import connect
from demo.server import DemoWeb, demo_web
from demo.site import SAVED, saved_pages
from demo.site import seeds as demo_sources
from parsers.identity import page_key
from workspace.campaign import load_campaign
from workspace.garbage import collecting_nothing
from workspace.layout import Workspace, create_workspace
from workspace.settings import Settings, database_url, load_settings

CAMPAIGN = "demo"
SHOWN = 12


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(demo)


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="A new folder for the tour's workspace.")
    ] = Path("holdfast-demo"),
    saved: Annotated[
        Path | None,
        typer.Option(
            "--pages",
            metavar="FOLDER",
            help="Only write twenty of the invented pages into a new folder, to try `holdfast import` with.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """A whole tour on a local site of invented pages: crawl, archive, read, count, trace."""
    if saved:
        _save_pages(saved)
        return
    workspace = create_workspace(folder.absolute())
    _write_campaign(workspace)
    typer.echo(
        "This tour uses a small web of invented pages, served on this computer. Nothing goes to the internet.\n"
    )
    with demo_web() as web:
        settings = load_settings(workspace).model_copy(update={"proxy": web.address, "download_delay": 0.0})
        _crawl(workspace, settings, web)
    _show_counts(workspace, settings)
    _show_one_trace(workspace, settings)
    _say_what_next(workspace)


def _save_pages(folder: Path) -> None:
    need_free(folder)
    with new_folder(folder) as made:
        for name, body in saved_pages():
            (made / name).write_bytes(body)
    typer.echo(f"{SAVED} invented pages are in {folder}; bring them in with: holdfast import {folder}")


def _crawl(workspace: Workspace, settings: Settings, web: DemoWeb) -> None:
    with collecting_nothing():
        from crawler.run import crawl  # loads Scrapy; what is mistyped is told without it

    campaign = load_campaign(CAMPAIGN, workspace)
    typer.echo(
        "1. Crawl: three sites, their lists, articles and pictures; every response goes into a WARC file."
    )
    with progress_bar() as watch:
        tell(crawl(workspace, settings, CAMPAIGN, seeds_of(campaign), progress=watch))
    gone = web.vanish()
    typer.echo(f"\n2. Meanwhile the publisher deletes {gone[0]}. A second look:")
    with progress_bar() as watch:
        looks = tuple(Seed(url) for url in gone)
        tell(crawl(workspace, settings, CAMPAIGN, looks, again=True, progress=watch))
    engine = connect(database_url(workspace, settings))
    vanished = {page_key(url) for url in gone}
    for page in pages(engine):
        if page_key(page.url) in vanished:
            typer.echo(
                f"   it is now {page.availability}; {page.captures} captures are kept, the article among them"
            )
    engine.dispose()


def _show_counts(workspace: Workspace, settings: Settings) -> None:
    engine = connect(database_url(workspace, settings))
    found = [each for each in observations(engine) if each.count_min is not None]
    engine.dispose()
    typer.echo(f"\n3. Counts that were read (the first {SHOWN} of {len(found)}; all invented):")
    table = Table()
    for heading in ("what", "count", "kind", "place", "quote"):
        table.add_column(heading, justify="right" if heading == "count" else "left", overflow="fold")
    for each in itertools.islice(found, SHOWN):
        table.add_row(*(Text(cell) for cell in _cells(each)))
    Console().print(table)


def _cells(each: ObservationItem) -> tuple[str, ...]:
    low, high = f"{each.count_min:,}", f"{each.count_max:,}"
    count = low if low == high else f"{low}–{high}"
    return str(each.modality), count, str(each.kind), each.place or "unresolved", each.quote


def _show_one_trace(workspace: Workspace, settings: Settings) -> None:
    engine = connect(database_url(workspace, settings))
    found = [each for each in observations(engine, Filters(kind=("cumulative",))) if each.count_min]
    largest = max(found, key=lambda each: each.count_min or 0, default=None)
    typer.echo("\n4. One figure, traced back to the archived bytes:")
    if largest is not None:
        show_trace(Opened(workspace, settings), largest.id, as_json=False, unmask=False)
    engine.dispose()


def _say_what_next(workspace: Workspace) -> None:
    home = f"holdfast --home {workspace.root}"
    typer.echo(
        f"""
5. Look around. You can type:

    {home} observations --modality iris
    {home} search 血样
    {home} pages
    {home} verify
    {home} replay

To begin with real pages: holdfast init"""
    )


def _write_campaign(workspace: Workspace) -> None:
    sources = "".join(
        f'\n[[source]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\n'
        for name, kind, url in demo_sources()
    )
    text = (
        f'# The tour\'s campaign: invented pages only.\nname = "{CAMPAIGN}"\ntitle = "Invented pages"\n'
        'modalities = ["dna", "iris"]\nkeywords = ["血样", "DNA", "虹膜"]\n\n[region]\ncode = "54"\n'
        f'name = "西藏自治区"\n\n[period]\nstart = 2016-06-01\n{sources}'
    )
    (workspace.campaigns / f"{CAMPAIGN}.toml").write_text(text, encoding="utf-8")
