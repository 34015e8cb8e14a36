"""What ships in deploy/: systemd takes the unit, what it starts ends as it says, and an install has all it needs."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from workspace.layout import Workspace, create_workspace
from workspace.settings import load_settings

DEPLOY = REPOSITORY / "deploy"
UNIT = DEPLOY / "holdfast-worker.service"
INSTALLED = "/opt/holdfast/.venv/bin/holdfast"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "work")


def unit() -> configparser.SectionProxy:
    found = configparser.RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    found.read(UNIT, "utf-8")
    return found["Service"]


def needed(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is missing; run scripts/install-test-services")
        pytest.skip(f"{program} is not installed")
    return found


def test_systemd_takes_the_unit_and_finds_it_well_confined(tmp_path: Path) -> None:
    analyze = needed("systemd-analyze")
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text().replace(INSTALLED, f"{sys.prefix}/bin/holdfast"))
    checked = subprocess.run(
        [analyze, "verify", "--man=no", here], capture_output=True, text=True, timeout=60, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    rated = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=45", here],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert rated.returncode == 0, rated.stdout


def test_the_worker_of_the_unit_ends_well_when_the_unit_is_stopped(workspace: Workspace) -> None:
    service = unit()
    environment = dict(each.split("=", 1) for each in shlex.split(service["Environment"]))
    environment["HOLDFAST_HOME"] = str(workspace.root)
    words = shlex.split(service["ExecStart"].replace(INSTALLED, f"{sys.prefix}/bin/holdfast"))
    with subprocess.Popen(
        words, env=environment, cwd=workspace.root, stderr=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stderr is not None
        assert "waiting for what is due" in worker.stderr.readline()
        worker.send_signal(signal.Signals[service["KillSignal"]])
        assert worker.wait(60) == 0


def test_an_install_without_the_repository_has_all_it_needs(tmp_path: Path) -> None:
    uv = shutil.which("uv") or str(REPOSITORY / ".bootstrap" / "bin" / "uv")
    (sync,) = re.findall(r"^RUN uv (sync .+)$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    environment = os.environ | {"UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv")}
    subprocess.run([uv, *sync.split(), "--quiet"], cwd=REPOSITORY, env=environment, timeout=600, check=True)
    holdfast = tmp_path / "venv" / "bin" / "holdfast"
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("HOLDFAST_", "PYTHON"))
    }

    def run(*words: str | Path) -> str:
        done = subprocess.run(
            [holdfast, *words],
            cwd=tmp_path,
            env=plain,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "tibet-dna" in run("init", tmp_path / "work")
    run("--home", tmp_path / "work", "doctor")
    assert "DNA" in run("demo", tmp_path / "demo")
    imported = subprocess.run(
        [tmp_path / "venv" / "bin" / "python", "-c", "import parsers; print(parsers.__file__)"],
        cwd=tmp_path, env=plain, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(imported.stdout.strip()).is_relative_to(tmp_path)


def test_the_image_sets_what_the_settings_know(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (DEPLOY / "Containerfile").read_text()
    found = dict(re.findall(r"(HOLDFAST_[A-Z_]+)=(\S+)", text))
    assert set(found) == {"HOLDFAST_HOME", "HOLDFAST_BROWSER_SANDBOX"}
    monkeypatch.setenv("HOLDFAST_BROWSER_SANDBOX", found["HOLDFAST_BROWSER_SANDBOX"])
    assert load_settings(workspace).browser_sandbox is False
    assert re.search(rf"VOLUME {found['HOLDFAST_HOME']}$", text, re.MULTILINE)
    assert f"STOPSIGNAL {unit()['KillSignal']}" in text
