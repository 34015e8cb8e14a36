"""What reviewers said holds in findings and in the list of sources."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from tests.cli.test_query import home  # noqa: F401  # a fixture

Output = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("home")


def told(capsys: Output, *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def review(capsys: Output, verdict: str, *more: str) -> None:
    identifier = told(capsys, "observations")["id"]
    assert main(["review", verdict, identifier, "--reason", "合成", "--reviewer", "Ada", *more]) == 0
    capsys.readouterr()


def test_a_page_all_of_whose_readings_were_rejected_is_no_source(capsys: Output) -> None:
    assert told(capsys, "findings", "tibet-dna")["figures"] == {"part": 1, "whole": 1}
    review(capsys, "reject")
    found = told(capsys, "findings", "tibet-dna")
    assert (found["figures"], found["claims"]) == ({"part": 0, "whole": 0}, 0)


def test_a_corrected_figure_and_place_are_those_of_the_list(capsys: Output, tmp_path: Path) -> None:
    review(capsys, "correct", "--count", "530", "--place", "540329")
    assert main(["export", "sources", "tibet-dna", "--to", str(tmp_path / "sources.csv")]) == 0
    (row,) = csv.DictReader((tmp_path / "sources.csv").read_text("utf-8-sig").splitlines())
    assert row["figures"].split()[1] == "530"
    assert row["places"] == "西藏自治区昌都市洛隆县"


def test_what_a_reviewer_places_outside_the_region_is_left_out_and_counted(capsys: Output) -> None:
    review(capsys, "correct", "--place", "630203")
    found = told(capsys, "findings", "tibet-dna")
    assert (found["elsewhere"], found["figures"]["whole"]) == (1, 0)
