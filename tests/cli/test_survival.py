"""`holdfast survival` as a user runs it, on what the demo collected."""

from __future__ import annotations

import json

import pytest

from cli.main import main
from tests.cli.test_findings import collected, home  # noqa: F401  # fixtures

Capture = pytest.CaptureFixture[str]


def test_it_tells_what_is_only_in_the_archive(capsys: Capture) -> None:
    assert main(["survival", "demo", "--by", "family"]) == 0
    said = capsys.readouterr().out
    assert "confirmed to be gone" in said
    assert "wechat" in said


def test_every_curve_has_its_pages_and_no_curve_rises(capsys: Capture) -> None:
    main(["survival", "demo", "--json"])
    (whole,) = map(json.loads, capsys.readouterr().out.splitlines())
    main(["survival", "demo", "--by", "source", "--json"])
    parts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(part["pages"] for part in parts) == whole["pages"] > 0
    for curve in (whole, *parts):
        shares = [point["share"] for point in curve["points"]]
        assert shares == sorted(shares, reverse=True)


def test_an_unknown_campaign_is_one_line(capsys: Capture) -> None:
    assert main(["survival", "nowhere"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
