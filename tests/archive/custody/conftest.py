"""A log with seven entries."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.custody import append


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "custody"
    for number in range(7):
        append(folder, "import", {"from": f"file-{number}.html", "records": number})
    return folder
