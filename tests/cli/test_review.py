"""`holdfast review` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.main import main
from cli.review_files import NAMES
from db.session import connect
from tests.cli.test_query import home  # noqa: F401  # a fixture
from tests.db.ingest.test_writing import put
from tests.db.synthetic import capture, observation, read_capture, reported

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
        ("correct {id} --reviewer Ada --reason x --count 5 --count-min 7", "not both"),
        ("correct {id} --reviewer Ada --reason x --count 99999999999999999999999", "between 0 and"),
        ("correct {id} --reviewer Ada --reason x --unit=", "unit is empty"),
        ("correct {id} --reviewer Ada --reason x --place=", "not the name of one place"),
        ("correct {id} --reviewer Ada --reason x --date-start=", "no day"),
        ("correct {id} --reviewer Ada --reason x --count-min 20000", "cannot be"),
        ("export verdicts.xlsx", "should end in .jsonl or .csv"),
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


def test_a_reason_may_hold_any_character_and_comes_back_from_either_file(
    holdfast: Run,
    identifier: str,
    home: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    reason = '=1+1\u2028and\u0085more,\n"quoted"'
    holdfast("review", "reject", identifier, "--reason", reason, "--reviewer", "Ada")
    for name in ("v.jsonl", "v.csv"):
        assert holdfast("review", "export", tmp_path / name)[0] == 0
        with connect(f"sqlite:///{home}/holdfast.db").begin() as connection:
            connection.execute(text("DELETE FROM review"))
        assert "1 verdicts taken in" in holdfast("review", "import", tmp_path / name)[1]
        (back,) = map(json.loads, holdfast("review", "list", "--done", "--json")[1].split("\n")[:-1])
        assert back["reason"] == reason
    assert (tmp_path / "v.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert ",'=1+1" in (tmp_path / "v.csv").read_text("utf-8-sig").replace('"', "")


def test_lists_hide_numbers_of_people_and_show_ids_whole(holdfast: Run, identifier: str) -> None:
    listed = holdfast("review", "list")[1]
    assert identifier in listed
    (waiting,) = map(json.loads, holdfast("review", "list", "--json")[1].splitlines())
    (observed,) = map(json.loads, holdfast("observations", "--json")[1].splitlines())
    assert waiting == observed
    holdfast("review", "accept", identifier, "--reviewer", "Ada")
    assert identifier in holdfast("review", "list", "--done")[1]


HEADER = ",".join(NAMES)
ROW = "rev-1,demo,,doc-1,http://a.example/,dna,采集血样53份,4,{verdict},{corrected},,Ada,{made_at}"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("v.jsonl", '{"id": "rev-1"}\n', "line 1: it lacks campaign"),
        ("v.jsonl", "\nnot json\n", "line 2 is no JSON"),
        ("v.jsonl", "[1, 2]\n", "line 1 is no verdict"),
        ("v.jsonl", "5\n", "line 1 is no verdict"),
        ("v.jsonl", "[" * 100_000, "line 1 is no JSON"),
        ("v.jsonl", "\0\n", "NUL"),
        ("v.csv", "\0\0", "NUL"),
        ("v.csv", "", "lacks id"),
        ("v.csv", "id;campaign\n", "lacks id, campaign"),
        ("v.csv", f"{HEADER}\nrev-1,demo\n", "line 2 has not as many cells"),
        ("v.csv", f"{HEADER}\n{'x' * 140_000}\n", "line 2 is no CSV"),
        (
            "v.csv",
            f"{HEADER}\n{ROW.format(verdict='accepted', corrected='', made_at='2026-11-28T06:27:20')}\n",
            "line 2: made_at should be a time with its zone",
        ),
        (
            "v.csv",
            f"{HEADER}\n{ROW.format(verdict='accepted', corrected='', made_at='2026/11/28 6:27')}\n",
            "line 2: made_at should be a time with its zone",
        ),
        ("v.xlsx", "", "should end in .jsonl or .csv"),
    ],
)
def test_a_file_that_holds_no_verdicts_is_refused_with_its_line(
    holdfast: Run, tmp_path: Path, name: str, content: str, what: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    code, _, said = holdfast("review", "import", tmp_path / name)
    assert code == 2
    assert what in said
    assert said.count("\n") == 1
    assert holdfast("review", "list", "--done", "--json")[1] == ""


def test_a_file_in_another_coding_is_refused_with_what_to_do(holdfast: Run, tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_bytes(f"{HEADER}\n采集".encode("gbk"))
    assert "save it as CSV UTF-8" in holdfast("review", "import", tmp_path / "v.csv")[2]


@pytest.fixture
def repost(home: Path, identifier: str, holdfast: Run) -> str:  # noqa: F811
    """The id of an observation on another page that makes the same claim."""
    engine = connect(f"sqlite:///{home}/holdfast.db")
    put(engine, read_capture(capture("https://wechat.example/s/Repost"), claims=reported(observation())))
    engine.dispose()
    every = {json.loads(line)["id"] for line in holdfast("observations", "--json")[1].splitlines()}
    (found,) = every - {identifier}
    return str(found)


def counts(holdfast: Run) -> dict[str, int]:
    listed = map(json.loads, holdfast("observations", "--json")[1].splitlines())
    return {each["id"]: each["count_max"] for each in listed}


def test_a_verdict_names_the_others_of_the_same_claim(holdfast: Run, identifier: str, repost: str) -> None:
    code, said, _ = holdfast("review", "accept", identifier, "--reviewer", "Ada")
    assert code == 0
    assert "not accepted: 1 other observation of the same claim" in said
    assert repost in said.split()
    given = ("--count", "35", "--reason", "misread", "--reviewer", "Ada")
    assert repost in holdfast("review", "correct", identifier, *given)[1].split()
    assert counts(holdfast) == {identifier: 35, repost: 53}


def test_reposts_get_the_same_verdict_in_the_same_act(
    holdfast: Run,
    identifier: str,
    repost: str,
    home: Path,  # noqa: F811
) -> None:
    given = ("--count", "35", "--reason", "misread", "--reviewer", "Ada", "--reposts")
    code, said, _ = holdfast("review", "correct", identifier, *given)
    assert code == 0
    assert "2 corrected by Ada" in said
    assert repost in said.split()
    assert counts(holdfast) == {identifier: 35, repost: 35}
    (sums,) = [
        row for row in map(json.loads, holdfast("observations", "--by", "county", "--json")[1].splitlines())
        if row["row"] == "total"
    ]  # fmt: skip
    assert (sums["claims"], sums["increment_max"]) == (1, 35)
    last = json.loads((home / "custody" / "log.jsonl").read_text().splitlines()[-1])
    assert last["entry"]["subject"]["verdicts"] == 2


def test_of_a_verdict_that_cannot_be_nothing_is_given_to_reposts(
    holdfast: Run, identifier: str, repost: str
) -> None:
    arguments = (identifier, "obs-nothing", "--reason", "x", "--reviewer", "Ada", "--reposts")
    assert holdfast("review", "reject", *arguments)[0] == 2
    assert holdfast("review", "list", "--done", "--json")[1] == ""
    holdfast("review", "reject", identifier, "--reason", "x", "--reviewer", "Ada", "--reposts")
    done = map(json.loads, holdfast("review", "list", "--done", "--json")[1].splitlines())
    assert {each["observation_id"] for each in done} == {identifier, repost}


def test_corrections_to_different_figures_do_not_agree(holdfast: Run, identifier: str) -> None:
    for who, count in (("Ada", 35), ("Bo", 350)):
        holdfast("review", "correct", identifier, "--count", count, "--reason", "x", "--reviewer", who)
    said = holdfast("review", "agreement")[1]
    assert "Ada and Bo: 1 in common, 0% the same" in said
    assert "of 1 two or more say a figure" in said
