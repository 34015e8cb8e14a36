"""`holdfast extract --stdin`: JSON lines in, what each article claims out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.starter import holdfast

ARTICLE = {
    "id": "one",
    "published": "2021-05-12",
    "source_account": "林周公安",
    "title": "合成文本 (synthetic)",
    "text": "5月11日，旁多派出所民警为牧民群众采集血样53份，发放宣传单70份。",
}


def extract(text: str) -> subprocess.CompletedProcess[str]:
    return holdfast("extract", "--stdin", given=text)


def test_each_line_is_answered_with_the_fields_of_the_guide() -> None:
    other = ARTICLE | {"id": "two", "text": "全市秋收工作全面展开。", "published": None}
    result = extract("\n".join(json.dumps(each) for each in (ARTICLE, other)) + "\n\n")
    assert result.returncode == 0, result.stderr
    first, second = [json.loads(line) for line in result.stdout.splitlines()]
    assert (first["id"], first["relevant"]) == ("one", True)
    (observed,) = first["observations"]
    assert (observed["modality"], observed["count_min"], observed["count_max"]) == ("dna", 53, 53)
    assert observed["place"] == "西藏自治区拉萨市林周县旁多乡"
    assert (observed["date_start"], observed["date_end"], observed["date_precision"]) == (
        "2021-05-11",
        "2021-05-11",
        "day",
    )
    assert (second["id"], second["relevant"], second["observations"]) == ("two", False, [])


def test_a_broken_line_is_named() -> None:
    result = extract(json.dumps(ARTICLE) + "\n{broken\n")
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "line 2 of the input is no article" in result.stderr


def test_no_input_is_no_output() -> None:
    result = extract("")
    assert (result.returncode, result.stdout) == (0, "")


def test_what_json_cannot_hold_is_refused_with_its_line() -> None:
    good = json.dumps(ARTICLE)
    for bad, says in (
        ('{"id": "\\ud83d", "text": "a"}', "half a character"),
        ('{"id": "a", "text": "\\ud83d"}', "half a character"),
        ('{"id": NaN, "text": "a"}', "NaN is no number"),
        ('{"id": 1e999, "text": "a"}', "line 2"),
    ):
        result = extract(f"{good}\n{bad}\n")
        assert result.returncode == 2
        (line,) = result.stderr.splitlines()
        assert line.startswith("holdfast: line 2 of the input is no article")
        assert says in line
        assert len(result.stdout.splitlines()) == 1


def test_a_full_disk_is_said_in_one_line() -> None:
    command = [sys.executable, "-c", "from cli.main import run; run()", "extract", "--stdin"]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            command,
            input=json.dumps(ARTICLE),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert "No space left on device" in line
