"""What the whole suite shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
