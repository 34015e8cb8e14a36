"""`holdfast import`: files that were saved before, brought in through the same path as a crawl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import typer

from archive.collection import Collection
from archive.custody import append
from archive.writing.writer import open_writer
from cli.crawl import crawl_
from cli.opened import Opened, opened
from cli.stamping import stamp_if_set
from crawler.collecting import crawl_info, importing, prepare_collection, sealer
from crawler.errors import UnusableFile, UnusableInput
from crawler.imports.file_name import printable, readable
from crawler.imports.held import Held
from crawler.imports.saved import Brought, bring_in, files_under
from crawler.imports.source_list import is_spreadsheet
from crawler.reading.ingesting import ingest_archived, unread
from db.campaigns import Terms, terms_in
from db.ingest.captures import Captured, IngestReport, ingest
from workspace.campaign import load_campaign

ADDRESS_FROM = {
    "page": "the page names it",
    "record": "the archive record names it",
    "browser": "the browser that saved it noted it",
    "digest": "no address found",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("import")(import_)


@dataclass(slots=True)
class _Tally:
    """What happened so far, as it is told at the end."""

    brought: int = 0
    held: int = 0
    problems: list[str] = field(default_factory=list)
    problems_told: int = 0
    left_out: list[str] = field(default_factory=list)


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Saved web pages, MHTML, WARC, ARC, WACZ, folders of them, or one CSV or XLSX list of sources.",
        ),
    ],
    campaign: Annotated[str, typer.Option(help="The campaign they belong to.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each page or record.")] = False,
) -> None:
    """Brings saved pages and archives of others in, as evidence beside what was crawled.

    A saved page gets the address it names itself, else the one that the browser noted when it saved it, else a `urn:`
    made of its digest; the list says which. The addresses in a list of sources are fetched.
    """
    if any(map(is_spreadsheet, paths)):
        if len(paths) > 1:
            raise UnusableInput("a list of sources is fetched by itself; import it alone, then the rest")
        crawl_(campaign=None if campaign == "default" else campaign, urls=paths[0], as_json=as_json)
        return
    work = opened()
    work.need_database()  # before anything is archived: a lost database is told first
    terms = terms_in(load_campaign(campaign, work.workspace)) if campaign != "default" else Terms()
    files = files_under(paths)
    if not files:
        raise UnusableFile(f"there is no file in {', '.join(map(readable, paths))}")
    collection = Collection(work.workspace.collection(campaign))
    tally = _Tally()
    with importing(collection, on_wait=_say_that_it_waits):
        report = _bring_all(files, collection, terms, tally, work, as_json=as_json)
    if not (tally.brought or tally.held) and tally.problems and len(files) == 1:
        tally.problems_told += not tally.problems_told  # the first is what the file is refused for
        _tell_problems(tally)
        raise UnusableFile(tally.problems[0])
    _tell_problems(tally)
    if tally.brought:
        subject: dict[str, str | int] = {"campaign": campaign, "files": len(files), "brought": tally.brought}
        append(work.workspace.custody, "import", subject)
        stamp_if_set(work)
    _summarise(tally, report.documents, report.observations, work)
    for url, failure in report.failures:
        typer.echo(printable(f"not read: {url}: {failure}"), err=True)
    if tally.problems or report.failures:
        raise typer.Exit(1)


def _say_that_it_waits() -> None:
    typer.echo("another import into this collection is under way; waiting until it is done", err=True)


def _bring_all(
    files: list[Path], collection: Collection, terms: Terms, tally: _Tally, work: Opened, *, as_json: bool
) -> IngestReport:
    """Archives and reads what the files hold, after what an earlier run left unfinished."""
    campaign = collection.root.name
    prepare_collection(collection, work.workspace)
    left = unread(work.engine, campaign, collection)
    caught_up = ingest_archived(work.engine, campaign, collection, terms, left)
    with open_writer(
        collection,
        info=crawl_info(campaign, work.settings),
        max_bytes=work.settings.warc_max_bytes,
        min_free_bytes=work.settings.min_free_bytes,
        on_seal=sealer(work.workspace, collection),
    ) as writer:
        held = Held(collection)
        brought = (each for path in files for each in bring_in(path, writer, held))
        told = _told(brought, tally, as_json, alone=len(files) == 1)
        found = (replace(captured, collection=collection) for captured in told)
        return caught_up + ingest(work.engine, campaign, found, region=terms.region, words=terms.words)


def _told(brought: Iterator[Brought], tally: _Tally, as_json: bool, *, alone: bool) -> Iterator[Captured]:
    """Says what became of each file, and hands on what is to be read.

    The problems of a file that is `alone` are told once something came of it: it may have to be refused for one.
    """
    for each in brought:
        if each.problem:
            tally.problems.append(each.problem)
            if tally.brought or tally.held or not alone:
                _tell_problems(tally)
        elif each.left_out:
            tally.left_out.append(each.left_out)
        elif each.url and each.address_from:
            tally.held += each.held
            tally.brought += not each.held
            _say(each, as_json)
        if each.captured:
            yield each.captured


def _tell_problems(tally: _Tally) -> None:
    for problem in tally.problems[tally.problems_told :]:
        typer.echo(f"problem: {printable(problem)}", err=True)
    tally.problems_told = len(tally.problems)


def _say(each: Brought, as_json: bool) -> None:
    if as_json:
        told = {
            "path": readable(each.path),
            "url": each.url,
            "address_from": each.address_from,
            "already_archived": each.held,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    how = "already archived" if each.held else ADDRESS_FROM[str(each.address_from)]
    typer.echo(printable(f"{Path(readable(each.path)).name}: {each.url} ({how})"))


def _summarise(tally: _Tally, documents: int, observations: int, work: Opened) -> None:
    for sentence in tally.left_out:
        typer.echo(f"left out: {printable(sentence)}", err=True)
    typer.echo(
        f"brought in {tally.brought} pages and records ({tally.held} were archived already, "
        f"{len(tally.left_out)} files left out, {len(tally.problems)} problems): "
        f"{documents} documents, {observations} observations in {work.workspace.root}",
        err=True,
    )
