"""A second look at a page that seems gone goes another way, if there is one: a way may be kept out by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from db.models import LookRow
from db.session import connect, reading
from tests.crawler.changing_site import CASES, ChangingWeb, article, changing_web
from tests.crawler.checking import BEGAN, archive_looks, run, told_by
from tests.crawler.conftest import SETTINGS
from tests.crawler.test_sources import HEAD
from workspace.layout import Workspace, create_workspace
from workspace.settings import database_url, load_settings

CASE = next(case for case in CASES if case.name == "not-found")
ROBOTS = CASE.url.removesuffix(CASE.path) + "/robots.txt"


@dataclass(frozen=True)
class TwoWays:
    """A page that one look found gone, and two ways to its site; both find it gone unless told otherwise."""

    workspace: Workspace
    ordinary: ChangingWeb
    other: ChangingWeb


@pytest.fixture
def ways(tmp_path: Path) -> Iterator[TwoWays]:
    workspace = create_workspace(tmp_path / "work")
    with changing_web((CASE,)) as ordinary, changing_web((CASE,)) as other:
        ordinary.later = other.later = True
        workspace.settings_file.write_text(
            f'{SETTINGS}proxy = "{ordinary.address}"\nconfirm_proxy = "{other.address}"\n'
        )
        yield TwoWays(workspace, ordinary, other)


def seemed_gone(ways: TwoWays, campaign: str = "default") -> None:
    looks = (BEGAN, 200, article()), (BEGAN + timedelta(days=1), 404, "synthetic: gone")
    archive_looks(ways.workspace, CASE.url, *looks, campaign=campaign)
    assert run(ways.workspace, "rebuild").returncode == 0


def routes(ways: TwoWays) -> list[str | None]:
    engine = connect(database_url(ways.workspace, load_settings(ways.workspace)))
    query = select(LookRow.route).where(LookRow.part_of.is_(None)).order_by(LookRow.time)
    with reading(engine) as connection:
        found = list(connection.scalars(query))
    engine.dispose()
    return found


def test_what_seems_gone_is_confirmed_by_the_other_way(ways: TwoWays) -> None:
    seemed_gone(ways)
    (found,) = told_by(run(ways.workspace, "check", "--json")).values()
    assert (found["availability"], found["confirmed"]) == ("not_found", "not_found")
    assert (ways.ordinary.asked[CASE.url], ways.other.asked[CASE.url]) == (0, 1)
    assert ways.ordinary.asked[ROBOTS] == 1, "the site's rules are asked for as ever"
    assert routes(ways)[-1] == ways.other.address
    assert run(ways.workspace, "check").returncode == 0
    assert (ways.ordinary.asked[CASE.url], ways.other.asked[CASE.url]) == (1, 1), "nothing is left to confirm"


def test_a_page_that_is_only_hidden_from_one_way_is_there(ways: TwoWays) -> None:
    ways.other.later = False
    seemed_gone(ways)
    (found,) = told_by(run(ways.workspace, "check", "--json")).values()
    assert (found["availability"], found["confirmed"]) == ("live", "live")


def test_a_third_look_goes_the_ordinary_way_again(ways: TwoWays) -> None:
    """The two ways found it gone in different manners, so that neither confirms the other."""
    seemed_gone(ways)
    host = urlsplit(CASE.url).hostname
    ways.other.cases[host] = replace(CASE, later=next(c for c in CASES if c.name == "soft").later)
    (found,) = told_by(run(ways.workspace, "check", "--json")).values()
    assert (found["availability"], found["confirmed"]) == ("soft_404", "live")
    run(ways.workspace, "check")
    assert (ways.ordinary.asked[CASE.url], ways.other.asked[CASE.url]) == (1, 1)


def test_a_source_may_have_an_other_way_of_its_own(ways: TwoWays) -> None:
    workspace = ways.workspace
    workspace.settings_file.write_text(f'{SETTINGS}proxy = "{ways.ordinary.address}"\n')
    (workspace.campaigns / "small.toml").write_text(
        f'{HEAD}[[source]]\nname = "合成"\nkind = "page"\nurl = "{CASE.url}"\n'
        f'confirm_proxy = "{ways.other.address}"\n',
        encoding="utf-8",
    )
    seemed_gone(ways, "small")
    assert run(workspace, "check", "small").returncode == 0
    assert (ways.ordinary.asked[CASE.url], ways.other.asked[CASE.url]) == (0, 1)
