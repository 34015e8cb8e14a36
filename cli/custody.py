"""`holdfast custody`: the log of what was done to the evidence, its keys, its time-stamps and its proofs."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509

from archive.capture import Capture
from archive.collection import OPEN, Collection
from archive.custody import (
    PackedRecord,
    change_key,
    check_proofs,
    entries,
    key_uses,
    pending,
    proof_files,
    stamp,
)
from archive.custody.proof import UNSEALED
from archive.errors import CaptureMissing, TimestampRefused
from archive.finding import Finding, Grade
from archive.foreign.packaged import UNREADABLE_MEMBER
from archive.index import lookup
from archive.storage import open_warc
from cli.opened import Opened, opened
from cli.stamping import authority_of, stamp_if_set
from crawler.errors import UnusableFile
from db.rows import SHANGHAI

DATA = "archive/data.warc.gz"
PROOFS = "custody/"
MAX_PROOFS = 1 << 28
"""Bytes that the proofs of a package may have."""

Json = Annotated[bool, typer.Option("--json", help="One JSON line for each.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="The log of what was done to the evidence: its keys, time-stamps and proofs.")
    group.command("log")(log)
    group.command("stamp")(stamp_)
    group.command("prove")(prove)
    group.command("check")(check)
    group.command("keys")(keys)
    group.command("new-key")(new_key)
    app.add_typer(group, name="custody")


def log(as_json: Json = False) -> None:
    """Prints the log, one line for each act, oldest first."""
    for entry in entries(opened().workspace.custody):
        if as_json:
            typer.echo(json.dumps(dict(entry), ensure_ascii=False))
            continue
        told = ", ".join(f"{name} {value}" for name, value in entry["subject"].items())
        typer.echo(f"{entry['index']:>6}  {_in_shanghai(str(entry['time']))}  {entry['act']:<10}  {told}")


def stamp_() -> None:
    """Has the newest state of the log, and what waits from before, time-stamped by the authority in the settings."""
    work = opened()
    authority = authority_of(work)
    if authority is None:
        raise TimestampRefused(
            f"name an authority first: timestamp_url and timestamp_ca in {work.workspace.settings_file}"
        )
    done = stamp(work.workspace.custody, authority)
    for each in done:
        typer.echo(f"the log's first {each.size} entries are stamped: {each.time:%Y-%m-%d %H:%M:%S} UTC")
    if not done:
        typer.echo("nothing to stamp: the newest state of the log has its stamp")


def prove(
    campaign: Annotated[str, typer.Argument(help="The campaign that archived it.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="The page.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="A new folder for the records and proofs.")
    ] = Path("proof"),
) -> None:
    """Writes the captures of one address, byte for byte, with the proofs that they were in the log; see
    docs/verify-by-hand.md.
    """
    if output.exists():
        raise UnusableFile(f"{output} is there already; name another folder with --output")
    work = opened()
    captures = lookup(_collection(work, campaign), url)
    if not captures:
        raise CaptureMissing(f"{campaign!r} has no capture of {url}")
    collection = _collection(work, campaign)
    packed, data = _copied(collection, captures)
    unproved: list[Finding] = []
    files = proof_files(work.workspace.custody, collection, packed, on_unproved=unproved.append)
    if not files:
        reason = (
            str(unproved[0]) if unproved else "its file is being written, and the log does not name it yet"
        )
        raise CaptureMissing(f"{url} cannot be proved: {reason}")
    for finding in unproved:
        typer.echo(f"{finding.grade.value.upper()}  {finding}", err=True)
    for name, content in {DATA: data, **{PROOFS + name: content for name, content in files.items()}}.items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(content)
    typer.echo(f"{output}: {len(packed)} of {len(captures)} records, {len(files)} proof files")


def _copied(collection: Collection, captures: Sequence[Capture]) -> tuple[list[PackedRecord], bytes]:
    """The captures whose files are finished, here or in the store, and their bytes one after the other."""
    packed: list[PackedRecord] = []
    data = b""
    for capture in captures:
        if collection.path_of(capture.file).name.endswith(OPEN):
            continue
        with open_warc(collection, capture.file) as warc:
            warc.seek(capture.offset)
            raw = warc.read(capture.length)
        packed.append(
            PackedRecord(capture.file, capture.offset, len(data), capture.length, capture.record_id)
        )
        data += raw
    return packed, data


def check(
    package: Annotated[Path, typer.Argument(metavar="WACZ|DIR", help="A package, or what `prove` wrote.")],
    authority: Annotated[
        Path | None, typer.Option(metavar="PEM", help="The time-stamping authority's certificates.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Checks the custody proofs in a package as its recipient would: no workspace is needed."""
    if authority:
        _need_certificates(authority)
    files, warc = _package(package)
    if not any(name.startswith("records-") or name == UNSEALED for name in files):
        raise UnusableFile(f"{package} holds no custody proofs")
    found: Counter[Grade] = Counter()
    for finding in check_proofs(files, warc, authority):
        found[finding.grade] += 1
        told = {
            "file": finding.file,
            "offset": finding.offset,
            "problem": finding.problem,
            "grade": finding.grade,
        }
        line = f"{finding.grade.value.upper()}  {finding}"
        typer.echo(json.dumps(told, ensure_ascii=False) if as_json else line)
    wrong, unsealed = found[Grade.DAMAGED], found[Grade.UNFINISHED]
    records = sum(content.count(b"\n") for name, content in files.items() if name.startswith("records-"))
    stamps = sum(name.endswith(".tsr") for name in files)
    trust = "" if authority or not stamps else " (their signatures were not checked: name --authority)"
    rest = f"; records of {unsealed} unsealed files have no proof" if unsealed else ""
    typer.echo(f"{records} records, {stamps} time-stamps{trust}: {wrong or 'nothing'} wrong{rest}", err=True)
    if found:
        raise typer.Exit(1)


def _need_certificates(authority: Path) -> None:
    """Raises UnusableFile when the file holds no certificates, also where no stamp would be checked with them."""
    if authority.exists() and not authority.is_file():
        raise UnusableFile(f"{authority} is no file; name one with the authority's certificates")
    try:
        x509.load_pem_x509_certificates(authority.read_bytes())
    except OSError as error:
        raise UnusableFile(
            f"cannot read the authority's certificate {authority}: {error.strerror}"
        ) from error
    except ValueError as error:
        raise UnusableFile(f"{authority} holds no certificate in PEM form") from error


def keys(as_json: Json = False) -> None:
    """Lists the keys that signed the log; give their digests to whoever shall check your exports."""
    folder = opened().workspace.custody
    for use in key_uses(folder):
        told = {"key": use.key, "first": use.first, "last": use.last, "file": str(use.file)}
        line = f"{use.key}  entries {use.first} to {use.last}  {use.file}"
        typer.echo(json.dumps(told) if as_json else line)
    if waiting := pending(folder):
        typer.echo(f"{len(waiting)} states of the log wait to be time-stamped", err=True)


def new_key(
    lost: Annotated[
        bool, typer.Option("--lost", help="The old key is gone and cannot sign the change; verify says so.")
    ] = False,
) -> None:
    """Makes a new signing key; the old one signs the change and is then destroyed, its public half stays."""
    work = opened()
    typer.echo(f"new signing key: {change_key(work.workspace.custody, lost=lost)}")
    stamp_if_set(work)


def _in_shanghai(time: str) -> str:
    """A time of the log for people; as it stands there when it is damaged."""
    try:
        return f"{datetime.fromisoformat(time).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return time


def _collection(work: Opened, campaign: str) -> Collection:
    collection = Collection(work.workspace.collection(campaign))
    if not collection.archive.is_dir():
        raise CaptureMissing(f"there is no archive of a campaign {campaign!r}")
    return collection


def _package(path: Path) -> tuple[dict[str, bytes], bytes]:
    """The proof files by name, and the WARC, of a package or a folder."""
    try:
        if path.is_dir():
            named = {each.name: each.read_bytes() for each in (path / PROOFS).iterdir()}
            return named, (path / DATA).read_bytes()
        with zipfile.ZipFile(path) as wacz:
            proofs = [entry for entry in wacz.infolist() if entry.filename.startswith(PROOFS)]
            data = wacz.getinfo(DATA)
            # `zipfile` gives no more of a member than its entry says; WARC files are packed already.
            if sum(entry.file_size for entry in proofs) > MAX_PROOFS:
                raise UnusableFile(f"{path}: its proofs are larger than {MAX_PROOFS // 2**20} MB")
            if data.file_size > 2 * path.stat().st_size:
                raise UnusableFile(f"{path}: {DATA} in it is larger than the package can hold")
            return {entry.filename.removeprefix(PROOFS): wacz.read(entry) for entry in proofs}, wacz.read(
                data
            )
    except FileNotFoundError as error:
        missing = (
            f"there is no file or folder {path}" if not path.exists() else f"{path} holds no custody proofs"
        )
        raise UnusableFile(missing) from error
    except (KeyError, *UNREADABLE_MEMBER) as error:
        raise UnusableFile(f"{path} is no package with custody proofs: {error}") from error
