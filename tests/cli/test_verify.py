"""`holdfast verify` when files and folders are not what they should be."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.collection import Collection
from cli.main import main
from tests.db.archived import saved_pages
from workspace.layout import Workspace, create_workspace

Said = pytest.CaptureFixture[str]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> Workspace:
    """A workspace into which two saved pages were brought."""
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    assert main(["import", str(saved_pages(tmp_path / "saved"))]) == 0
    capsys.readouterr()
    return made


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return Collection(workspace.collection("default"))


@pytest.fixture
def warc(collection: Collection) -> Path:
    """The only sealed file."""
    (path,) = collection.sealed()
    return path


def replaced_by_a_file(path: Path) -> None:
    shutil.rmtree(path)
    path.touch()


@pytest.mark.parametrize("change", [shutil.rmtree, replaced_by_a_file])
@pytest.mark.parametrize("what", ["collections/default", "collections"])
@pytest.mark.parametrize("forgotten", [None, "custody", "holdfast.db"])
@pytest.mark.parametrize("asked", [(), ("default",)])
def test_a_campaign_whose_folder_is_gone_is_damaged_as_long_as_log_or_database_know_it(
    workspace: Workspace,
    capsys: Said,
    change: Callable[[Path], None],
    what: str,
    forgotten: str | None,
    asked: tuple[str, ...],
) -> None:
    change(workspace.root / what)
    if forgotten == "custody":
        shutil.rmtree(workspace.custody)
    elif forgotten:
        workspace.database_file.unlink()
    assert main(["verify", *asked]) == 1
    assert "DAMAGED  collections/default: there is no such folder" in capsys.readouterr().out
