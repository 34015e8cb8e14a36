"""Bad input gets one clear line, exit code 2, and nothing is changed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests import starter
from workspace.layout import Workspace, create_workspace

Run = Callable[..., subprocess.CompletedProcess[str]]


def holdfast(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    return starter.holdfast(*arguments, environment=starter.outside() | more)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = create_workspace(tmp_path_factory.mktemp("bad") / "work")
    (made.campaigns / "broken.toml").write_text('name = "broken"\ntitle = "x\n')
    return made


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "empty.html").write_bytes(b"")
    (folder / "empty-folder").mkdir()
    (folder / "binary.html").write_bytes(b"\x7fELF\0\0\0\0" * 100)
    (folder / "cut.warc.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00")
    (folder / "empty.txt").write_text("\n# nothing\n")
    (folder / "bad.txt").write_text("http://site.example/\nsite.example/page\n")
    (folder / "binary.txt").write_bytes(b"\xff\xfe\x00")
    return folder


CASES = {
    "an unknown campaign": (["crawl", "tibet"], "there is no campaign 'tibet'; campaigns are: "),
    "broken TOML": (["crawl", "broken"], "broken.toml is not valid TOML"),
    "a missing file to import": (["import", "{files}/none.html"], "there is no file or folder"),
    "an empty file": (["import", "{files}/empty.html"], "empty.html is empty"),
    "an empty folder to import": (["import", "{files}/empty-folder"], "there is no file in"),
    "a package that is not there": (["custody", "check", "{files}/none.wacz"], "there is no file or folder"),
    "a folder that is no package": (["custody", "check", "{files}/empty-folder"], "holds no custody proofs"),
    "a binary named .html": (["import", "{files}/binary.html"], "its bytes are binary"),
    "a truncated WARC": (["import", "{files}/cut.warc.gz"], "cut.warc.gz"),
    "a URL without scheme": (
        ["crawl", "--url", "mp.weixin.example/s/x"],
        "should begin with http:// or https://",
    ),
    "a URL of another scheme": (
        ["crawl", "--url", "ftp://site.example/"],
        "should begin with http:// or https://",
    ),
    "a URL list with a bad line": (
        ["crawl", "--urls", "{files}/bad.txt"],
        "bad.txt, line 2: 'site.example/page'",
    ),
    "an empty URL list": (["crawl", "--urls", "{files}/empty.txt"], "holds no address"),
    "a binary URL list": (["crawl", "--urls", "{files}/binary.txt"], "is not text"),
    "a missing URL list": (["crawl", "--urls", "{files}/none.txt"], "there is no file"),
    "an empty word for a folder": (["import", ""], "one of the words is empty"),
    "an empty word for a new workspace": (["init", " "], "one of the words is empty"),
    "an empty address to listen on": (["replay", "--host", ""], "--host is empty"),
    "an empty address, in one word": (["replay", "--host="], "--host is empty"),
    "nothing to crawl": (["crawl"], "name a campaign, or a page with --url"),
    "an unknown command": (["crawel"], "crawel"),
    "an unknown option": (["crawl", "--utl", "x"], "--utl"),
    "verdicts over a file that is there": (["review", "export", "{files}/bad.txt"], "is there already"),
    "a count beyond any": (["observations", "--min-count", "9" * 23], "'--min-count'"),
    "a limit beyond any": (["alerts", "list", "--limit", "9" * 23], "larger than a database takes"),
    "a limit below one": (["observations", "--limit", "0"], "'--limit'"),
    "an id that is none": (["trace", "obs-0000"], "obs-0000"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_answered_in_one_line(name: str, workspace: Workspace, files: Path) -> None:
    arguments, expected = CASES[name]
    result = holdfast("--home", workspace.root, *(argument.format(files=files) for argument in arguments))
    assert result.returncode == 2, result.stderr
    lines = result.stderr.splitlines()
    assert len({line.partition(": ")[2] for line in lines}) == len(lines), "nothing is said twice"
    lines = [line for line in lines if not line.startswith("problem: ")]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("holdfast: ")
    assert expected in lines[0]
    assert not any(workspace.collections.glob("*/archive/*.warc.gz*")), "nothing was archived"


def test_no_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    result = holdfast("--home", tmp_path / "none", "pages")
    assert result.returncode == 2
    assert "make one with: holdfast init" in result.stderr


def test_a_setting_that_cannot_be_is_named(workspace: Workspace) -> None:
    result = holdfast("--home", workspace.root, "pages", HOLDFAST_TIMEOUT="soon")
    assert result.returncode == 2
    assert "HOLDFAST_TIMEOUT" in result.stderr


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that other users may enter; pytest keeps its own closed."""
    with TemporaryDirectory(prefix="holdfast-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere")
def test_a_workspace_that_may_not_be_written_to(open_to_all: Path) -> None:
    made = create_workspace(open_to_all / "work")
    command = [sys.executable, "-c", "from cli.main import run; run()", "--home", str(made.root)]
    arguments = ["crawl", "--url", "http://site.example/"]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        readable = subprocess.run(
            [*command[:4], sys.executable, "-c", "import typer"], capture_output=True, check=False
        )
        if readable.returncode:
            pytest.skip("the interpreter cannot be run by another user here")
    else:
        made.root.chmod(0o555)
    result = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 2, result.stderr
    assert "cannot" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_workspace_that_may_not_be_read(open_to_all: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can ask as somebody else")
    made = create_workspace(open_to_all / "work")
    made.root.chmod(0o700)
    command = [sys.executable, "-c", "from cli.main import run; run()", "--home", str(made.root), "pages"]
    others = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run(
        [*others, sys.executable, "-c", "import typer"], capture_output=True, check=False
    ).returncode:
        pytest.skip("the interpreter cannot be run by another user here")
    result = subprocess.run([*others, *command], capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 2, result.stderr
    assert "cannot read" in result.stderr
    assert "Traceback" not in result.stderr


def test_help_lists_the_commands_of_the_contract() -> None:
    said = holdfast("--help").stdout
    for command in ("init", "doctor", "demo", "crawl", "import", "observations", "search", "trace", "replay"):
        assert command in said


def test_the_version_is_told_where_there_is_no_workspace(tmp_path: Path) -> None:
    told = holdfast("--home", tmp_path / "nowhere", "--version")
    assert told.returncode == 0
    assert re.fullmatch(r"holdfast \d+\.\d+\.\d+\n", told.stdout)
