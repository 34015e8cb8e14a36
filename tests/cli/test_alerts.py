"""`holdfast alerts` and the worker as a user runs them, with a real mail server."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import trustme

from tests.alerts.conftest import authority, mailbox, trusted
from tests.alerts.receivers import LOOPBACK, PASSWORD, USER, Mailbox
from tests.crawler.changing_site import CASES, changing_web
from tests.crawler.checking import run
from tests.crawler.conftest import SETTINGS
from workspace.layout import Workspace, create_workspace

__all__ = ["authority", "mailbox", "trusted"]

EMAIL = """
[alerts]
gather_seconds = 0
[alerts.email]
server = "{server}"
port = {port}
user = "{user}"
password_file = "password"
sender = "holdfast@watch.example"
to = ["ada@people.example"]
[alerts.feed]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path / "work")
    made.settings_file.write_text(SETTINGS)
    (made.root / "password").write_text(PASSWORD)
    return made


def use(workspace: Workspace, box: Mailbox, proxy: str = "") -> None:
    email = EMAIL.format(server=LOOPBACK, port=box.port, user=USER)
    workspace.settings_file.write_text(f'{SETTINGS}proxy = "{proxy}"\n{email}')


def test_a_test_message_arrives_or_the_reason_is_told(workspace: Workspace, mailbox: Mailbox) -> None:
    use(workspace, mailbox)
    result = run(workspace, "alerts", "test")
    assert (result.returncode, result.stdout.splitlines()[0]) == (0, "email: sent")
    assert mailbox.letters[0]["Subject"] == "holdfast: test message"
    (workspace.root / "password").write_text("wrong")
    result = run(workspace, "alerts", "test")
    assert result.returncode == 1
    assert result.stderr.startswith(f"email: not sent: {LOOPBACK}:{mailbox.port}: 535")


def test_whoever_is_named_hears_of_an_altered_figure_once(workspace: Workspace, mailbox: Mailbox) -> None:
    (case,) = [case for case in CASES if case.name == "figure-altered"]
    with changing_web([case]) as web:
        use(workspace, mailbox, web.address)
        assert run(workspace, "alerts", "send").stdout == "alerts to email: 1 sent\n"
        run(workspace, "crawl", "--no-requisites", f"--url={case.url}")
        assert run(workspace, "alerts", "send").stdout == "alerts to email: 1 sent\n"
        web.later = True
        run(workspace, "check")
    assert "alerts to email: 1 sent" in run(workspace, "worker", "--once").stderr
    assert run(workspace, "alerts", "send").stdout == "nothing to send\n"
    assert [letter["Subject"] for letter in mailbox.letters] == [
        "holdfast: 1 watch begun",
        "holdfast: 1 new relevant page",
        "holdfast: 1 altered figure",
    ]
    assert "SILENTLY: DNA" in mailbox.letters[-1].get_content()
    assert "53 → 35" in mailbox.letters[-1].get_content()
    listed = run(workspace, "alerts", "list").stdout
    assert listed.index("altered figure: 旁多派出所采血工作") < listed.index("new relevant page")
    assert "53 → 35" in (workspace.root / "alerts.atom").read_text("utf-8")


def test_a_message_that_is_refused_is_listed_with_why(workspace: Workspace, mailbox: Mailbox) -> None:
    use(workspace, mailbox)
    mailbox.answer = "452 mailbox is full"
    result = run(workspace, "alerts", "send")
    assert result.returncode == 1
    assert "not sent, kept for another try" in result.stdout
    listed = run(workspace, "alerts", "list", "--undelivered").stdout
    assert "email: waiting, again after" in listed
    assert "452 mailbox is full" in listed


def test_a_running_worker_tells_by_itself_and_ends_when_asked(workspace: Workspace, mailbox: Mailbox) -> None:
    use(workspace, mailbox)
    words = "import cli.schedule as s; s.ALERT_SECONDS = 0.2; from cli.main import run; run()"
    start = [sys.executable, "-c", words, "--home", str(workspace.root), "worker"]
    with subprocess.Popen(start, stderr=subprocess.PIPE, text=True) as worker:
        until = time.monotonic() + 60
        while not mailbox.letters and time.monotonic() < until:
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert said.count("alerts to email: 1 sent") == 1
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("", "nobody is told of anything yet"),
        ('[alerts.email]\nserver = "mail.example"\nto = ["a@b.example"]', "alerts.email.sender"),
        (
            '[alerts.email]\nserver = "m.example"\nsender = "me"\nto = ["a@b.example"]',
            "this is no e-mail address",
        ),
        ('[alerts.webhook]\nurl = "file:///etc/passwd"', "this is no web address"),
        ('[alerts.webhook]\nurl = "https://a.example"\nkinds = ["rain"]', "alerts.webhook.kinds"),
        ('[alerts.pigeon]\nname = "Cher Ami"', "alerts.pigeon"),
        (
            '[alerts.email]\nserver = "m.example"\nsender = "a@b.example"\nto = ["a@b.example"]\nuser = "a"\n'
            'password_file = "p"\nsecurity = "none"',
            "a password is sent with security starttls or tls only",
        ),
    ],
)
def test_settings_that_cannot_be_used_are_one_line(workspace: Workspace, table: str, what: str) -> None:
    workspace.settings_file.write_text(SETTINGS + table)
    result = run(workspace, "alerts", "test")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr
    assert what in result.stderr


def test_the_password_is_in_no_settings_and_no_message(workspace: Workspace, mailbox: Mailbox) -> None:
    use(workspace, mailbox)
    result = run(workspace, "alerts", "send")
    database = workspace.database_file.read_bytes()
    assert PASSWORD.encode() not in database
    assert PASSWORD not in result.stdout + result.stderr + workspace.settings_file.read_text()


def test_the_authority_of_the_mail_server_is_checked(
    workspace: Workspace, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(workspace, mailbox)
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "other.pem"))
    result = run(workspace, "alerts", "test")
    assert result.returncode == 1
    assert "CERTIFICATE_VERIFY_FAILED" in result.stderr
    assert mailbox.letters == []
