"""What the whole suite shares."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from cli.opened import set_home
from tests.starter import holdfast
from tests.stores import (
    database,
    empty_database,
    engine,
    migrated_postgresql,
    migrated_sqlite,
    postgresql_server,
    postgresql_url,
)

__all__ = [
    "database",
    "empty_database",
    "engine",
    "migrated_postgresql",
    "migrated_sqlite",
    "postgresql_server",
    "postgresql_url",
]

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """The folder of real saved pages that stands beside the repository, never in it."""
    folder = Path(os.environ.get("HOLDFAST_REAL_PAGES") or REPOSITORY.parent / "shared" / "data" / "pages")
    if not folder.is_dir():
        pytest.skip(f"no real pages at {folder}; set HOLDFAST_REAL_PAGES to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def eval_folder() -> Path:
    """The labelled texts and their scorer, which stand beside the repository."""
    folder = Path(os.environ.get("HOLDFAST_EVAL") or REPOSITORY.parent / "shared" / "eval")
    if not folder.is_dir():
        pytest.skip(f"no labelled texts at {folder}; set HOLDFAST_EVAL to the folder that holds them")
    return folder


@dataclass(frozen=True)
class Tour:
    """What `holdfast demo` left behind, and what it said."""

    home: Path
    said: str


@pytest.fixture(scope="session")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Tour:
    """The tour, taken once; whoever changes its workspace takes `toured`."""
    home = tmp_path_factory.mktemp("tour") / "demo"
    taken = holdfast("demo", home)
    assert taken.returncode == 0, taken.stderr
    return Tour(home, taken.stdout)


@pytest.fixture(scope="module")
def toured(tour: Tour, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A module's own copy of the workspace that the tour made."""
    home = tmp_path_factory.mktemp("toured") / "demo"
    shutil.copytree(tour.home, home)
    return home


@pytest.fixture(autouse=True)
def no_home_of_another_test() -> None:
    """A test that calls a command's function gets no `--home` of a run before it in the same process."""
    set_home(None)
