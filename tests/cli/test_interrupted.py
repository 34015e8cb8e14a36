"""Ctrl-C at any time: one line and exit code 130."""

from __future__ import annotations

import subprocess
import sys

import pytest

STOPPED_IN = """
import sys

class Stops:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Stops())
from cli.start import run
sys.argv = ["holdfast", "findings", "tibet-dna"]
run()
"""


@pytest.mark.parametrize("module", ["cli.main", "typer", "cli.findings", "sqlalchemy"])
def test_it_is_stopped_while_a_library_is_loaded(module: str) -> None:
    command = [sys.executable, "-c", STOPPED_IN.format(module=module)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 130
    (line,) = result.stderr.splitlines()
    assert line.startswith("holdfast: stopped")
