"""Alerts on their way: gathered, retried, never twice, whatever breaks; on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from sqlalchemy import Engine, update

from alerts.deliver import LEASE, Sent, tell
from alerts.errors import Busy
from db.models import DeliveryRow
from db.watching import alerts as store
from db.watching import leases
from tests.alerts.receivers import Mailbox, Receiver
from tests.alerts.test_channels import settings as mail_settings
from tests.db.ingest.test_writing import put
from tests.db.synthetic import capture, read_capture
from workspace.alerting import AlertKind, Alerts, Feed, Webhook

URL = "https://mp.weixin.example/s/{}"
Tell = Callable[..., list[Sent]]


@pytest.fixture
def hooked(engine: Engine, receiver: Receiver, tmp_path: Path) -> Tell:
    """One round of telling, by webhook unless other settings are given."""

    def run(settings: Alerts | None = None, **options: bool) -> list[Sent]:
        chosen = settings or Alerts(webhook=Webhook(url=receiver.url))
        return tell(engine, chosen, tmp_path, min_free_bytes=0, **{"at_once": True} | options)

    return run


def publish(engine: Engine, *names: str) -> None:
    put(engine, *(read_capture(capture(URL.format(name))) for name in names))


def wait_no_longer(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(DeliveryRow).values(next_at=datetime(2000, 1, 1, tzinfo=UTC)))


def told(receiver: Receiver) -> list[list[str]]:
    """The addresses that each message tells of."""
    return [
        sorted(alert["url"] or alert["kind"] for alert in json.loads(body)["alerts"])
        for _, body in receiver.posted
    ]


def test_what_happened_before_the_watch_began_is_told_to_nobody(
    engine: Engine, hooked: Tell, receiver: Receiver
) -> None:
    publish(engine, "old1", "old2")
    assert hooked() == [Sent("webhook", 1, "sent")]
    assert told(receiver) == [["watch_begun"]]
    assert "2 things that had happened before" in json.loads(receiver.posted[0][1])["text"]
    publish(engine, "new")
    hooked()
    assert told(receiver)[1:] == [[URL.format("new")]]
    assert hooked() == []


def test_alerts_gather_into_one_message(engine: Engine, hooked: Tell, receiver: Receiver) -> None:
    hooked()
    publish(engine, "a")
    assert hooked(at_once=False) == []
    publish(engine, "b", "c")
    assert hooked(at_once=False) == []
    wait_no_longer(engine)
    assert hooked(at_once=False) == [Sent("webhook", 3, "sent")]
    assert told(receiver)[1:] == [[URL.format(name) for name in "abc"]]


def test_a_refused_message_is_tried_again_later_the_same_and_new_ones_gather_behind_it(
    engine: Engine, hooked: Tell, receiver: Receiver
) -> None:
    hooked()
    receiver.status = 503
    publish(engine, "a")
    (refused,) = hooked()
    assert refused.state == "waiting"
    assert "answered 503" in (refused.error or "")
    publish(engine, "b")
    assert hooked() == [], "not before its time"
    wait_no_longer(engine)
    assert [sent.state for sent in hooked()] == ["waiting"]
    receiver.status = 200
    wait_no_longer(engine)
    assert hooked() == [Sent("webhook", 1, "sent"), Sent("webhook", 1, "sent")]
    assert told(receiver)[1:] == [[URL.format(name)] for name in "aaab"]
    ids = [headers["webhook-id"] for headers, _ in receiver.posted[1:]]
    assert ids[0] == ids[1] == ids[2] != ids[3], "a receiver can tell a copy"


def test_pauses_double_up_to_six_hours(engine: Engine, hooked: Tell, receiver: Receiver) -> None:
    receiver.status = 500
    pauses = []
    for _ in range(11):
        before = datetime.now(UTC)
        hooked()
        (alert,) = store.listed(engine, 5, undelivered=True)
        pauses.append(round((alert["channels"]["webhook"]["next_at"] - before).total_seconds() / 60))
        wait_no_longer(engine)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_a_message_that_may_have_arrived_is_not_sent_again_unless_asked(
    engine: Engine, hooked: Tell, receiver: Receiver
) -> None:
    hooked()
    receiver.status = 0
    publish(engine, "a")
    assert [sent.state for sent in hooked()] == ["unsure"]
    receiver.status = 200
    wait_no_longer(engine)
    assert hooked() == []
    publish(engine, "b")
    hooked()
    assert told(receiver)[1:] == [[URL.format("a")], [URL.format("b")]]
    assert hooked(again=True) == [Sent("webhook", 1, "sent")]
    ids = [headers["webhook-id"] for headers, _ in receiver.posted]
    assert ids[3] == ids[1]
    assert store.listed(engine, 5, undelivered=True) == []


def test_channels_are_told_of_their_kinds_and_one_that_is_down_holds_up_no_other(
    engine: Engine, hooked: Tell, receiver: Receiver, mailbox: Mailbox, tmp_path: Path
) -> None:
    both = Alerts(
        email=mail_settings(mailbox, tmp_path),
        webhook=Webhook(url=receiver.url, kinds=(AlertKind.DELETED, AlertKind.WATCH_BEGUN)),
    )
    receiver.status = 503
    assert {sent.channel: sent.state for sent in hooked(both)} == {"email": "sent", "webhook": "waiting"}
    publish(engine, "a")
    assert hooked(both) == [Sent("email", 1, "sent")]
    assert [letter["Subject"] for letter in mailbox.letters] == [
        "holdfast: 1 watch begun",
        "holdfast: 1 new relevant page",
    ]


def test_a_password_that_cannot_be_read_keeps_the_message(
    engine: Engine, hooked: Tell, mailbox: Mailbox, tmp_path: Path
) -> None:
    settings = Alerts(email=mail_settings(mailbox, tmp_path))
    (tmp_path / "password").unlink()
    (kept,) = hooked(settings)
    assert kept.state == "waiting"
    assert str(tmp_path / "password") in (kept.error or "")
    mail_settings(mailbox, tmp_path)
    wait_no_longer(engine)
    assert hooked(settings) == [Sent("email", 1, "sent")]


def test_a_feed_reader_reads_the_feed(engine: Engine, hooked: Tell, tmp_path: Path) -> None:
    settings = Alerts(feed=Feed(path="web/alerts.atom"))
    hooked(settings)
    publish(engine, "a", "b")
    hooked(settings)
    file = tmp_path / "web" / "alerts.atom"
    found = feedparser.parse(file.read_bytes())
    assert not found.bozo
    assert [entry.title for entry in found.entries] == [
        "new relevant page: 旁多派出所采血工作",
        "new relevant page: 旁多派出所采血工作",
        "watch begun: Alerts begin here",
    ]
    assert {entry.link for entry in found.entries[:2]} == {URL.format("a"), URL.format("b")}
    assert len({entry.id for entry in found.entries}) == 3
    before = file.read_bytes()
    hooked(settings)
    assert file.read_bytes() == before, "a feed that says nothing new stays as it is"
    assert [each.name for each in file.parent.iterdir()] == ["alerts.atom"]


def test_a_feed_that_cannot_be_written_holds_up_nobody(
    hooked: Tell, receiver: Receiver, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    sent, feed = hooked(Alerts(webhook=Webhook(url=receiver.url), feed=Feed(path="file/alerts.atom")))
    assert sent.state == "sent"
    assert (feed.channel, feed.state) == ("feed", "waiting")
    assert "cannot write the feed" in (feed.error or "")


def test_one_process_sends_at_a_time_and_a_dead_one_is_not_waited_for_long(
    engine: Engine, hooked: Tell, receiver: Receiver
) -> None:
    now = datetime.now(UTC)
    with engine.begin() as connection:
        leases.take(connection, LEASE, "another", 60, now)
    with pytest.raises(Busy):
        hooked()
    with engine.begin() as connection:
        leases.renew(connection, LEASE, "another", -1, now - timedelta(seconds=1))
    assert hooked() == [Sent("webhook", 1, "sent")]


SENDER = """
import sys
from pathlib import Path
from alerts.deliver import tell
from db.session import connect
from workspace.alerting import Alerts
settings = Alerts.model_validate({"webhook": {"url": sys.argv[2]}})
tell(connect(sys.argv[1]), settings, Path(sys.argv[3]), min_free_bytes=0, at_once=True)
"""


def test_a_sender_killed_with_a_message_under_way_leaves_it_unsure(
    engine: Engine, database: str, hooked: Tell, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.silent.set()
    words = [sys.executable, "-c", SENDER, database, receiver.url, str(tmp_path)]
    with subprocess.Popen(words) as sender:
        assert receiver.got_one.wait(60), "the message is out"
        os.kill(sender.pid, signal.SIGKILL)
    receiver.silent.clear()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM lease")
    assert hooked() == []
    (alert,) = store.listed(engine, 5, undelivered=True)
    assert alert["channels"]["webhook"]["state"] == "unsure"
    assert len(receiver.posted) == 1
