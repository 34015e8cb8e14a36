"""`holdfast findings` as a user runs it, on what the demo collected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import main

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def collected(toured: Path) -> Path:
    return toured


@pytest.fixture(autouse=True)
def home(collected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_HOME", str(collected))


def test_it_tells_of_places_times_and_pages_that_are_gone(capsys: Capture) -> None:
    assert main(["findings", "demo"]) == 0
    said = capsys.readouterr().out
    for heading in ("Documented places", "Timeline", "Venues", "Police bodies", "Pages at the last look"):
        assert heading in said
    assert "16 sources, 15 with figures (93.8 %)" in said


def test_json_has_all_and_agrees_with_the_lists(capsys: Capture) -> None:
    main(["pages", "--json"])
    gone = [
        p
        for p in map(json.loads, capsys.readouterr().out.splitlines())
        if p["availability"].startswith("deleted")
    ]
    assert main(["findings", "demo", "--by", "year", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["survival"][-1]["gone"] == len(gone) == 1
    assert [each["period"] for each in found["timeline"]] == ["2020", "2021", "2022"]
    assert sum(each["sources"] for each in found["timeline"]) == found["figures"]["whole"]
    assert found["elsewhere"] > 0, "the demo also has pages on Qinghai"
    assert all(place["code"].startswith("54") for level in found["levels"] for place in level["places"])


def test_a_list_that_is_cut_says_how_many_there_are(capsys: Capture) -> None:
    assert main(["observations", "--json"]) == 0
    every = len(capsys.readouterr().out.splitlines())
    assert main(["observations", "--limit", "3"]) == 0
    assert f"3 rows of {every}; there are more: say --limit 30" in capsys.readouterr().err


def test_sums_that_are_cut_on_the_screen_say_how_many_there_are_and_show_their_totals(
    capsys: Capture,
) -> None:
    assert main(["observations", "--by", "county", "--json"]) == 0
    every = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    totals = [row for row in every if row["row"].startswith("total")]
    assert totals
    assert main(["observations", "--by", "county", "--limit", "2"]) == 0
    shown = capsys.readouterr()
    assert f"{2 + len(totals)} rows of {len(every)}; there are more: say --limit 20" in shown.err
    assert [line.split()[0].strip(",") for line in shown.out.splitlines()].count("total") == len(totals)


def test_claims_that_are_cut_say_how_many_rows_there_are(capsys: Capture) -> None:
    assert main(["observations", "--claims", "--json"]) == 0
    every = len(capsys.readouterr().out.splitlines())
    assert main(["observations", "--claims", "--limit", "1"]) == 0
    assert f"1 rows of {every}; there are more" in capsys.readouterr().err


def test_sums_are_cut_as_lists_are(capsys: Capture) -> None:
    assert main(["observations", "--by", "county", "--limit", "2", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_one_modality_may_be_asked_for(capsys: Capture) -> None:
    told = []
    for modality in ("dna", "iris"):
        assert main(["findings", "demo", "--modality", modality, "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0]["claims"] > told[1]["claims"]
    assert {each["modality"] for each in told[0]["coverage"]} == {"dna"}


def test_an_unknown_campaign_is_one_line(capsys: Capture) -> None:
    assert main(["findings", "nowhere"]) == 2
    assert capsys.readouterr().err.startswith("holdfast: there is no campaign 'nowhere'; campaigns are: demo")
