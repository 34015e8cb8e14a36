"""Running `holdfast` as a process of its own on the invented sites."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.noted.look import LookRecord, look_entry
from archive.writing.writer import ArchiveWriter
from tests.crawler.changing_site import ChangingWeb
from tests.crawler.conftest import SETTINGS
from tests.starter import holdfast
from workspace.layout import Workspace

BEGAN = datetime(2021, 5, 12, tzinfo=UTC)
HTML = ((b"Content-Type", b"text/html; charset=utf-8"),)


def archive_looks(
    workspace: Workspace, url: str, *looks: tuple[datetime, int, str], campaign: str = "default"
) -> None:
    """Archives a page as a crawl does, then looks at it as a check does; each is (time, status, body)."""
    with open_writer(Collection(workspace.collection(campaign)), info=CrawlInfo(campaign)) as writer:
        first = None
        for time, status, body in looks:
            exchange = Exchange(url, time, status=status, response_headers=HTML, body=body.encode())
            found = writer.write(exchange).result()
            assert found
            if first:
                look = LookRecord(url, time, since=first.record_id, found=found.record_id)
                _write(writer, look)
            first = first or found


def _write(writer: ArchiveWriter, look: LookRecord) -> None:
    entry, _ = look_entry(look)
    writer.write_entry(lambda: entry, 0).result()


def use(workspace: Workspace, web: ChangingWeb) -> None:
    """Makes the invented sites reachable."""
    workspace.settings_file.write_text(f'{SETTINGS}proxy = "{web.address}"\n')


def run(workspace: Workspace, *arguments: object) -> subprocess.CompletedProcess[str]:
    return holdfast("--home", workspace.root, *arguments)


def told_by(result: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    """What `check --json` said, by the name of the case."""
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return {str(urlsplit(line["url"]).hostname).split(".")[-2]: line for line in lines}
