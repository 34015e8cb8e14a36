"""The report on a study: what it says, and that nothing on a page can make it say or load anything else."""

from __future__ import annotations

import csv
import re
from dataclasses import asdict
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from lxml import html
from markdown_it import MarkdownIt

from analysis.estimates.estimate import estimate
from analysis.estimates.inputs import Input, Population
from analysis.report.content import MOST_FIGURES, report_of
from analysis.report.drawing import ChartFormat, drawn
from analysis.report.rendering import files_of
from analysis.studies.findings import findings_of
from analysis.studies.study import Study
from tests.analysis.items import item
from tests.analysis.synthetic_study import study

NOW = datetime(2023, 4, 21, 4, 0, tzinfo=UTC)
LHASA = Population("5401", 2020, 867_891, "合成普查")
HOSTILE = "</p><script>alert(1)</script> [x](javascript:alert(2)) ![y](https://attacker.example/p.png) | # `<img src=x>"

OBSERVATIONS = (
    item(86_789, "5401", None, "2021-01-31", kind="cumulative", venue=["home"], account="合成公安"),
    item(
        (12_000, 12_999), "540329", "2021-05-01", "2021-05-31", quote="合成：采集1.2万余份", targets=["men"]
    ),
    item(None, "540121", kind="none", purposes=["missing_persons"]),
)


def files(made: Study, estimates: tuple[dict[str, Any], ...] = (), **options: Any) -> dict[str, str]:
    found = findings_of(made, [LHASA])
    report = report_of(made, found, estimates, NOW, replay="http://127.0.0.1:8090", **options)
    return {name: content.decode("utf-8-sig") for name, content in files_of(report).items()}


def text_of(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def rendered(markdown: str) -> Any:
    return html.fromstring(MarkdownIt("commonmark").enable("table").render(markdown))


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return files(study(OBSERVATIONS))


def test_it_tells_the_figures_the_places_and_the_coverage(made: dict[str, str]) -> None:
    said = text_of(made["report.html"])
    for told in (
        "12,000–12,999",
        "86,789",
        "2 of 7",
        "10.0 %",
        "finding missing persons",
        "合成公安",
        "homes",
    ):
        assert told in said
        assert told in " ".join(rendered(made["report.md"]).text_content().split())


def test_every_note_ends_in_file_offset_and_digest(made: dict[str, str]) -> None:
    page = html.fromstring(made["report.html"])
    notes = page.xpath("//ol[@class='notes']/li")
    assert len(notes) == 3
    for note in notes:
        assert re.search(r"合成\.warc\.gz at 412\s*sha256:0{64}$", note.text_content().strip())
    assert made["report.md"].count("sha256:" + "0" * 64) == 3


def test_every_number_leads_to_its_note(made: dict[str, str]) -> None:
    for page in (html.fromstring(made["report.html"]), rendered(made["report.md"])):
        targets = set(page.xpath("//@id"))
        leads = [href[1:] for href in page.xpath("//a/@href") if href.startswith("#")]
        assert {"note-1", "note-2", "note-3"} <= set(leads)
        assert set(leads) <= targets


def test_the_page_asks_nothing_of_anyone(made: dict[str, str]) -> None:
    page = html.fromstring(made["report.html"])
    assert not page.xpath("//script | //link | //iframe | //object | //base")
    assert all(src.startswith("data:image/svg+xml;base64,") for src in page.xpath("//@src"))
    assert not re.search(r"url\(|@import", made["report.html"])
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")


def test_the_data_of_counts_over_time_has_both_ends_of_each_period(made: dict[str, str]) -> None:
    rows = list(csv.DictReader(StringIO(made["charts/counts-over-time.csv"].removeprefix("\ufeff"))))
    assert list(rows[0]) == ["quarter", "modality", "least", "most", "over"]
    assert all(0 <= int(row["least"]) <= int(row["most"]) for row in rows)


def test_charts_are_pictures_with_their_data_and_words_for_what_they_show(made: dict[str, str]) -> None:
    page = html.fromstring(made["report.html"])
    drawn = {name for name in made if name.endswith(".svg")}
    assert {"charts/by-prefecture.svg", "charts/coverage.svg", "charts/survival.svg"} <= drawn
    assert len(page.xpath("//img[string-length(@alt) > 20]")) == len(drawn)
    for name in drawn:
        picture = ElementTree.fromstring(made[name])  # noqa: S314  # drawn by ourselves
        assert picture.tag == "{http://www.w3.org/2000/svg}svg"
        assert "https://" not in made[name]
        assert list(csv.DictReader(StringIO(made[name.replace(".svg", ".csv")])))
    assert "Lhasa 拉萨市" in made["charts/by-prefecture.svg"]


def test_the_report_has_a_map_with_a_countys_figure(made: dict[str, str]) -> None:
    rows = {row["code"]: row for row in csv.DictReader(StringIO(made["charts/map-by-county-dna.csv"]))}
    assert rows["540329"]["samples_at_least"] == "12000"
    assert rows["540121"]["samples_at_least"] == "", "it is reported, and no number is given"
    assert "Lhorong 洛隆县" in made["charts/map-by-county-dna.svg"]
    for page in (html.fromstring(made["report.html"]), rendered(made["report.md"])):
        assert page.xpath("//img[contains(@alt, 'not zero')]")


def test_a_chart_shows_the_places_without_a_claim_too(made: dict[str, str]) -> None:
    rows = list(csv.DictReader(StringIO(made["charts/by-prefecture.csv"])))
    assert [row["sources"] for row in rows] == ["2", "1", "0", "0", "0", "0", "0"]


def test_what_pages_say_stays_text() -> None:
    hostile = item(
        53, title=HOSTILE, account=HOSTILE, quote=HOSTILE, organ=HOSTILE, url="javascript:alert(3)"
    )
    told = files(study([hostile]))
    for page in (html.fromstring(told["report.html"]), rendered(told["report.md"])):
        assert not page.xpath(
            "//script | //img[not(starts-with(@src, 'data:') or starts-with(@src, 'charts/'))]"
        )
        assert not [
            href for href in page.xpath("//@href") if not href.startswith(("#", "http://127.0.0.1:8090/"))
        ]
        assert "alert(1)" in page.text_content(), "it is shown, as it stands"
    cells = rendered(told["report.md"]).xpath("//table[.//th='words']//tr/td[4]")
    assert cells[0].text_content() == HOSTILE


def test_words_of_pages_run_nowhere_in_a_charts_page() -> None:
    spec = {"data": {"values": [{"a": HOSTILE + "</script><script>alert(9)</script>"}]}, "mark": "bar"}
    page = drawn(spec, ChartFormat.HTML).decode()
    assert "<script>alert" not in page
    assert r"\u003cscript>alert(9)" in page, "it is data still"
    assert "default-src 'none'" in page


def test_telephone_numbers_are_hidden_unless_asked_for() -> None:
    made = study([item(53, title="合成13800138000", quote="合成13900139000")])
    for told, shown in ((files(made), False), (files(made, unmask=True), True)):
        for name in ("report.html", "report.md", "figures.csv", "sources.csv"):
            assert ("13800138000" in told[name] or "13900139000" in told[name]) is shown


def test_a_campaign_without_anything_has_a_report_that_says_so() -> None:
    told = files(study([]))
    assert "No page gives a running total" in text_of(told["report.html"])
    assert [name for name in told if name.endswith(".svg")] == ["charts/by-prefecture.svg"]


def test_what_is_too_long_for_the_page_is_in_the_list() -> None:
    many = [item(100 + n, f"54012{1 + n % 4}", quote=f"合成{n}") for n in range(MOST_FIGURES + 3)]
    told = files(study(many))
    assert "and 3 more: figures.csv has all." in text_of(told["report.html"])
    assert len(list(csv.DictReader(StringIO(told["figures.csv"])))) == MOST_FIGURES + 3


def test_an_estimate_is_shown_with_its_inputs_its_sensitivity_and_what_it_leaves_out() -> None:
    inputs = [
        Input("5401", "西藏自治区拉萨市", 86_789, 86_789, OBSERVATIONS[0].id),
        Input("540329", "洛隆县", 12, 15, "obs-x"),
    ]
    people = [LHASA, Population("54", 2020, 3_648_100, "合成普查"), Population("540329", 2010, 40_000, "合成"),
              Population("54", 2010, 3_002_165, "合成")]  # fmt: skip
    made = asdict(estimate("exemplar", "dna", "54", inputs, people, 2020)) | {"made_at": NOW}
    files_made = files(study(OBSERVATIONS), (made,))
    page = html.fromstring(files_made["report.html"])
    (said,) = page.xpath("//p[b='364,810']")
    assert "(10.0% to 10.0% of residents)" in said.text_content()
    assert "DNA, by the recipe exemplar and the census of 2020" in " ".join(said.text_content().split())
    assert said.xpath("a/@href") == ["#note-1"]
    for shown in (page, rendered(files_made["report.md"])):
        assert cells(shown, "total of") == [["西藏自治区拉萨市", "86,789", "1", OBSERVATIONS[0].id]]
        assert cells(shown, "changed") == [["census of 2010", "901–1,126"]]
        assert shown.xpath("//li[.='洛隆县, 12 to 15 (obs-x): no population of 2020 with a source']")


def cells(page: Any, head: str) -> list[list[str]]:
    """The rows of the table whose first column is called so."""
    rows = page.xpath("//table[.//th[1]=$head]//tr[td]", head=head)
    return [[cell.text_content() for cell in row.xpath("td")] for row in rows]
