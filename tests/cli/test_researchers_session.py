"""docs/researchers-session.md, run as it is written: each box does what it says, and shows what stands below it."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import REPOSITORY

SESSION = REPOSITORY / "docs" / "researchers-session.md"
BOX = re.compile(
    r"^```sh\n(?P<commands>.*?)^```\n(?:\n```text\n(?P<shown>.*?)^```\n)?", re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, str, str]]]:
    """The folder in which the boxes ran; each box with what should be shown and what was."""
    folder = tmp_path_factory.mktemp("session")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    environment["COLUMNS"] = "160"  # a wide window
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    ran = []
    for box in BOX.finditer(SESSION.read_text("utf-8")):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", box["commands"]],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{box['commands']}\n{done.stdout}"
        ran.append((box["commands"], box["shown"] or "", done.stdout))
    return folder, ran


def test_each_box_shows_what_stands_below_it(session: tuple[Path, list[tuple[str, str, str]]]) -> None:
    _, ran = session
    assert len(ran) == SESSION.read_text("utf-8").count("```sh") > 10
    for commands, shown, said in ran:
        for line in shown.splitlines():
            pieces = [piece for piece in line.split("…") if piece.strip()]
            assert all(piece.rstrip() in said for piece in pieces), f"{commands}{line!r} is not in:\n{said}"


def test_the_files_hold_what_they_should(session: tuple[Path, list[tuple[str, str, str]]]) -> None:
    folder, _ = session
    assert len(list((folder / "pages").glob("*.html"))) == 20
    sheet = openpyxl.load_workbook(folder / "counts.xlsx").worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    kinds = {row[header.index("id")]: row[header.index("kind")] for row in rows}
    assert kinds["obs-7bfb302e4bc60bfa"] == "increment", "the correction is in the spreadsheet"
    with (folder / "sources.csv").open(encoding="utf-8-sig", newline="") as stream:
        sources = list(csv.DictReader(stream))
    assert any("dna 21,450 cumulative" in source["figures"] for source in sources)
    with zipfile.ZipFile(folder / "evidence.wacz") as package:
        assert "5803a7553861281be2ee2e" in package.read("pages/pages.jsonl").decode()
