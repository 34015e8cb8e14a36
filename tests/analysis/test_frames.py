"""Lists as DataFrames: typed, filtered as on the command line; the notebook in docs/ runs from first to last."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import nbformat
import pandas
import pytest
from nbclient import NotebookClient

import analysis
from analysis.errors import AnalysisError
from cli.main import main
from workspace.errors import NoWorkspace

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which somebody has taken the tour."""
    made = tmp_path_factory.mktemp("notebook")
    assert main(["demo", str(made / "holdfast-demo")]) == 0
    return made


@pytest.fixture
def home(folder: Path) -> Path:
    return folder / "holdfast-demo"


def listed(capsys: pytest.CaptureFixture[str], home: Path, *command: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["--home", str(home), *command, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_frame_has_the_rows_of_the_list(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("observations", "documents", "pages", "captures"):
        frame = getattr(analysis, name)("demo", home=home)
        rows = listed(capsys, home, name, "--campaign", "demo")
        assert list(frame.columns) == list(rows[0])
        assert list(frame["id"]) == [row["id"] for row in rows]


def test_a_column_has_its_type_and_its_meaning(home: Path) -> None:
    frame = analysis.observations(home=home)
    assert str(frame["count_min"].dtype) == "int64[pyarrow]", "no number is not nought, and no count is 35.0"
    assert isinstance(frame["date_end"].dropna().iloc[0], date)
    assert str(frame["published_at"].dt.tz) == "Asia/Shanghai"
    assert frame["count_min"].isna().any()
    assert set(frame.attrs["about"]) == set(frame.columns)


def test_filters_are_those_of_the_command_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = (
        "--place",
        "拉萨市",
        "--modality",
        "dna",
        "--modality",
        "iris",
        "--from",
        "2021-01-01",
        "--min-count",
        "10",
    )
    expected = [row["id"] for row in listed(capsys, home, "observations", *asked)]
    frame = analysis.observations(
        home=home, place="拉萨市", modality=["dna", "iris"], since="2021-01-01", min_count=10
    )
    assert list(frame["id"]) == expected
    assert expected
    assert analysis.observations(home=home, modality="voice", place="拉萨市").empty


def test_sums_count_each_claim_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = listed(capsys, home, "observations", "--campaign", "demo", "--by", "prefecture,modality")
    frame = analysis.sums(["prefecture", "modality"], "demo", home=home)
    assert json.loads(frame.to_json(orient="records", force_ascii=False)) == expected


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"county": "拉萨"}, "there is no filter 'county'; there are: place, since"),
        ({"since": "May"}, "since='May' is no day; write it as '2021-05-12'"),
        ({"modality": ["dna", "blood"]}, "there is no modality 'blood'; there are: dna, iris"),
    ],
)
def test_a_filter_that_there_is_not_is_one_sentence(home: Path, asked: dict[str, object], said: str) -> None:
    with pytest.raises(AnalysisError, match=said.replace("(", r"\\(")):
        analysis.observations(home=home, **asked)


def test_no_workspace_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace, match="is not a holdfast workspace"):
        analysis.pages(home=tmp_path)
    with pytest.raises(AttributeError, match="no attribute 'observation'"):
        analysis.observation  # noqa: B018


def test_the_notebook_runs(folder: Path, home: Path) -> None:
    notebook = nbformat.read(REPOSITORY / "docs" / "notebook.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "kept without outputs"
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, timeout=120).execute()
    told = "".join(json.dumps(cell.get("outputs", []), ensure_ascii=False) for cell in notebook.cells)
    first = analysis.observations("demo", home=home)["id"].iloc[0]
    assert isinstance(first, str)
    assert first in told
    assert "deleted_by_publisher" in told
    assert "Lowest number of samples" in told
    assert isinstance(analysis.sums("prefecture", "demo", home=home), pandas.DataFrame)
