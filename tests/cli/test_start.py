"""What a command loads when it starts from nothing: all that it needs, and nothing that it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import GROUPS

LOADED = "import sys; from cli.main import main; code = main(sys.argv[1:]); print(code, *sys.modules)"
CRAWLING = {"scrapy", "twisted", "aiohttp", "trafilatura", "pypdf", "docx", "bs4"}
STORING = {"sqlalchemy", "alembic", "parsers.observe"}
WRITING = {"pyarrow", "openpyxl", "altair", "pandas", "statsmodels"}
NOT_ALWAYS = {"requests", "structlog", "rfc3161_client", "fsspec"}


@pytest.mark.parametrize(
    ("words", "code", "unneeded"),
    [
        (["observation"], 2, CRAWLING | STORING | WRITING | NOT_ALWAYS),
        (["crawl", "--nope"], 2, CRAWLING | STORING | WRITING),
        (["check", "--nope"], 2, CRAWLING | WRITING),
        (["observations"], 2, CRAWLING | WRITING | NOT_ALWAYS),
        (["init", "{folder}"], 0, CRAWLING | WRITING | NOT_ALWAYS),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_no_library_that_it_does_not_use(
    words: list[str], code: int, unneeded: set[str], tmp_path: Path
) -> None:
    asked = [word.format(folder=tmp_path / "work") for word in words]
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, *asked], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    told, *loaded = ended.stdout.splitlines()[-1].split()
    assert told == str(code)
    assert unneeded & set(loaded) == set()


def test_the_installed_script_lists_every_command() -> None:
    script = Path(sys.executable).with_name("holdfast")
    said = subprocess.run([script, "--help"], capture_output=True, text=True, check=True).stdout
    assert {command for commands in GROUPS.values() for command in commands} <= set(said.split())
