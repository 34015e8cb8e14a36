"""The reading process begins as a copy of the crawl's only where that is safe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ALONE = ""
WITH_A_THREAD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"
WITH_THE_STORE_OPEN = "import sqlite3; held = sqlite3.connect(sys.argv[1])"
WITH_ANOTHER_OPEN = "import sqlite3; held = sqlite3.connect(sys.argv[1].replace('store', 'other'))"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it always begins anew")
@pytest.mark.parametrize(
    ("before", "way"),
    [(ALONE, "fork"), (WITH_A_THREAD, "spawn"), (WITH_THE_STORE_OPEN, "spawn"), (WITH_ANOTHER_OPEN, "fork")],
)
def test_a_copy_is_made_of_one_thread_without_the_store_open(tmp_path: Path, before: str, way: str) -> None:
    asked = (
        "from crawler.reading.starting import way_to_start; print(way_to_start('sqlite:///' + sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{before}\n{asked}", str(tmp_path / "store.db")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == way
