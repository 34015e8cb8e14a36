"""`holdfast review` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.main import main
from tests.cli.test_query import home  # noqa: F401  # a fixture

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def holdfast(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: F811
    """Runs the command line in the workspace: exit code, output, errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([*map(str, arguments)])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def identifier(holdfast: Run) -> str:
    return str(json.loads(holdfast("observations", "--json")[1])["id"])


@pytest.mark.parametrize("name", ["verdicts.csv", "verdicts.jsonl"])
def test_correct_export_and_take_in(
    holdfast: Run,
    identifier: str,
    home: Path,  # noqa: F811
    tmp_path: Path,
    name: str,
) -> None:
    assert identifier in holdfast("review", "list", "--json")[1]
    given = ("--count", "530", "--reason", "misread", "--reviewer", "Ada")
    assert holdfast("review", "correct", identifier, *given)[0] == 0
    assert json.loads(holdfast("observations", "--json")[1])["count_max"] == 530
    assert "corrected by Ada: misread" in holdfast("trace", identifier)[1]
    assert holdfast("review", "list", "--json")[1] == ""
    assert holdfast("review", "export", tmp_path / name)[0] == 0
    assert "0 verdicts taken in" in holdfast("review", "import", tmp_path / name)[1]
    assert '"review"' in (home / "custody" / "log.jsonl").read_text()


def test_agreement_of_two(holdfast: Run, identifier: str) -> None:
    holdfast("review", "accept", identifier, "--reviewer", "Ada")
    holdfast("review", "reject", identifier, "--reviewer", "Bo", "--reason", "leaflets")
    assert "Ada and Bo: 1 in common, 0% the same" in holdfast("review", "agreement")[1]
    assert json.loads(holdfast("review", "agreement", "--json")[1])["observations"] == 1


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ("accept obs-nothing --reviewer Ada", "obs-nothing"),
        ("reject {id} --reviewer Ada --reason=", "say why"),
        ("correct {id} --reviewer Ada --reason x", "what is right"),
        ("correct {id} --reviewer Ada --reason x --place 城关区", "not the name of one place"),
        ("import /nowhere.jsonl", "/nowhere.jsonl"),
        ("export /nowhere/verdicts.csv", "/nowhere/verdicts.csv"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    holdfast: Run, identifier: str, arguments: str, what: str
) -> None:
    code, _, said = holdfast("review", *arguments.format(id=identifier).split())
    assert code == 2
    assert what in said
    assert said.count("\n") == 1
    assert holdfast("review", "list", "--done", "--json")[1] == ""


def test_a_damaged_file_of_verdicts_is_named_with_its_line(holdfast: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "rev-1"}\n')
    assert "review 1" in holdfast("review", "import", tmp_path / "bad.jsonl")[2]
    (tmp_path / "worse.jsonl").write_text("\nnot json\n")
    assert "line 2" in holdfast("review", "import", tmp_path / "worse.jsonl")[2]
