"""`holdfast survival` as a user runs it, on what the demo collected."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from rich.console import Console

from analysis.survival import Curve, Point
from cli.main import main
from cli.survival import show
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


def test_no_figure_is_cut_on_a_narrow_screen() -> None:
    """The longest that a row can get: a long name, large counts, an interval from 100 to 100 %."""
    name = "西藏自治区日喀则市桑珠孜区公安局"
    curve = Curve(
        name, 123_456, 98_765, 0, 2000, 1_234, (Point(1, 1, 1, 1, 9), Point(170, 0.67, 0.19, 0.905, 9))
    )
    out = StringIO()
    show([curve], Console(file=out, width=80))
    said = out.getvalue()
    assert "…" not in said.partition("after …:")[0]
    for told in ("123456", "98765", "100%", "100–100%", "67%", "19–90%", "1,234 days"):
        assert told in said
    assert all(character in said for character in name)
