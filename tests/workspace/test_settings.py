"""Settings from `holdfast.toml` and `HOLDFAST_*`."""

from __future__ import annotations

from pathlib import Path

import pytest

from workspace.errors import InvalidSettings, NoWorkspace, WorkspaceError
from workspace.layout import Workspace, create_workspace, open_workspace
from workspace.settings import database_url, load_settings


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "work")


def test_a_new_workspace_has_the_defaults(workspace: Workspace) -> None:
    settings = load_settings(workspace)
    assert settings.obey_robots
    assert database_url(workspace, settings) == f"sqlite:///{workspace.root}/holdfast.db"


def test_the_environment_comes_before_the_file(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.settings_file.write_text('operator = "file"\ndownload_delay = 3\n')
    monkeypatch.setenv("HOLDFAST_OPERATOR", "environment")
    settings = load_settings(workspace)
    assert (settings.operator, settings.download_delay) == ("environment", 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("operater = 'x'", "a key 'operater' that holdfast does not know"),
        ("timeout = 0", "timeout: input should be greater than 0, got 0"),
        ("timeout = ", "is not valid TOML"),
    ],
)
def test_a_bad_file_is_named_with_its_key(workspace: Workspace, text: str, expected: str) -> None:
    workspace.settings_file.write_text(text)
    with pytest.raises(InvalidSettings) as caught:
        load_settings(workspace)
    assert str(workspace.settings_file) in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('cdx = "http://archive.example/cdx"', "give one of replay and warcs"),
        (
            'cdx = "http://archive.example/cdx"\nreplay = "http://archive.example/{url}"',
            "must hold {timestamp}",
        ),
        ('timemap = "http://archive.example/timemap"', "timemap must hold {url}"),
        ('timegate = "archive.example/{url}"', "timegate: string should match pattern"),
        (
            'timemap = "http://a.example/{url}"\ntimegate = "http://a.example/{url}"',
            "give one of cdx, timemap",
        ),
    ],
)
def test_a_web_archive_that_cannot_be_asked_is_named(workspace: Workspace, table: str, expected: str) -> None:
    workspace.settings_file.write_text(f'[[web_archive]]\nname = "Synthetic"\n{table}\n')
    with pytest.raises(InvalidSettings) as caught:
        load_settings(workspace)
    assert f"{workspace.settings_file}: web_archive.0" in str(caught.value)
    assert expected in str(caught.value)


def test_a_bad_variable_is_named(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_CONCURRENCY", "many")
    with pytest.raises(InvalidSettings, match="the environment variable HOLDFAST_CONCURRENCY"):
        load_settings(workspace)


def test_making_a_workspace_twice_changes_nothing(workspace: Workspace) -> None:
    workspace.settings_file.write_text("timeout = 5\n")
    create_workspace(workspace.root)
    assert workspace.settings_file.read_text() == "timeout = 5\n"


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("")
    with pytest.raises(WorkspaceError, match="name a new or empty folder"):
        create_workspace(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["thesis.doc"]


def test_a_folder_that_is_no_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace, match="holdfast init"):
        open_workspace(tmp_path)
