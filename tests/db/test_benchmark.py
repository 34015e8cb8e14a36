"""The store's benchmark runs, so that its figures can be taken again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STORE = Path(__file__).resolve().parents[2] / "benchmarks" / "store.py"


def test_it_measures_ingest_queries_and_sums() -> None:
    ran = subprocess.run(
        [sys.executable, str(STORE), "--observations", "100", "--repeats", "1"],
        cwd=STORE.parents[1],
        env={"PYTHONPATH": str(STORE.parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "100 observations in 10 documents" in ran.stdout
    assert {"ingest, rows/s", "place, p95 ms", "sums, again, p95 ms"} <= {
        line.rsplit("  ", 1)[0].strip() for line in ran.stdout.splitlines()
    }
