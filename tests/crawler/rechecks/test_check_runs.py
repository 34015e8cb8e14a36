"""What a check looks at, what it does with sites in trouble, and what comes back after it was killed."""

from __future__ import annotations

import json
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from scrapy.exceptions import DownloadFailedError
from sqlalchemy import delete

from archive import Collection, CrawlInfo, Exchange, open_writer
from crawler.spiders.check import failure_of
from db.models import LookRow
from db.session import connect
from parsers.availability.classify import Failure
from tests.crawler.changing_site import CASES, Answer, article, changing_web
from tests.crawler.checking import BEGAN, HTML, archive_looks, run, told_by, use
from tests.crawler.conftest import SETTINGS
from tests.crawler.site import serving
from tests.db.ingest.test_writing import everything
from workspace.layout import Workspace, create_workspace
from workspace.settings import database_url, load_settings

KEY = ConnectionKey("site.example", 443, True, True, None, None, None)


def archive_article(workspace: Workspace, *urls: str) -> None:
    """Archives an article as it stood at these addresses in 2021."""
    collection = Collection(workspace.collection("default"))
    with open_writer(collection, info=CrawlInfo("default")) as writer:
        for url in urls:
            writer.write(Exchange(url, BEGAN, status=200, response_headers=HTML, body=article().encode()))
    assert run(workspace, "rebuild").returncode == 0


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path / "work")
    made.settings_file.write_text(SETTINGS)
    return made


def test_servers_that_cannot_be_reached_are_looks_that_saw_nothing(workspace: Workspace) -> None:
    """A name that is gone, a port that is closed, and a server that does not speak TLS."""
    with serving() as site:
        closed = site.url.replace("127.0.0.1", "localhost")
    with serving() as site:
        addresses = {
            "http://nowhere.invalid/a.html": "no response: dns",
            f"{closed}/a.html": "no response: refused",
            f"https://127.0.0.1:{site.server_port}/a.html": "no response: tls",
        }
        archive_article(workspace, *addresses)
        result = run(workspace, "check", "--json")
        assert result.returncode == 1
        found = {line["url"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert {url: line["evidence"] for url, line in found.items()} == addresses
    assert {(line["availability"], line["confirmed"]) for line in found.values()} == {("unreachable", "live")}
    assert run(workspace, "rebuild").returncode == 0
    pages = [json.loads(line) for line in run(workspace, "pages", "--json").stdout.splitlines()]
    assert {page["url"]: page["evidence"] for page in pages} == addresses


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimeoutError(), Failure.TIMEOUT),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")), Failure.DNS),
        (aiohttp.ClientConnectorSSLError(KEY, OSError(1, "handshake")), Failure.TLS),
        (ssl.SSLError("handshake"), Failure.TLS),
        (aiohttp.ClientConnectorError(KEY, OSError(111, "refused")), Failure.REFUSED),
        (aiohttp.ServerDisconnectedError(), Failure.RESET),
        (aiohttp.ClientPayloadError("cut"), Failure.RESET),
        (ValueError("odd"), Failure.OTHER),
        (None, Failure.OTHER),
    ],
    ids=str,
)
def test_why_nothing_came_is_told_apart(error: BaseException | None, expected: Failure) -> None:
    wrapped = DownloadFailedError("told")
    wrapped.__cause__ = error
    assert failure_of(error) is expected
    assert failure_of(wrapped if error else None) is expected


def test_pages_are_chosen_by_address_publisher_and_number(workspace: Workspace) -> None:
    chosen = CASES[:3]
    with changing_web(chosen) as web:
        use(workspace, web)
        run(workspace, "crawl", "--no-requisites", *(f"--url={case.url}" for case in chosen))
        assert set(told_by(run(workspace, "check", "--json", "--limit", 2))) < {case.name for case in chosen}
        left = told_by(run(workspace, "check", "--json", "--limit", 1))
        asked = told_by(run(workspace, "check", "--json", "--url", chosen[1].url))
        of_source = told_by(run(workspace, "check", "--json", "--source", "www.same-text.example"))
        assert (set(asked), set(of_source)) == ({chosen[1].name}, {chosen[2].name})
        assert web.asked[chosen[0].url] + web.asked[chosen[1].url] + web.asked[chosen[2].url] == 3 + 3 + 2
        assert len(left) == 1, "the page that was left out before"
    nothing = run(workspace, "check", "--url", "http://www.nowhere.example/1.html")
    assert nothing.returncode == 2
    assert "crawl it first" in nothing.stderr
    assert run(workspace, "check", "one", "--campaign", "other").returncode == 2


def test_a_host_that_asks_for_verification_says_nothing_of_its_pages(workspace: Workspace) -> None:
    """It is left alone from the first page on that asks; those that were not under way yet are no looks."""
    pages = {f"/{number}.html": Answer(article(70 + number)) for number in range(6)}
    case = replace(next(case for case in CASES if case.name == "slider"), also=pages)
    addresses = [case.url.removesuffix(case.path) + path for path in pages]
    with changing_web((case,)) as web:
        use(workspace, web)
        web.later = True
        run(workspace, "crawl", "--no-requisites", *(f"--url={address}" for address in addresses))
        pages.update(dict.fromkeys(pages, case.later))
        result = run(workspace, "check", "--json")
    found = [json.loads(line)["availability"] for line in result.stdout.splitlines()]
    left_alone = result.stderr.count("is left alone until the next run: it asks for verification")
    assert set(found) == {"blocked"}
    assert len(found) + left_alone == len(pages)
    assert result.returncode == 1


def test_looks_of_a_check_that_was_killed_come_back(workspace: Workspace) -> None:
    """The records are whole, but the file was not sealed and the store has no row of the look."""
    with changing_web(CASES[:1]) as web:
        use(workspace, web)
        run(workspace, "crawl", "--no-requisites", "--url", CASES[0].url)
        run(workspace, "check")
    collection = Collection(workspace.collection("default"))
    last = collection.sealed()[-1]
    last.rename(last.with_name(last.name + ".open"))
    engine = connect(database_url(workspace, load_settings(workspace)))
    before = everything(engine)["look"]
    with engine.begin() as connection:
        connection.execute(delete(LookRow).where(LookRow.record_id.is_not(None)))
    with changing_web(CASES[:1]) as web:
        use(workspace, web)
        run(workspace, "crawl", "--no-requisites", "--url", CASES[0].url)
    assert everything(engine)["look"] == before
    engine.dispose()


def test_a_second_check_confirms_once_time_has_passed(workspace: Workspace) -> None:
    """Looks of earlier days are written into the archive as a check writes them; the last one is a real check."""
    case = next(case for case in CASES if case.name == "not-found")
    archive_looks(
        workspace, case.url, (BEGAN, 200, article()), (BEGAN + timedelta(days=1), 404, "synthetic: gone")
    )
    assert run(workspace, "rebuild").returncode == 0
    (page,) = map(json.loads, run(workspace, "pages", "--json").stdout.splitlines())
    assert (page["availability"], page["confirmed"]) == ("not_found", "live")
    with changing_web((case,)) as web:
        use(workspace, web)
        web.later = True
        result = run(workspace, "check")
    assert result.returncode == 0
    assert f"not_found (confirmed): {case.url}" in result.stdout
