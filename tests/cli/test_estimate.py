"""`holdfast estimate` as a user runs it, down to the bytes."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.exchange import Exchange
from archive.warc.warcformat import CrawlInfo
from archive.writing.writer import open_writer
from cli.main import main
from db.campaigns import Terms
from db.ingest.writing import ReadCapture, write
from db.session import connect
from parsers.observation import Kind, PlaceRef
from tests.cli.test_query import home  # noqa: F401  # a fixture
from tests.db.synthetic import BEGIN, TEXT, article, document, observation, reported
from workspace.layout import Workspace
from workspace.settings import database_url, load_settings

LHASA = PlaceRef("5401", "西藏自治区拉萨市", "prefecture")
CHAMDO = PlaceRef("5403", "西藏自治区昌都市", "prefecture")


@pytest.fixture
def reports(home: Path) -> Path:  # noqa: F811
    """A workspace with a running total of two prefectures, in a real archive."""
    report_totals(Workspace(home), (LHASA, 86_789), (CHAMDO, 152_193))
    return home


def report_totals(workspace: Workspace, *totals: tuple[PlaceRef, int]) -> None:
    """Archives and reads one page for each running total of a place."""
    engine = connect(database_url(workspace, load_settings(workspace)))
    with open_writer(Collection(workspace.collection("tibet-dna")), info=CrawlInfo("tibet-dna")) as writer:
        for number, (place, count) in enumerate(totals):
            url = f"https://wechat.example/s/total-{number}"
            body = f"{TEXT}{number}".encode()
            taken = writer.write(
                Exchange(url=url, started_at=BEGIN, status=200, reason="OK", body=body)
            ).result()
            assert taken
            claims = reported(observation(place=place, count=count, kind=Kind.CUMULATIVE))
            read = ReadCapture(taken, None, article(document(f"{TEXT}{number}"), canonical=url), claims)
            with engine.begin() as connection:
                write(connection, "tibet-dna", [read], terms=Terms("54"), reader="r1")
    engine.dispose()


def test_an_estimate_is_reckoned_kept_and_traced_to_its_bytes(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["estimate", "tibet-dna", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    rest = 3_648_100 - 867_891 - 760_966
    assert made["low"] == 86_789 + 152_193 + round(86_789 * rest / 867_891)
    assert made["high"] == 86_789 + 152_193 + round(152_193 * rest / 760_966)
    assert [each["place"] for each in made["inputs"]] == [LHASA.name, CHAMDO.name]
    assert main(["estimate", "tibet-dna"]) == 0
    assert f"kept as {made['id']}" in capsys.readouterr().out, "the same again has the same id"
    assert main(["trace", made["id"]]) == 0
    chain = capsys.readouterr().out
    assert chain.count("have this digest") == 2
    assert "at the lowest share" in chain


def test_a_rejected_reading_is_no_input_and_a_corrected_one_is_as_corrected(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["observations", "--json", "--kind", "cumulative"])
    by_place = {each["place"]: each["id"] for each in map(json.loads, capsys.readouterr().out.splitlines())}
    main(["review", "reject", by_place[CHAMDO.name], "--reason", "officers", "--reviewer", "Ada"])
    main(
        [
            "review",
            "correct",
            by_place[LHASA.name],
            "--count",
            "100",
            "--reason",
            "misread",
            "--reviewer",
            "Ada",
        ]
    )
    capsys.readouterr()
    assert main(["estimate", "tibet-dna", "--recipe", "latest-cumulative", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["low"], made["high"]) == (100, 100)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["nope"], "no campaign 'nope'"),
        (["tibet-dna", "--recipe", "guess"], "no recipe"),
        (["tibet-dna", "--year", "1953"], "no populations of 1953"),
        (["qinghai-iris"], "no place in 青海省 has a running total of iris"),
        (["tibet-dna", "--study", "--modality", "iris"], "the study of tibet-dna is of dna, not of iris"),
    ],
)
def test_what_cannot_be_reckoned_is_one_line(
    reports: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], what: str
) -> None:
    assert main(["estimate", *arguments]) == 2
    said = capsys.readouterr().err
    assert what in said
    assert said.count("\n") == 1
    assert not said.rstrip().endswith(";")
    assert main(["trace", "est-nothing"]) == 2


def correct(capsys: pytest.CaptureFixture[str], place: PlaceRef, *values: str) -> str:
    """Corrects the running total of a place; gives the observation's id."""
    capsys.readouterr()
    main(["observations", "--json", "--kind", "cumulative", "--place", str(place.code)])
    identifier = str(json.loads(capsys.readouterr().out)["id"])
    assert main(["review", "correct", identifier, *values, "--reason", "misread", "--reviewer", "Ada"]) == 0
    capsys.readouterr()
    return identifier


def test_an_estimate_whose_readings_have_changed_since_says_so(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reported(name: str, *more: str) -> str:
        assert main(["export", "report", "tibet-dna", "--to", str(tmp_path / name), *more]) == 0
        return (tmp_path / name / "report.md").read_text("utf-8")

    assert main(["estimate", "tibet-dna", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["id"]
    assert "Changed since" not in reported("before")
    changed = correct(capsys, CHAMDO, "--count", "7")
    told = f"{CHAMDO.name}, 152,193 ({changed}): now 7"
    assert main(["trace", first]) == 0
    assert f"CHANGED SINCE: {told}" in capsys.readouterr().out
    assert "**Changed since it was made:**" in reported("after")
    capsys.readouterr()

    assert main(["estimate", "tibet-dna", "--json"]) == 0
    second = json.loads(capsys.readouterr().out)["id"]
    assert second != first
    latest, every = reported("latest"), reported("every", "--all-estimates")
    assert (first in latest, second in latest) == (False, True)
    assert (first in every, second in every) == (True, True)
    main(["review", "reject", changed, "--reason", "officers", "--reviewer", "Ada"])
    capsys.readouterr()
    assert main(["trace", first, "--json"]) == 0
    (rejected,) = json.loads(capsys.readouterr().out.splitlines()[0])["changed"]
    assert rejected.endswith("rejected since")


def test_more_samples_than_people_is_said_wherever_the_estimate_is(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identifier = correct(capsys, LHASA, "--count", "960000")
    assert main(["estimate", "tibet-dna"]) == 0
    said = capsys.readouterr().out
    doubt = f"{LHASA.name}: 960,000 reported of 867,891 people, 110.6 % ({identifier})"
    assert f"WARNING: {doubt}" in said
    assert f"holdfast review reject {identifier}" in said
    assert main(["trace", said.split("kept as ")[1].split()[0]]) == 0
    assert f"WARNING: {doubt}" in capsys.readouterr().out
    assert main(["export", "report", "tibet-dna", "--to", str(tmp_path / "report")]) == 0
    assert "Doubtful:" in (tmp_path / "report" / "report.html").read_text("utf-8")


def test_an_estimate_is_packed_with_the_records_that_it_rests_on(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["estimate", "tibet-dna", "--recipe", "latest-cumulative", "--json"])
    made = json.loads(capsys.readouterr().out)
    target = tmp_path / "estimate.wacz"
    assert main(["export", "wacz", "--estimate", made["id"], "-o", str(target)]) == 0
    with zipfile.ZipFile(target) as package:
        told = json.loads(package.read(f"estimate/{made['id']}.json"))
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()[1:]]
    assert [each["trace"] for each in told["inputs"]] == [each["trace"] for each in made["inputs"]]
    assert {page["url"] for page in pages} == {f"https://wechat.example/s/total-{n}" for n in (0, 1)}


def test_an_estimate_of_a_studys_figures_has_no_records_to_pack(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["estimate", "tibet-dna", "--study", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    target = tmp_path / "study.wacz"
    assert main(["export", "wacz", "--estimate", made["id"], "-o", str(target)]) == 2
    assert "not on archived pages" in capsys.readouterr().err
    assert not target.exists()


PLANS = """
[[estimate]]
name = "as published"
recipe = "exemplar"
year = 2010

[[estimate]]
name = "without Chamdo"
recipe = "exemplar"
without = { "5403" = "counted twice there" }
"""


def with_plans(home: Path, plans: str) -> None:  # noqa: F811
    shipped = Path(__file__).parents[2] / "campaigns" / "tibet-dna.toml"
    head, _, tail = shipped.read_text("utf-8").partition("[[estimate]]")
    own = home / "campaigns" / "tibet-dna.toml"
    _, _, sources = tail.partition("[[source]]")
    text = head.replace("studies/", f"{shipped.parent}/studies/") + plans + "\n[[source]]" + sources
    own.write_text(text, "utf-8")


def test_a_campaign_plans_its_estimates(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_plans(reports, PLANS)
    assert main(["estimate", "tibet-dna", "--json"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["recipe"], first["year"]) == ("exemplar", 2010)
    (left_out,) = second["left_out"]
    assert re.fullmatch(rf"{CHAMDO.name}, 152,193 \(obs-[0-9a-f]{{16}}\): counted twice there", left_out)
    assert main(["estimate", "tibet-dna", "--recipe", "without Chamdo"]) == 0
    said = capsys.readouterr().out
    assert "without Chamdo, census of 2020" in said
    assert "counted twice there" in said
    assert f"kept as {second['id']}" in said


@pytest.mark.parametrize(
    ("plan", "what"),
    [
        (
            'name = "a"\nrecipe = "guess"',
            "'guess' is no recipe; there are exemplar, latest-cumulative, weighted-",
        ),
        ('name = "a"\nrecipe = "exemplar"\ninterval = 2', "interval"),
        ('name = "a"\nrecipe = "exemplar"\nwithout = { "5403" = "" }', "without"),
        ('name = "a"\nrecipe = "exemplar"\nwithout = { "Chamdo" = "x" }', "without"),
        ('name = "a"\nrecipe = "exemplar"\nwithout = { "9999" = "x" }', "no place has the code 9999"),
        (
            'name = "a"\nrecipe = "exemplar"\n[[estimate]]\nname = "a"\nrecipe = "exemplar"',
            "two estimates are called",
        ),
        ('name = "a"\nrecipe = "weighted-bootstrap"', "needs 3 places"),
    ],
)
def test_a_plan_that_cannot_be_reckoned_is_one_line(
    reports: Path, plan: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with_plans(reports, f"[[estimate]]\n{plan}\n")
    assert main(["estimate", "tibet-dna"]) == 2
    said = capsys.readouterr().err
    assert what in said
    assert said.count("\n") == 1


def test_nothing_is_kept_when_one_of_the_plans_cannot_be_reckoned(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_plans(reports, PLANS + '[[estimate]]\nname = "c"\nrecipe = "guess"\n')
    assert main(["estimate", "tibet-dna"]) == 2
    assert capsys.readouterr().out == ""
    assert main(["export", "report", "tibet-dna", "--to", str(tmp_path / "report")]) == 0
    assert "None was made yet" in (tmp_path / "report" / "report.md").read_text("utf-8")


def test_a_prefecture_whose_counties_report_as_well_is_not_lost(
    home: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The counties come to more than their prefecture, but nobody knows how many people they have."""
    nagchu = PlaceRef("5406", "西藏自治区那曲市", "prefecture")
    counties = (
        PlaceRef("540621", "西藏自治区那曲市嘉黎县", "county"),
        PlaceRef("540622", "西藏自治区那曲市比如县", "county"),
    )
    workspace = Workspace(home)
    report_totals(workspace, (nagchu, 30_000), (counties[0], 11_000), (counties[1], 20_000))
    assert main(["estimate", "tibet-dna", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [(each["place"], each["low"]) for each in made["inputs"]] == [(nagchu.name, 30_000)]
    assert [each.split(" (")[0] for each in made["left_out"]] == [
        f"{counties[0].name}, 11,000",
        f"{counties[1].name}, 20,000",
    ]
    assert main(["estimate", "tibet-dna", "--recipe", "latest-cumulative"]) == 0
    assert f"left out: {nagchu.name}, 30,000 (obs-" in capsys.readouterr().out


@pytest.mark.parametrize("people", ["0", "-5", '"40,000"'])
def test_a_population_that_is_none_is_one_line_and_nothing_is_kept(
    reports: Path, tmp_path: Path, people: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = reports / "campaigns" / "population.csv"
    own.write_text(f"code,year,people,source\n5403,2020,{people},x\n")
    for command in (["estimate", "tibet-dna"], ["findings", "tibet-dna"]):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert f"{own}, line 2: people is" in said
        assert said.count("\n") == 1
    own.unlink()
    assert main(["export", "report", "tibet-dna", "--to", str(tmp_path / "report")]) == 0
    assert "None was made yet" in (tmp_path / "report" / "report.md").read_text("utf-8")
