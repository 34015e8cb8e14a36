"""`holdfast status` as a user and as Prometheus see it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli.main import main
from tests.cli.test_findings import collected, home  # noqa: F401  # fixtures

Capture = pytest.CaptureFixture[str]


def told(capsys: Capture) -> dict[str, object]:
    assert main(["status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_it_counts_what_the_lists_hold(capsys: Capture) -> None:
    main(["pages", "--json"])
    pages = capsys.readouterr().out.splitlines()
    main(["captures", "--json"])
    captures = capsys.readouterr().out.splitlines()
    (demo,) = told(capsys)["campaigns"]  # type: ignore[misc]
    assert (demo["campaign"], demo["pages"], demo["captures"]) == ("demo", len(pages), len(captures))
    assert demo["unconfirmed"] == 1, "one page of the demo was found gone, by one look"
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    assert "GiB free" in said
    assert "demo" in said


def test_it_tells_what_is_due_and_what_failed(capsys: Capture) -> None:
    main(["schedule", "add", "broken", "--every", "1d", "--", "check", "--url", "https://never.example/"])
    main(["schedule", "run", "broken"])
    capsys.readouterr()
    assert [each["name"] for each in told(capsys)["due"]] == ["broken"]  # type: ignore[attr-defined]
    assert main(["worker", "--once"]) == 0
    capsys.readouterr()
    found = told(capsys)
    assert [each["name"] for each in found["failing"]] == ["broken"]  # type: ignore[attr-defined]
    assert [each["name"] for each in found["next"]] == ["broken"]  # type: ignore[attr-defined]
    main(["status"])
    assert "FAILED at" in capsys.readouterr().out


def test_prometheus_reads_the_same_figures_on_loopback(collected: Path, capsys: Capture) -> None:  # noqa: F811
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = [sys.executable, "-c", "from cli.main import run; run()", "--home", str(collected), "status"]
    with subprocess.Popen([*start, "--metrics", str(port)], stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        assert str(port) in server.stderr.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            families = {each.name: each for each in text_string_to_metric_families(answer.read().decode())}
        assert main(["status", "--metrics", str(port)]) == 2
        assert f"port {port}" in capsys.readouterr().err
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
    (demo,) = told(capsys)["campaigns"]  # type: ignore[misc]
    (sample,) = families["holdfast_pages"].samples
    assert (sample.labels, sample.value) == ({"campaign": "demo"}, demo["pages"])
    assert families["holdfast_disk_free_bytes"].samples[0].value > 0
