"""A check finds how each page is now, archives what it saw, and never takes being kept out for a removal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import requests
from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import select

from archive import Collection, read_capture
from archive.index import lookup
from archive.replay import replay
from db.models import CaptureRow, LookRow, PageRow
from db.session import connect, reading
from parsers.availability.states import Availability
from tests.archive.writing.test_writer import warcio_check
from tests.crawler.changing_site import CASES, Case, ChangingWeb, changing_web
from tests.crawler.checking import run, told_by, use
from tests.db.ingest.test_writing import everything
from workspace.layout import Workspace, create_workspace
from workspace.settings import database_url, load_settings


@dataclass(frozen=True)
class Checked:
    """A workspace in which every case was crawled once and checked once, and what the check said."""

    web: ChangingWeb
    workspace: Workspace
    told: dict[str, dict[str, str]]
    code: int

    @property
    def collection(self) -> Collection:
        return Collection(self.workspace.collection("default"))


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    workspace = create_workspace(tmp_path_factory.mktemp("check") / "work")
    urls = workspace.root / "urls.txt"
    urls.write_text("\n".join(case.url for case in CASES))
    with changing_web() as web:
        use(workspace, web)
        crawled = run(workspace, "crawl", "--urls", urls, "--no-requisites")
        assert crawled.returncode == 0, crawled.stderr
        web.later = True
        web.asked.clear()
        result = run(workspace, "check", "--json")
        yield Checked(web, workspace, told_by(result), result.returncode)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_page_is_found_as_it_is(checked: Checked, case: Case) -> None:
    found = checked.told[case.name]
    assert (found["availability"], found["before"]) == (case.found, "live"), found
    assert found["evidence"]


def test_every_state_has_a_case() -> None:
    assert {case.found for case in CASES} | {Availability.UNREACHABLE} == set(Availability)


def test_nothing_is_confirmed_by_one_look(checked: Checked) -> None:
    for name, found in checked.told.items():
        assert found["confirmed"] in ("live", "changed"), name


def test_pages_that_could_not_be_seen_make_the_check_fail(checked: Checked) -> None:
    assert checked.code == 1


def test_every_look_is_archived(checked: Checked) -> None:
    for case in CASES:
        assert len(lookup(checked.collection, case.url)) >= 2, case.name
    for path in checked.collection.sealed():
        warcio_check(path)


def test_a_304_is_a_revisit_of_what_it_confirms(checked: Checked) -> None:
    case = next(case for case in CASES if case.name == "same-etag")
    first, second = lookup(checked.collection, case.url)
    assert checked.web.headers[case.url]["If-None-Match"] == case.etag
    assert (second.status, second.record_type, second.refers_to) == (304, "revisit", first.record_id)
    with (checked.collection.archive / second.file).open("rb") as stream:
        stream.seek(second.offset)
        record = next(iter(ArchiveIterator(stream, record_types=WarcRecordType.revisit)))
        headers = dict(record.headers)
        assert record.reader.read() == b""
    assert headers["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert headers["WARC-Refers-To"] == f"<{first.record_id}>"
    assert headers["WARC-Refers-To-Target-URI"] == case.url
    stored = read_capture(checked.collection, second.file, second.offset)
    assert (stored.status, stored.payload) == (304, case.before.body.encode())


def test_what_a_page_redirects_to_is_asked_for_plainly(checked: Checked) -> None:
    case = next(case for case in CASES if case.name == "home-not-modified")
    assert "If-None-Match" in checked.web.headers[case.url]
    home = case.url.removesuffix(case.path) + "/"
    assert "If-None-Match" not in checked.web.headers[home]


def test_a_page_is_asked_for_once(checked: Checked) -> None:
    for case in CASES:
        expected = 1 if case.found is not Availability.SERVER_ERROR and case.name != "too-many" else 4
        if case.name != "wechat-error":
            assert checked.web.asked[case.url] == expected, case.name


def test_the_steps_of_a_look_are_no_looks(checked: Checked) -> None:
    engine = connect(database_url(checked.workspace, load_settings(checked.workspace)))
    with reading(engine) as connection:
        for case in CASES:
            page = (
                connection.execute(
                    select(PageRow.id)
                    .join(CaptureRow, CaptureRow.page_id == PageRow.id)
                    .where(CaptureRow.url == case.url)
                )
                .scalars()
                .first()
            )
            query = select(LookRow.state).where(LookRow.page_id == page, LookRow.part_of.is_(None))
            assert sorted(connection.scalars(query)) == sorted(["live", case.found]), case.name
    engine.dispose()


def test_the_list_shows_how_pages_are_now(checked: Checked) -> None:
    result = run(checked.workspace, "pages", "--availability", "soft_404", "--json")
    listed = {
        str(urlsplit(json.loads(line)["url"]).hostname).split(".")[-2] for line in result.stdout.splitlines()
    }
    assert listed == {case.name for case in CASES if case.found is Availability.SOFT_404}


def test_a_rebuilt_store_has_the_same_looks(checked: Checked) -> None:
    engine = connect(database_url(checked.workspace, load_settings(checked.workspace)))
    before = everything(engine)
    assert run(checked.workspace, "rebuild").returncode == 0
    assert everything(engine) == before
    engine.dispose()


def test_the_archive_verifies_and_replays_the_page_under_its_304(checked: Checked) -> None:
    verified = run(checked.workspace, "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    case = next(case for case in CASES if case.name == "same-etag")
    second = lookup(checked.collection, case.url)[-1]
    with replay(checked.workspace.root) as address:
        stamp = f"{second.time:%Y%m%d%H%M%S}"
        shown = requests.get(f"{address}/default/{stamp}id_/{case.url}", timeout=60)
    assert (shown.status_code, shown.content) == (200, case.before.body.encode())
