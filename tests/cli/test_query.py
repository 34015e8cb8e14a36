"""`holdfast observations`, `documents`, `pages`, `captures`, `search` and `trace` as a user runs them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
import typer
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

from archive.collection import Collection
from archive.exchange import Exchange
from archive.warc.warcformat import CrawlInfo
from archive.writing.writer import open_writer
from cli import query, search
from db.campaigns import Terms
from db.errors import BadFilter
from db.ingest.writing import ReadCapture, write
from db.session import connect
from tests.db.synthetic import (
    BEGIN,
    PANGDUO,
    TEXT,
    article,
    capture,
    notice,
    observation,
    read_capture,
    reported,
)
from workspace.layout import create_workspace
from workspace.settings import database_url, load_settings

URL = "https://wechat.example/s/AbCdEfGh"
GONE = "https://wechat.example/s/GoneGone"

Holdfast = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one article and one deleted page, both in a real archive."""
    workspace = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(workspace.root))
    collection = Collection(workspace.collection("tibet-dna"))
    with open_writer(collection, info=CrawlInfo("tibet-dna")) as writer:
        taken = [
            writer.write(Exchange(url=url, started_at=BEGIN, status=200, reason="OK", body=body)).result()
            for url, body in ((URL, TEXT.encode()), (GONE, "该内容已被发布者删除".encode()))
        ]
    live, gone = (capture for capture in taken if capture)
    engine: Engine = connect(database_url(workspace, load_settings(workspace)))
    with engine.begin() as connection:
        batch = [
            ReadCapture(live, "saved/=1.html", article(canonical=URL), reported(observation(place=PANGDUO))),
            ReadCapture(gone, None, notice(), None),
        ]
        write(connection, "tibet-dna", batch, terms=Terms("54"), reader="r1")
    engine.dispose()
    return workspace.root


@pytest.fixture
def holdfast(home: Path) -> Holdfast:
    """Runs the command line in the workspace."""
    app = typer.Typer()
    query.register(app)
    search.register(app)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("observations", "id modality kind count_min count_max unit date_start date_end place quote review"),
        (
            "documents",
            "id url title author account publisher published_at text images family language capture_id source_path",
        ),
        ("pages", "url availability last_checked captures source_path"),
        ("captures", "id url time status file offset length payload_digest"),
    ],
)
def test_lists_have_the_fields_that_scripts_rely_on(holdfast: Holdfast, command: str, fields: str) -> None:
    found = lines(holdfast(command, "--json"))
    assert found
    for line in found:
        assert set(fields.split()) <= set(line)


def test_documents_are_listed_by_language(holdfast: Holdfast) -> None:
    (found,) = lines(holdfast("documents", "--language", "zh", "--json"))
    assert found["language"] == "zh"
    assert lines(holdfast("documents", "--language", "bo", "--json")) == []


def test_a_document_is_told_in_shanghai_time(holdfast: Holdfast) -> None:
    (found,) = lines(holdfast("documents", "--json"))
    assert found["published_at"] == "2021-05-12T10:20:00+08:00"
    assert found["source_path"] == "saved/=1.html"
    assert found["images"] == ["https://img.example/1.jpg", "https://img.example/2.jpg"]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["--place", "拉萨"], 1),
        (["--place", "63"], 0),
        (["--modality", "dna", "--modality", "iris"], 1),
        (["--modality", "iris"], 0),
        (["--kind", "increment", "--from", "2021-05-11", "--to", "2021-05-11"], 1),
        (["--from", "2021-05-12"], 0),
        (["--account", "林周公安", "--min-count", "50", "--max-count", "60"], 1),
        (["--text", "血样 牧民", "--review", "none", "--campaign", "tibet-dna"], 1),
        (["--review", "accepted"], 0),
    ],
)
def test_options_narrow_the_list(holdfast: Holdfast, arguments: list[str], count: int) -> None:
    assert len(lines(holdfast("observations", "--json", *arguments))) == count


def test_a_deleted_page_is_listed_as_such(holdfast: Holdfast) -> None:
    (found,) = lines(holdfast("pages", "--json", "--availability", "deleted_by_publisher"))
    assert (found["url"], found["captures"]) == (GONE, 1)


def test_a_table_says_how_many_rows_it_has(holdfast: Holdfast) -> None:
    result = holdfast("observations")
    assert "53" in result.stdout
    assert "1 rows" in result.stderr
    more = holdfast("captures", "--limit", "1")
    assert "there are more" in more.stderr


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx", "geojson"])
@pytest.mark.parametrize("by_ending", [True, False])
def test_files_are_complete(holdfast: Holdfast, tmp_path: Path, form: str, by_ending: bool) -> None:
    file = tmp_path / f"out.{form if by_ending else 'dat'}"
    options = [] if by_ending else ["--format", form]
    assert holdfast("observations", "--output", str(file), *options).exit_code == 0
    content = file.read_bytes()
    match form:
        case "csv":
            (row,) = csv.DictReader(StringIO(content.decode("utf-8-sig")))
            assert row["count_max"] == "53"
        case "jsonl":
            assert json.loads(content)["count_max"] == 53
        case "parquet":
            assert pq.read_table(BytesIO(content)).to_pylist()[0]["count_max"] == 53
        case "xlsx":
            assert openpyxl.load_workbook(BytesIO(content)).sheetnames == [
                "observations",
                "sources",
                "columns",
            ]
        case _:
            assert json.loads(content)["features"][0]["properties"]["count_max"] == 53
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_telephone_numbers_are_hidden_unless_asked_for(holdfast: Holdfast) -> None:
    for command in (["documents", "--json"], ["search", "联系电话"], ["search", "联系电话", "--json"]):
        assert "13800138000" not in holdfast(*command).output
        assert "13800138000" in holdfast(*command, "--unmask").output


def test_search_finds_two_characters_and_marks_them(holdfast: Holdfast) -> None:
    (found,) = lines(holdfast("search", "血样", "--json"))
    (start, end), *_ = found["matches"]  # type: ignore[misc]
    assert str(found["snippet"])[start:end] == "血样"
    assert "1 documents" in holdfast("search", "血样").stderr
    assert lines(holdfast("search", "虹膜", "--json")) == []


def test_a_trace_reaches_the_bytes_and_hashes_them_again(holdfast: Holdfast, home: Path) -> None:
    (found,) = lines(holdfast("observations", "--json"))
    shown = holdfast("trace", str(found["id"]))
    assert shown.exit_code == 0
    for words in ("采集血样53份", "the stored text has it there", "offset", "sha256:", "read again just now"):
        assert words in shown.stdout
    (told,) = lines(holdfast("trace", str(found["id"]), "--json"))
    assert told["bytes"]["matches"] is True  # type: ignore[index]
    assert told["bytes"]["payload_digest"] == told["capture"]["payload_digest"]  # type: ignore[index]


def test_a_trace_over_altered_bytes_says_so_and_fails(holdfast: Holdfast, home: Path) -> None:
    (found,) = lines(holdfast("observations", "--json"))
    (place,) = [line for line in lines(holdfast("captures", "--json")) if line["url"] == URL]
    warc = home / "collections" / "tibet-dna" / "archive" / str(place["file"])
    content = bytearray(warc.read_bytes())
    content[int(str(place["offset"])) + 60] ^= 0xFF
    warc.write_bytes(content)
    shown = holdfast("trace", str(found["id"]))
    assert shown.exit_code == 1
    assert "THE BYTES" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["trace", "obs-0000000000000000"], "nothing has the id"),
        (["observations", "--from", "yesterday"], "is no day"),
        (["observations", "--place", "123"], "no division code"),
        (["observations", "--output", "/nonexistent/x.csv"], "cannot write"),
        (["observations", "--output", "x.doc"], "no ending of a known format"),
        (["search", "  "], "no words"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    holdfast: Holdfast, arguments: list[str], says: str
) -> None:
    result = holdfast(*arguments)
    assert result.exit_code != 0
    assert says in str(result.exception)
    assert "\n" not in str(result.exception)


REFUSED = {
    "a campaign that there is not": (["observations", "--campaign", "nope"], "campaigns are: "),
    "a search in one": (["search", "血样", "--campaign", "nope"], "campaigns are: "),
    "sums by nothing": (["observations", "--by", ""], "--by is empty"),
    "two formats": (["observations", "--json", "--format", "csv"], "two formats"),
    "a file named like another format": (["pages", "--json", "-o", "{folder}/x.csv"], "would hold jsonl"),
    "a file that is there": (["pages", "-o", "{folder}/own.csv"], "is there already"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(name: str, holdfast: Holdfast, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("mine")
    arguments, says = REFUSED[name]
    result = holdfast(*(each.format(folder=tmp_path) for each in arguments))
    assert says in str(result.exception)
    assert (tmp_path / "own.csv").read_text() == "mine"
    assert not (tmp_path / "x.csv").exists()


def test_names_after_by_may_be_set_apart(holdfast: Holdfast) -> None:
    told = ("observations", "--format", "csv", "--by")
    assert holdfast(*told, "county, month").stdout == holdfast(*told, "county,month").stdout


def test_a_table_keeps_ids_whole_on_a_narrow_screen(
    holdfast: Holdfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (found,) = lines(holdfast("observations", "--json"))
    assert str(found["id"]) in holdfast("observations").stdout


@pytest.fixture
def repost(home: Path) -> None:
    """Another page that says the same."""
    engine = connect(f"sqlite:///{home}/holdfast.db")
    with engine.begin() as connection:
        said = read_capture(capture("https://wechat.example/s/Repost"), claims=reported(observation()))
        write(connection, "tibet-dna", [said], terms=Terms("54"), reader="r1")
    engine.dispose()


@pytest.mark.usefixtures("repost")
def test_what_sums_count_once_is_shown_with_all_that_makes_it(holdfast: Holdfast) -> None:
    first, second = lines(holdfast("observations", "--claims", "--json"))
    assert first["claim"] == second["claim"]
    assert (first["stands"], second["stands"]) == (True, False)
    assert {first["url"], second["url"]} == {URL, "https://wechat.example/s/Repost"}
    assert len(lines(holdfast("observations", "--claims", "--json", "--limit", "1"))) == 1
    traced = json.loads(holdfast("trace", str(first["id"]), "--json").stdout)
    assert traced["same_claim"] == [second["id"]]
    assert str(second["id"]) in holdfast("trace", str(first["id"])).stdout


def test_sums_and_claims_are_two_lists(holdfast: Holdfast) -> None:
    refused = holdfast("observations", "--claims", "--by", "county")
    assert isinstance(refused.exception, BadFilter)
