"""A message handed to real servers: what arrives, and what is known when it does not."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from alerts.errors import AlertError, MaybeSent, NotSent
from alerts.mail import send_mail
from alerts.message import LISTED, Message, message_of
from alerts.webhook import post
from db.watching.alerts import Alert
from tests.alerts.receivers import LOOPBACK, PASSWORD, USER, Mailbox, Receiver
from workspace.alerting import Mail, Webhook

NOW = datetime(2021, 5, 12, 2, 0, tzinfo=UTC)
NEW = Alert(
    "new_page p1",
    "new_page",
    NOW,
    "旁多派出所采血工作",
    "by 林周公安, 2021-05-12",
    "tibet-dna",
    "https://a.example/1",
)
EDIT = Alert(
    "edited_figure p2",
    "edited_figure",
    NOW,
    "洛隆县采血\n工作\x1b[31m",
    "SILENTLY: 53 → 35",
    "tibet-dna",
    "https://a.example/2",
)
MESSAGE = message_of("holdfast-1", [NEW, EDIT])


def settings(box: Mailbox, folder: Path, **changed: object) -> Mail:
    (folder / "password").write_text(f"{PASSWORD}\n")
    values: dict[str, object] = {
        "server": LOOPBACK, "port": box.port, "user": USER, "password_file": "password",
        "sender": "holdfast@watch.example", "to": ["ada@people.example", "bo@people.example"],
    }  # fmt: skip
    return Mail.model_validate(values | changed)


def test_a_message_tells_the_loudest_first_in_plain_lines() -> None:
    assert MESSAGE.subject == "holdfast: 1 altered figure, 1 new relevant page"
    assert MESSAGE.text.splitlines() == [
        "ALTERED FIGURE",
        "- 洛隆县采血 工作 [31m (tibet-dna)",
        "  SILENTLY: 53 → 35",
        "  https://a.example/2",
        "",
        "NEW RELEVANT PAGE",
        "- 旁多派出所采血工作 (tibet-dna)",
        "  by 林周公安, 2021-05-12",
        "  https://a.example/1",
    ]


def test_a_long_message_says_how_many_more_there_are() -> None:
    many = [Alert(f"new_page {n}", "new_page", NOW, f"page {n}", "") for n in range(LISTED + 7)]
    found = message_of("holdfast-2", [*many, EDIT])
    assert found.text.count("\n- ") == LISTED
    assert found.text.index("洛隆县") < found.text.index("page 0"), "the loudest is never the one left out"
    assert "and 8 more; all of them: holdfast alerts list" in found.text
    assert found.subject == "holdfast: 1 altered figure, 107 new relevant pages"


def test_mail_arrives_whole_over_tls(mailbox: Mailbox, tmp_path: Path) -> None:
    assert send_mail(MESSAGE, settings(mailbox, tmp_path), tmp_path) is None
    (letter,) = mailbox.letters
    assert letter["Subject"] == MESSAGE.subject
    assert letter["To"] == "ada@people.example, bo@people.example"
    assert letter["Message-ID"] == "<holdfast-1@watch.example>"
    assert letter.get_content().splitlines() == MESSAGE.text.splitlines()


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"to": ["nobody@people.example"]}, "550"), ({"port": 9}, "refused"), ({"security": "tls"}, "SSL")],
)
def test_mail_that_was_never_handed_over_is_known_not_to_have_arrived(
    mailbox: Mailbox, tmp_path: Path, changed: dict[str, object], why: str
) -> None:
    mailbox.unknown = ("nobody@people.example",)
    with pytest.raises(NotSent, match=why):
        send_mail(MESSAGE, settings(mailbox, tmp_path, **changed), tmp_path)
    assert mailbox.letters == []


def test_a_wrong_password_and_a_refused_text_are_known_not_to_have_arrived(
    mailbox: Mailbox, tmp_path: Path
) -> None:
    right = settings(mailbox, tmp_path)
    mailbox.answer = "451 come back later"
    with pytest.raises(NotSent, match="451 come back later"):
        send_mail(MESSAGE, right, tmp_path)
    (tmp_path / "password").write_text("wrong")
    with pytest.raises(NotSent, match="535"):
        send_mail(MESSAGE, right, tmp_path)


def test_a_certificate_of_an_unknown_authority_is_refused(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
        send_mail(MESSAGE, settings(mailbox, tmp_path), tmp_path)


def test_mail_whose_server_falls_silent_with_it_may_have_arrived(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.answer = None
    with pytest.raises(MaybeSent, match="fell silent"):
        send_mail(MESSAGE, settings(mailbox, tmp_path), tmp_path)
    assert len(mailbox.letters) == 1


def test_mail_that_one_of_two_receivers_got_is_sent_and_says_so(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.unknown = ("bo@people.example",)
    note = send_mail(MESSAGE, settings(mailbox, tmp_path), tmp_path)
    assert note == "refused for bo@people.example"
    assert len(mailbox.letters) == 1


def test_a_webhook_gets_json_that_the_standard_library_of_receivers_verifies(
    receiver: Receiver, tmp_path: Path
) -> None:
    secret = "whsec_" + base64.b64encode(b"a secret of the test's own").decode()
    (tmp_path / "secret").write_text(secret)
    assert post(MESSAGE, Webhook(url=receiver.url, secret_file="secret"), tmp_path) is None
    ((headers, body),) = receiver.posted
    told = Verifier(secret).verify(body, headers)
    assert told == json.loads(body)
    assert told["text"].startswith(MESSAGE.subject)
    assert [each["id"] for each in told["alerts"]] == ["edited_figure p2", "new_page p1"]
    assert told["alerts"][1]["at"] == "2021-05-12T10:00:00+08:00"


@pytest.mark.parametrize("status", [400, 410, 500, 503])
def test_a_webhook_that_is_refused_is_known_not_to_have_arrived(
    receiver: Receiver, tmp_path: Path, status: int
) -> None:
    receiver.status = status
    with pytest.raises(NotSent, match=f"answered {status}"):
        post(MESSAGE, Webhook(url=receiver.url), tmp_path)


def test_a_webhook_follows_nobody_elsewhere(receiver: Receiver, tmp_path: Path) -> None:
    receiver.status, receiver.location = 302, f"{receiver.url}/elsewhere"
    with pytest.raises(NotSent, match="answered 302"):
        post(MESSAGE, Webhook(url=receiver.url), tmp_path)
    assert len(receiver.posted) == 1


@pytest.mark.parametrize("status", [0, 504])
def test_a_webhook_that_gave_no_answer_may_have_arrived(
    receiver: Receiver, tmp_path: Path, status: int
) -> None:
    receiver.status = status
    with pytest.raises(MaybeSent):
        post(MESSAGE, Webhook(url=receiver.url), tmp_path)
    assert len(receiver.posted) == 1


def test_a_webhook_where_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(NotSent, match="refused"):
        post(MESSAGE, Webhook(url=f"http://{LOOPBACK}:9/"), tmp_path)


@pytest.mark.parametrize("secret", [None, "", "not base64!"])
def test_a_secret_that_is_none_is_said_before_anything_is_sent(
    receiver: Receiver, tmp_path: Path, secret: str | None
) -> None:
    if secret is not None:
        (tmp_path / "secret").write_text(secret)
    with pytest.raises(AlertError, match="secret"):
        post(MESSAGE, Webhook(url=receiver.url, secret_file="secret"), tmp_path)
    assert receiver.posted == []


def test_a_message_without_alerts_is_one_too(receiver: Receiver, tmp_path: Path) -> None:
    post(
        Message("test-1", "holdfast: test message", "nothing has happened", ()),
        Webhook(url=receiver.url),
        tmp_path,
    )
    assert json.loads(receiver.posted[0][1])["alerts"] == []
