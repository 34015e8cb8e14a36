"""Campaign files: what is accepted, and what a user is told when one is not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from workspace.campaign import SHIPPED, campaign_names, load_campaign, read_campaign
from workspace.errors import InvalidCampaign, UnknownCampaign
from workspace.layout import create_workspace

VALID = """\
name = "mine"
title = "Mine"
modalities = ["dna"]
keywords = ["血样"]

[region]
code = "54"
name = "西藏自治区"

[period]
start = 2016-06-01

[[source]]
name = "First"
kind = "column"
url = "http://first.example/news/"

[[source]]
name = "Second"
kind = "search"
url = "http://second.example/search?q={keyword}"
"""


def campaign_at(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["tibet-dna", "qinghai-iris"])
def test_the_two_studies_ship_as_campaigns_with_their_tables(name: str) -> None:
    campaign = load_campaign(name)
    for table in (campaign.study_sources, campaign.study_figures, campaign.study_findings):
        rows = list(csv.DictReader((SHIPPED / table).read_text("utf-8").splitlines()))
        assert rows, table


def test_a_valid_file_is_read(tmp_path: Path) -> None:
    campaign = read_campaign(campaign_at(tmp_path, VALID))
    assert [source.name for source in campaign.source] == ["First", "Second"]
    assert campaign.period.end is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('modalities = ["dna"]', 'modalities = ["blood"]'), "line 3: modalities.0: "),
        (('title = "Mine"', ""), "title: Field required"),
        (('code = "54"', 'code = "Tibet"'), "line 7: region.code: "),
        (
            ("start = 2016-06-01", "start = 2016-06-01\nend = 2015-01-01"),
            "line 10: period: end is before start",
        ),
        (
            ("http://first.example/news/", "first.example/news/"),
            "line 16: source.0.url: must begin with http",
        ),
        (("?q={keyword}", ""), "line 18: source.1: a search source has {keyword}"),
        (('kind = "column"', 'kind = "rumour"'), "line 15: source.0.kind: "),
        (('name = "mine"', 'name = "other"'), "line 1: name: is 'other', but the file is called mine.toml"),
        (('title = "Mine"', 'title = "Mine'), "is not valid TOML"),
        (('title = "Mine"', 'title = "Mine"\ncolour = "red"'), "line 3: colour: "),
    ],
)
def test_an_error_names_file_line_and_key(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    path = campaign_at(tmp_path, VALID.replace(*change))
    with pytest.raises(InvalidCampaign) as caught:
        read_campaign(path)
    message = str(caught.value)
    assert str(path) in message
    assert expected in message
    assert "\n" not in message


def test_a_binary_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InvalidCampaign, match=r"a campaign file is UTF-8 text"):
        read_campaign(path)


def test_an_unknown_campaign_lists_the_known_ones() -> None:
    with pytest.raises(UnknownCampaign, match="qinghai-iris, tibet-dna"):
        load_campaign("tibet")


@pytest.mark.parametrize("name", ["../secrets", "a/b", "", "."])
def test_a_name_that_is_a_path_is_unknown(name: str) -> None:
    with pytest.raises(UnknownCampaign):
        load_campaign(name)


def test_the_workspaces_own_campaign_comes_first(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "work")
    own = VALID.replace('name = "mine"', 'name = "tibet-dna"')
    (workspace.campaigns / "tibet-dna.toml").write_text(own, encoding="utf-8")
    assert load_campaign("tibet-dna", workspace).title == "Mine"
    assert "qinghai-iris" in campaign_names(workspace)
