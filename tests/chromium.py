"""The Chromium of the machine, for tests that need one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from crawler.browser.chromium import NAMES

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def needed(found: str | None, what: str) -> str:
    """`found`; without it the test is skipped, and in CI it fails: scripts/install-test-services installs `what`."""
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"no {what}: scripts/install-test-services should have installed it")
        pytest.skip(f"no {what}; run: make services")
    return found


def viewer_folder() -> Path:
    """Where ReplayWeb.page's `ui.js` and `sw.js` are."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(cache) / "holdfast-tests" / "replaywebpage-2.5.3"
    return Path(needed(str(folder) if (folder / "sw.js").is_file() else None, "ReplayWeb.page"))


def chromium_path() -> str:
    """Where Chromium is."""
    return needed(next((path for name in NAMES if (path := shutil.which(name))), None), "Chromium")
