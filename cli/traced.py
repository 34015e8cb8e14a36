"""The chain under an id, shown link by link; the bytes are read from the archive and hashed anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from analysis.claims.fellows import fellows
from analysis.estimates.kept import kept_estimate
from analysis.masking import masked
from archive.collection import Collection
from archive.errors import ArchiveError
from archive.reader import read_capture
from archive.storage import place_of
from cli.estimate import show
from cli.opened import Opened
from db.evidence.trace import CaptureLink, Trace, trace
from db.rows import SHANGHAI


@dataclass(frozen=True, slots=True)
class Bytes:
    """What the archive has at the place of a capture: `problem` says why it could not be read."""

    path: str
    payload_digest: str | None
    record_id: str | None
    matches: bool
    problem: str | None


def show_trace(work: Opened, identifier: str, *, as_json: bool, unmask: bool) -> bool:
    """Shows the chain; says whether every link holds. Raises UnknownId."""
    chain = trace(work.engine, identifier)
    held = _bytes(work, chain.capture) if chain.capture else None
    others = fellows(work.engine, [identifier]) if chain.observation else ()
    quote_holds = chain.observation is None or chain.observation.quote.matches
    if as_json:
        told = _masked(
            asdict(chain) | {"bytes": asdict(held) if held else None, "same_claim": list(others)}, unmask
        )
        typer.echo(json.dumps(told, ensure_ascii=False, default=_iso))
    else:
        _print(chain, held, others, unmask)
    return quote_holds and (held is None or held.matches)


def show_estimate(work: Opened, identifier: str, *, as_json: bool, unmask: bool) -> bool:
    """Shows a frozen estimate and the chain under each of its inputs; says whether every link holds."""
    made = kept_estimate(work.engine, identifier)
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False, default=_iso))
    else:
        typer.echo(f"made {local(made['made_at'])}")
        show(made)
        for each in made["changed"]:
            typer.echo(f"  CHANGED SINCE: {each}")
        if made["changed"]:
            typer.echo("  the figures above are as they were; holdfast estimate reckons with what stands now")
    inputs = [each["trace"] for each in made["inputs"] if each["trace"].startswith("obs-")]
    held = [show_trace(work, each, as_json=as_json, unmask=unmask) for each in inputs]
    return all(held)


def _bytes(work: Opened, capture: CaptureLink) -> Bytes:
    collection = Collection(work.workspace.collection(capture.campaign))
    path = str(collection.path_of(capture.file))
    try:
        path = place_of(collection, capture.file)
        stored = read_capture(collection, capture.file, capture.offset)
    except ArchiveError as error:
        return Bytes(path, None, None, False, str(error))
    same = stored.payload_digest == capture.payload_digest and stored.record_id == capture.record_id
    return Bytes(path, stored.payload_digest, stored.record_id, same, None)


def _print(chain: Trace, held: Bytes | None, others: Sequence[str], unmask: bool) -> None:
    console = Console(soft_wrap=True, highlight=False)

    def say(link: str, *lines: str) -> None:
        console.print(Text(f"{link:<12}", style="bold") + Text(lines[0] if unmask else masked(lines[0])))
        for line in lines[1:]:
            console.print(Text(" " * 12 + (line if unmask else masked(line))))

    if observation := chain.observation:
        count = "no figure"
        if observation.count_min is not None:
            high = observation.count_max
            count = str(high) if observation.count_min == high else f"{observation.count_min}–{high}"
        say(
            "observation",
            observation.id,
            f"{observation.modality}, {observation.kind}: {count} {observation.unit or ''}".rstrip()
            + f" ({observation.count_qualifier})",
            f"{observation.place or 'no place'}; {observation.date_start or '…'} to {observation.date_end or '…'}",
            f"read by {', '.join(observation.rules) or 'no rule named'}; confidence {observation.confidence:.2f}",
            *(f"flagged: {flag}" for flag in observation.flags),
            *(["superseded: the current reader no longer reads this"] if observation.superseded else []),
            *(f"review: {review}" for review in observation.reviews),
        )
        quote = observation.quote
        verdict = "the stored text has it there" if quote.matches else "THE STORED TEXT DIFFERS THERE"
        say("quote", f"“{quote.quote}”", f"characters {quote.start} to {quote.end}: {verdict}")
    if others:
        say("claim", f"the same is said by {len(others)} more, and counted once", *others)
    if document := chain.document:
        published = f"published {local(document.published_at)}" if document.published_at else "no date"
        if document.published_evidence:
            published += f" (read from {document.published_evidence})"
        say(
            "document",
            document.id,
            document.title,
            f"{document.publisher or 'publisher unknown'}; {published}",
        )
        say("", f"text {document.text_digest}")
    if page := chain.page:
        found = f"{page.availability} when last looked at, {local(page.last_checked)}"
        say("page", page.id, page.url, found if page.looked_at else "imported; not looked at on the web yet")
        if page.notice:
            say("", f"notice: {page.notice}")
    if capture := chain.capture:
        status = f"status {capture.status}" if capture.status else "a saved file"
        say("capture", capture.id, capture.url, f"{local(capture.time)}, {status}")
        if capture.source_uri:
            say("", f"taken by others; had from {capture.source_uri}")
        if capture.source_path:
            say("", f"imported from {capture.source_path}")
        say(
            "WARC record",
            f"{capture.record_id} ({capture.record_type})",
            held.path if held else capture.file,
            f"offset {capture.offset}, length {capture.length}",
        )
        say("digest", capture.payload_digest, _verdict(held))


def _verdict(held: Bytes | None) -> str:
    if held is None or held.problem:
        return f"THE BYTES COULD NOT BE READ: {held.problem if held else ''}"
    if held.matches:
        return "the bytes at that offset, read again just now, have this digest"
    return f"THE BYTES AT THAT OFFSET DIFFER: {held.payload_digest}"


def local(moment: datetime) -> str:
    """A time as it is shown: in Asia/Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S} (+08:00)"


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    raise TypeError(f"{value!r} is no value of a trace")


_PROSE = frozenset({"quote", "title", "notice"})


def _masked(told: Any, unmask: bool, name: str = "") -> Any:
    if isinstance(told, dict):
        return {key: _masked(value, unmask, key) for key, value in told.items()}
    if isinstance(told, str) and name in _PROSE and not unmask:
        return masked(told)
    return told
